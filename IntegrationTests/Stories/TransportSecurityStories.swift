import Simulators
import Testing

/// What the real binary accepts of a server over TLS.
@Suite(.timeLimit(.minutes(10))) struct `A connection over TLS` {
    /// An OpenSSL that allows everything, as an administrator's file could: what is refused then, the handler itself refuses.
    private static let lenient = """
        openssl_conf = settings
        [settings]
        ssl_conf = ssl
        [ssl]
        system_default = lenient
        [lenient]
        MinProtocol = TLSv1
        CipherString = DEFAULT@SECLEVEL=0

        """

    @Test(arguments: [false, true])
    func `is made with TLS 1.2 or newer, whatever OpenSSL's own settings allow`(isStuckAtTLS11: Bool) async throws {
        try await Stage.play { stage in
            let inbox = WebhookService()
            var configuration = LabServerConfiguration(certificates: stage.lab.certificates, offersHTTP2: false)
            configuration.isStuckAtTLS11 = isStuckAtTLS11
            let server = LabServer(inbox, configuration: configuration)
            let port = try await server.start()
            try stage.write(stage.lab.certificates.authorityPEM, to: "authority.pem")
            try stage.write(Self.lenient, to: "openssl.cnf")

            // Who does accept TLS 1.1 is answered, so that a refusal is no accident of the server's.
            let old = try stage.lab.certificates.oldClientConfiguration()
            #expect(try await LabClient(port: port, tls: old).send("GET", "/hook").status == 200)
            let outcome = try await stage.command(
                ["notify", "--test", "--channel", "webhook"],
                [
                    "WEBHOOK_URL": "https://127.0.0.1:\(port)/hook", "SSL_CERT_FILE": stage.folder + "/authority.pem",
                    "OPENSSL_CONF": stage.folder + "/openssl.cnf",
                ])
            await server.stop()
            #expect(outcome.end == .exited(isStuckAtTLS11 ? 1 : 0), "\(outcome.lines)")
            #expect(inbox.received(at: "/hook").count { $0.request.method == "POST" } == (isStuckAtTLS11 ? 0 : 1))
            #expect(outcome.lines.contains { $0.hasPrefix(isStuckAtTLS11 ? "FAILED" : "ok") }, "\(outcome.lines)")
        }
    }

    @Test func `that is redirected elsewhere goes nowhere`() async throws {
        try await Stage.play { stage in
            let elsewhere = "\(stage.lab.address(of: .webhooks) ?? "")/elsewhere"
            for status in [301, 302, 303, 307, 308] {
                stage.lab.webhooks.answerNext(
                    LabResponse(status: status, headers: [(name: "Location", value: elsewhere)]), to: "/hook")
            }
            for _ in 0..<5 {
                let outcome = try await stage.command(
                    ["notify", "--test", "--channel", "webhook"],
                    ["WEBHOOK_URL": "\(stage.lab.address(of: .webhooks) ?? "")/hook"])
                #expect(outcome.end == .exited(1), "\(outcome.lines)")
            }
            #expect(stage.lab.webhooks.received(at: "/elsewhere").isEmpty)
            #expect(stage.lab.webhooks.received(at: "/hook").count >= 5)
        }
    }
}
