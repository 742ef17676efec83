import JSON
import Synchronization
import Transport

/// One page of a list of pods.
struct PodPage: Sendable {
    /// The page's pods.
    var pods: [Pod]
    /// The list's resource version.
    var resourceVersion: String
    /// The `continue` token; `nil` on the last page.
    var next: String?
}

/// Decodes a page of pods while it arrives: what we read of one object is in memory at a time, whatever the size of the
/// objects and of the page.
final class PodPageSink: BodySink {
    private struct State {
        var sieve = JSONSieve(.podList)
        var splitter: ItemSplitter
        var pods: [Pod] = []
        var failure: KubernetesError?

        mutating func take(_ bytes: [UInt8]) throws(KubernetesError) {
            let items: [[UInt8]]
            do throws(ItemSplitter.Failure) {
                items = try splitter.items(in: sieve.sifted(bytes))
            } catch {
                throw .garbled(detail: "a list: \(error.detail)")
            }
            for item in items {
                // A pod that cannot be read must not keep the others here; every pod that the server admits can be read.
                guard let pod = try? JSON.decode(PodBody.self, from: item).pod else { continue }
                pods.append(pod)
            }
        }

        func envelope() throws(KubernetesError) -> [UInt8] {
            if let failure {
                throw failure
            }
            do throws(ItemSplitter.Failure) {
                return try splitter.finished()
            } catch {
                throw .garbled(detail: "a list: \(error.detail)")
            }
        }
    }

    private let state: Mutex<State>

    /// A sink that refuses items of more than `itemLimit` bytes.
    init(itemLimit: Int) {
        state = Mutex(State(splitter: ItemSplitter(itemLimit: itemLimit)))
    }

    /// Takes one piece of the body; `false` once the page is known to be unusable.
    func receive(_ bytes: [UInt8]) -> Bool {
        state.withLock { state in
            do throws(KubernetesError) {
                try state.take(bytes)
                return true
            } catch {
                state.failure = error
                return false
            }
        }
    }

    /// The whole page, once the body has ended.
    func page() throws(KubernetesError) -> PodPage {
        let state = state.withLock { $0 }
        let envelope = try JSON.decode(ListEnvelope.self, from: state.envelope())
        guard let resourceVersion = envelope.metadata.resourceVersion, !resourceVersion.isEmpty else {
            throw .garbled(detail: "a list without a resourceVersion")
        }
        let next = envelope.metadata.continue.flatMap { $0.isEmpty ? nil : $0 }
        return PodPage(pods: state.pods, resourceVersion: resourceVersion, next: next)
    }
}

/// What a list says beside its items.
private struct ListEnvelope: JSONReadable {
    struct Metadata: JSONReadable {
        var resourceVersion: String?
        var `continue`: String?

        init(json: JSONValue) throws(JSONMismatch) {
            let members = try json.object()
            resourceVersion = try members.optional("resourceVersion")
            `continue` = try members.optional("continue")
        }
    }

    /// Stands for the items that were cut out; anything but an empty array or `null` here is not a list.
    struct Nothing: JSONReadable {
        init(json: JSONValue) {}
    }

    var metadata: Metadata
    var items: [Nothing]?

    init(json: JSONValue) throws(JSONMismatch) {
        let members = try json.object()
        metadata = try members.required("metadata")
        items = try members.optional("items")
    }
}
