import Synchronization

/// The lines that a server has read, from any thread.
final class Transcript: Sendable {
    private let content = Mutex<[String]>([])

    var lines: [String] { content.withLock { $0 } }

    func append(_ line: String) {
        content.withLock { $0.append(line) }
    }
}
