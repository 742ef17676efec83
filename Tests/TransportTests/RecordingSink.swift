import Synchronization
import Transport

/// Keeps what it is given, and refuses when told to.
final class RecordingSink: BodySink {
    private struct Record {
        var heads: [HTTPResponse] = []
        var pieces: [[UInt8]] = []
        var waiter: CheckedContinuation<Void, Never>?
    }

    private let record = Mutex(Record())
    private let acceptingHead: Bool
    private let acceptingPieces: Int

    init(acceptingHead: Bool = true, acceptingPieces: Int = .max) {
        self.acceptingHead = acceptingHead
        self.acceptingPieces = acceptingPieces
    }

    var heads: [HTTPResponse] { record.withLock { $0.heads } }
    var pieces: [[UInt8]] { record.withLock { $0.pieces } }
    var bytes: [UInt8] { pieces.flatMap(\.self) }

    func begin(_ head: HTTPResponse) -> Bool {
        record.withLock { $0.heads.append(head) }
        return acceptingHead
    }

    func receive(_ bytes: [UInt8]) -> Bool {
        let waiter = record.withLock { record in
            record.pieces.append(bytes)
            return record.waiter.take()
        }
        waiter?.resume()
        return record.withLock { $0.pieces.count <= acceptingPieces }
    }

    /// Returns as soon as a piece has arrived.
    func firstPiece() async {
        await withCheckedContinuation { continuation in
            let isThere = record.withLock { record in
                if record.pieces.isEmpty { record.waiter = continuation }
                return !record.pieces.isEmpty
            }
            if isThere { continuation.resume() }
        }
    }
}
