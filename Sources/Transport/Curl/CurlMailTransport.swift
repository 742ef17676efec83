/// Mail by libcurl's SMTP, on a thread of its own: libcurl waits for the answer to QUIT by blocking, and a mail server
/// that keeps us waiting must not hold up anything else.
public final class CurlMailTransport: MailTransport {
    private let driver: CurlDriver
    private let authorities: TLSTrust.Material?

    /// Starts the transport's thread; throws `unsendable` if the system gives none.
    ///
    /// `authorities` are trusted instead of the system's by messages that name none.
    public init(authorities: TLSTrust.Material? = nil) throws(TransportError) {
        self.authorities = authorities
        driver = try CurlDriver(threadName: "mail")
    }

    /// Sends the message; returning means that the server has taken it for all recipients.
    ///
    /// A server that does not answer the goodbye delays the return by as much as the message's timeout once more.
    public func send(_ message: MailMessage) async throws(TransportError) {
        var message = message
        message.trust = message.trust.falling(backOn: authorities)
        _ = try await driver.perform(.mail(message)).get()
    }

    /// Fails what is in flight, and every later message, with `closed`; returns when the thread has ended.
    public func close() {
        driver.close()
    }
}
