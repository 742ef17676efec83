import CLibcurl

/// A thread that owns a libcurl multi handle, and the way to ask it for transfers.
final class CurlDriver: Sendable {
    private let mailbox: CurlMailbox
    private let thread: OwnerThread

    /// Runs tasks on the driver's thread.
    let executor: LoopExecutor

    /// Starts the thread.
    init(threadName: String) throws(TransportError) {
        guard Self.library == CURLE_OK, let handle = unsafe curl_multi_init() else {
            throw .unsendable(detail: "libcurl cannot be initialised")
        }
        // Safe to share: only the loop uses it, but for the mailbox's curl_multi_wakeup, which libcurl documents as
        // thread-safe.
        nonisolated(unsafe) let multi = unsafe handle
        let mailbox = unsafe CurlMailbox(waking: multi)
        do throws(TransportError) {
            thread = try OwnerThread(name: threadName) {
                var loop = unsafe CurlLoop(mailbox: mailbox, owning: multi)
                loop.run()
            }
        } catch {
            unsafe curl_multi_cleanup(multi)
            throw error
        }
        self.mailbox = mailbox
        executor = LoopExecutor(mailbox: mailbox)
    }

    deinit {
        close()
    }

    /// Runs a transfer to its end; cancelling the task ends it with `cancelled`.
    func perform(
        _ work: Order.Work, repeating repetition: Repetition? = nil
    ) async -> Result<HTTPResponse, TransportError> {
        let ticket = Ticket()
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let order = Order(
                    ticket: ticket, work: work, repetition: repetition, continuation: continuation)
                if let refusal = ticket.begin({ mailbox.post(.start(order)) }) {
                    continuation.resume(returning: .failure(refusal))
                }
            }
        } onCancel: {
            // A closed mailbox has answered every order with `closed` already.
            ticket.cancel { _ = mailbox.post(.cancel(ticket)) }
        }
    }

    /// Waits that long; `false` when the task was cancelled first, or the driver closed.
    func pause(for duration: Duration) async -> Bool {
        let due = LoopClock.instant(in: duration)
        let ticket = Ticket()
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let alarm = Alarm(ticket: ticket, due: due, continuation: continuation)
                if ticket.begin({ mailbox.post(.wake(alarm)) }) != nil {
                    continuation.resume(returning: false)
                }
            }
        } onCancel: {
            // A closed mailbox has woken everybody already.
            ticket.cancel { _ = mailbox.post(.cancel(ticket)) }
        }
    }

    /// Cuts the connections to that origin, in `URLParts.comparableOrigin` spelling.
    func abandonConnections(to origin: String) {
        // A closed mailbox has no connections left.
        _ = mailbox.post(.abandon(origin: origin))
    }

    /// Lets go of what only a next request could use; does nothing while something is in flight.
    func rest() {
        // A closed mailbox has nothing any more.
        _ = mailbox.post(.rest)
    }

    /// Ends everything in flight with `closed` and waits for the thread; more than once does no harm.
    func close() {
        // A closed mailbox means that somebody else closes it: wait with him.
        _ = mailbox.post(.close)
        thread.join()
    }

    /// libcurl's global state: made once, before the first handle, never torn down.
    private static let library = curl_global_init(Int(CURL_GLOBAL_DEFAULT))
}
