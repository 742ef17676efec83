import FoundationEssentials
import Simulators
import Testing

/// Mail to a real server, aiosmtpd, that wants STARTTLS and a login, by the real binary.
@Suite(.timeLimit(.minutes(10))) struct `Mail` {
    private static let password = "a password with spaces, ü and \"quotes\""

    @Test func `tells of the notice and of its outcome over STARTTLS`() async throws {
        let mails = try await play { stage, environment in
            try await stage.handler(Stage.quick, environment) { handler in
                await stage.untilListening()
                await stage.playSpotNotice()
                for message in ["seen", "outcome"] {
                    let told = ["notification delivered", #""channel":"mail""#, #""notification":"\#(message)""#]
                    _ = await handler.line { line in told.allSatisfy { line.contains($0) } }
                }
            }
            #expect(stage.podNames.isEmpty)
        }
        #expect(mails.count == 2)
        #expect(mails.allSatisfy { $0["tls"]?.bool == true && $0["login"]?.string == "story" })
        #expect(mails.allSatisfy { $0["from"]?.string == "node@example.org" })
        #expect(mails.allSatisfy { $0["to"]?.array?.compactMap(\.string) == ["ops@example.org", "boss@example.org"] })
        #expect(mails.first?["text"]?.string?.contains("spot terminate") == true)
        #expect(mails.last?["text"]?.string?.contains("Outcome: empty") == true)
        #expect(mails.last?["references"]?.string?.contains(mails.first?["id"]?.string ?? "-") == true, "\(mails)")
    }

    @Test func `is tried by the test command, which says what to mend`() async throws {
        let mails = try await play { stage, environment in
            let good = try await stage.command(["notify", "--test", "--channel", "mail"], environment)
            #expect(good.end == .exited(0))
            #expect(good.lines.contains { $0.hasPrefix("ok") && $0.contains("2 recipients") }, "\(good.lines)")

            var stranger = environment
            stranger["SMTP_PASSWORD"] = "another"
            let refused = try await stage.command(["notify", "--test", "--channel", "mail"], stranger)
            #expect(refused.end == .exited(1))
            #expect(
                refused.lines.contains { $0.hasPrefix("FAILED") && $0.contains("login refused") }, "\(refused.lines)")

            var distrustful = environment
            distrustful["SSL_CERT_FILE"] = nil
            let untrusted = try await stage.command(["notify", "--test", "--channel", "mail"], distrustful)
            #expect(untrusted.end == .exited(1))
            #expect(untrusted.lines.contains { $0.hasPrefix("FAILED") && $0.contains("TLS") }, "\(untrusted.lines)")
        }
        #expect(mails.count == 1)
    }

    /// The mails that came while `story` played with the variables of the mail channel.
    private func play(
        _ story: @Sendable (Stage, [String: String]) async throws -> Void
    ) async throws -> [KubernetesJSON] {
        let lines = Lines()
        try await Stage.play { stage in
            let certificates = stage.lab.certificates
            let files = [
                "certificate": certificates.serverPEM, "key": certificates.serverKeyPEM,
                "authority": certificates.authorityPEM,
            ]
            for (name, text) in files {
                try text.write(toFile: "\(stage.folder)/\(name).pem", atomically: true, encoding: .utf8)
            }
            let server = [
                "SMTP_CERTIFICATE": stage.folder + "/certificate.pem", "SMTP_KEY": stage.folder + "/key.pem",
                "SMTP_LOGIN": "story", "SMTP_PASSWORD": Self.password,
            ]
            let outcome = try await PythonProgram.run("smtp_server.py", environment: server) { ready, _ in
                let port = try #require(ready["port"]?.integer)
                try await story(
                    stage,
                    [
                        "SMTP_URL": "smtp://localhost:\(port)", "SMTP_FROM": "node@example.org",
                        "SMTP_TO": "ops@example.org, boss@example.org", "SMTP_USERNAME": "story",
                        "SMTP_PASSWORD": Self.password, "SSL_CERT_FILE": stage.folder + "/authority.pem",
                    ])
            }
            await lines.set(outcome.lines)
        }
        return await lines.all.filter { $0["subject"] != nil }
    }
}

/// What a server said while a story played.
private actor Lines {
    private(set) var all: [KubernetesJSON] = []

    func set(_ lines: [KubernetesJSON]) { all = lines }
}
