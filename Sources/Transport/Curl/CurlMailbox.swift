import CLibcurl
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// What others may ask of the loop.
enum Message: Sendable {
    /// Begin a transfer and answer its continuation.
    case start(Order)
    /// Wake a sleeper at its time.
    case wake(Alarm)
    /// End that transfer with `cancelled`, or that sleep; ignored if it has ended.
    case cancel(Ticket)
    /// Keep nothing that only a next request could use.
    case rest
    /// Run a task's next piece.
    case run(Errand)
    /// End what is in flight to that origin (in `URLParts.comparableOrigin` spelling) and cut its connections.
    case abandon(origin: String)
    /// End everything with `closed`, and the thread.
    case close
}

/// A transfer to be begun.
struct Order: Sendable {
    /// Its identity.
    let ticket: Ticket
    /// What to do.
    let work: Work
    /// How often it is done again; `nil` for once.
    let repetition: Repetition?
    /// Resumed exactly once, by whoever ends the transfer: the loop, or the driver if the mailbox did not take the
    /// order.
    let continuation: CheckedContinuation<Result<HTTPResponse, TransportError>, Never>

    /// The two kinds of transfer.
    enum Work: Sendable {
        /// An HTTP exchange; the body of a 2xx answer goes to the sink if there is one.
        case http(HTTPRequest, sink: (any BodySink)?)
        /// A mail; the answer's status is the server's last reply code.
        case mail(MailMessage)
    }
}

/// The only thing that other threads share with the loop: messages in order, and libcurl's wake-up call.
final class CurlMailbox: Sendable {
    /// Orders that may wait for the loop to look; it looks within microseconds, so more means that somebody has lost
    /// all measure.
    static let capacity = 10_000

    /// Safe: the pointer is used under the lock and while it is not `nil` only.
    @safe private struct Contents {
        var messages: [Message] = []
        /// Valid until `retire`, which happens before the loop frees it.
        var multi: UnsafeMutableRawPointer?
        /// The loop's thread, which looks by itself before it sleeps.
        var reader: pthread_t?

        /// Whether this is called on the loop's thread.
        var isReading: Bool { reader.map { pthread_equal($0, pthread_self()) != 0 } ?? false }
    }

    private let contents: Mutex<Contents>

    /// A mailbox whose messages wake the poll of that multi handle.
    init(waking multi: sending UnsafeMutableRawPointer) {
        unsafe contents = Mutex(Contents(multi: multi))
    }

    /// Queues a message and wakes the loop; gives the reason if it was not queued.
    func post(_ message: Message) -> TransportError? {
        contents.withLock { contents in
            guard let multi = unsafe contents.multi else { return .closed }
            if case .start = message, contents.messages.count >= Self.capacity {
                return .unsendable(detail: "more than \(Self.capacity) requests at once")
            }
            contents.messages.append(message)
            // Under the lock: otherwise the loop could retire and free the handle in between. Once is enough for any
            // number of messages, because the loop takes them all after each wake-up.
            if contents.messages.count == 1, !contents.isReading {
                unsafe curl_multi_wakeup(multi)
            }
            return nil
        }
    }

    /// Says that the calling thread is the one that reads, and that it never sleeps without having looked.
    func adopt() {
        contents.withLock { $0.reader = pthread_self() }
    }

    /// Whether nothing waits.
    var isEmpty: Bool {
        contents.withLock { $0.messages.isEmpty }
    }

    /// Moves all messages into `taken`, which must be empty; the two arrays trade places, so neither is allocated
    /// again.
    func takeAll(into taken: inout [Message]) {
        contents.withLock { contents in
            swap(&contents.messages, &taken)
        }
    }

    /// Takes nothing any more, and forgets the multi handle; gives back what nobody has looked at.
    func retire() -> [Message] {
        contents.withLock { contents in
            unsafe contents.multi = nil
            let unread = contents.messages
            contents.messages = []
            return unread
        }
    }
}
