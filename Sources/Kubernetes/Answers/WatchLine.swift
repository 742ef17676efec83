import JSON

/// One line of a watch of objects.
struct WatchLine<Object: JSONReadable & Sendable>: JSONReadable, Sendable {
    /// What a line can say.
    enum Content: Sendable {
        /// The object is there, as it is now.
        case present(Object)
        /// The object is gone.
        case gone(ObjectMeta)
        /// Nothing happened up to here.
        case bookmark(resourceVersion: String)
        /// The watch cannot go on.
        case error(StatusBody)
        /// A type that later servers may add says nothing to us.
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

    /// What this line says.
    let content: Content

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
            default: .unknown
            }
    }
}

extension PodWatchEvent {
    /// What a line of a watch of pods says; `nil` for what is no event.
    init?(_ content: WatchLine<PodBody>.Content) {
        switch content {
        case .present(let body): self = .present(body.pod, resourceVersion: body.metadata.resourceVersion ?? "")
        case .gone(let metadata):
            self = .gone(metadata.podReference, resourceVersion: metadata.resourceVersion ?? "")
        case .bookmark(let resourceVersion): self = .bookmark(resourceVersion: resourceVersion)
        case .error, .unknown: return nil
        }
    }
}
