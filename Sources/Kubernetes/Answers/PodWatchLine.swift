import JSON

/// One line of a watch of pods.
struct PodWatchLine: JSONReadable {
    private enum Content {
        case present(PodBody)
        case gone(ObjectMeta)
        case bookmark(resourceVersion: String)
        case error(StatusBody)
        case unknown
    }

    /// An object of which only the version counts: a bookmark has nothing else.
    private struct Versioned: JSONReadable {
        struct Metadata: JSONReadable {
            var resourceVersion: String

            init(json: JSONValue) throws(JSONMismatch) {
                resourceVersion = try json.object().required("resourceVersion")
            }
        }
        var metadata: Metadata

        init(json: JSONValue) throws(JSONMismatch) {
            metadata = try json.object().required("metadata")
        }
    }

    private struct Named: JSONReadable {
        var metadata: ObjectMeta

        init(json: JSONValue) throws(JSONMismatch) {
            metadata = try json.object().required("metadata")
        }
    }

    private let content: Content

    /// Reads the type first, and then of the object what that type needs.
    init(json: JSONValue) throws(JSONMismatch) {
        let members = try json.object()
        let type: String = try members.required("type")
        content =
            switch type {
            case "ADDED", "MODIFIED": .present(try members.required("object"))
            case "DELETED": .gone(try (members.required("object") as Named).metadata)
            case "BOOKMARK":
                .bookmark(resourceVersion: try (members.required("object") as Versioned).metadata.resourceVersion)
            case "ERROR": .error(try members.required("object"))
            // A type that later servers may add says nothing to us.
            default: .unknown
            }
    }

    /// The event; `nil` for a type that we don't know. Throws what an `ERROR` says: `expired`, mostly.
    func event() throws(KubernetesError) -> PodWatchEvent? {
        switch content {
        case .present(let body):
            return .present(body.pod, resourceVersion: body.metadata.resourceVersion ?? "")
        case .gone(let metadata):
            return .gone(metadata.podReference, resourceVersion: metadata.resourceVersion ?? "")
        case .bookmark(let resourceVersion):
            return .bookmark(resourceVersion: resourceVersion)
        case .error(let status):
            throw KubernetesError(status, code: status.code ?? 500, retryAfter: nil)
        case .unknown:
            return nil
        }
    }
}
