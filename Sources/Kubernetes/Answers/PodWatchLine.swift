/// One line of a watch of pods.
struct PodWatchLine: Decodable {
    private enum Content {
        case present(PodBody)
        case gone(ObjectMeta)
        case bookmark(resourceVersion: String)
        case error(StatusBody)
        case unknown
    }

    private enum Keys: String, CodingKey {
        case type
        case object
    }

    /// An object of which only the version counts: a bookmark has nothing else.
    private struct Versioned: Decodable {
        struct Metadata: Decodable {
            var resourceVersion: String
        }
        var metadata: Metadata
    }

    private struct Named: Decodable {
        var metadata: ObjectMeta
    }

    private let content: Content

    /// Reads the type first, and then of the object what that type needs.
    init(from decoder: any Decoder) throws {
        let line = try decoder.container(keyedBy: Keys.self)
        content =
            switch try line.decode(String.self, forKey: .type) {
            case "ADDED", "MODIFIED": .present(try line.decode(PodBody.self, forKey: .object))
            case "DELETED": .gone(try line.decode(Named.self, forKey: .object).metadata)
            case "BOOKMARK":
                .bookmark(
                    resourceVersion: try line.decode(Versioned.self, forKey: .object).metadata.resourceVersion)
            case "ERROR": .error(try line.decode(StatusBody.self, forKey: .object))
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
