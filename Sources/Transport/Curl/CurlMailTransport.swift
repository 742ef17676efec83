import Synchronization

/// Mail by libcurl's SMTP, on a thread of its own: libcurl waits for the answer to QUIT by blocking, and a mail server
/// that keeps us waiting must not hold up anything else. The thread is started for the first message.
public final class CurlMailTransport: MailTransport {
    private struct State {
        var driver: CurlDriver?
        var isClosed = false
    }

    private let state = Mutex(State())
    private let authorities: TLSTrust.Material?

    /// A transport that has nothing to do yet. `authorities` are trusted instead of the system's by messages that name none.
    public init(authorities: TLSTrust.Material? = nil) {
        self.authorities = authorities
    }

    deinit {
        close()
    }

    /// Sends the message; returning means that the server has taken it for all recipients. Throws `unsendable` if the
    /// system gives no thread.
    ///
    /// A server that does not answer the goodbye delays the return by as much as the message's timeout once more.
    public func send(_ message: MailMessage) async throws(TransportError) {
        var message = message
        message.trust = message.trust.falling(backOn: authorities)
        _ = try await driver().perform(.mail(message)).get()
    }

    /// Fails what is in flight, and every later message, with `closed`; returns when the thread has ended.
    public func close() {
        let driver = state.withLock { state in
            state.isClosed = true
            return state.driver
        }
        driver?.close()
    }

    private func driver() throws(TransportError) -> CurlDriver {
        try state.withLock { state throws(TransportError) in
            if state.isClosed { throw .closed }
            if let driver = state.driver { return driver }
            let driver = try CurlDriver(threadName: "mail")
            state.driver = driver
            return driver
        }
    }
}
