import FoundationEssentials
import Simulators
import Testing

/// Every way to sign in that a kubeconfig can name, by the real binary over TLS.
@Suite struct `A kubeconfig` {
    private func plan(_ stage: Stage, user: String) async throws -> (RunningProgram.End, String) {
        let text = (stage.lab.kubeconfig ?? "").replacing("token: lab-token", with: user)
        try text.write(toFile: stage.kubeconfig, atomically: true, encoding: .utf8)
        let outcome = try await stage.command(["plan", Stage.node])
        return (outcome.end, outcome.lines.joined(separator: "\n"))
    }

    @Test func `signs in by token`() async throws {
        try await Stage.play { stage in
            let (end, text) = try await plan(stage, user: "token: lab-token")
            #expect(end == .exited(0), "\(text)")
            #expect(text.contains("3 leaves"))
        }
    }

    @Test func `signs in by client certificate`() async throws {
        try await Stage.play { stage in
            let identity = try stage.lab.certificates.identity(user: "jane", groups: ["system:masters"])
            let certificate = Data(identity.certificatePEM.utf8).base64EncodedString()
            let key = Data(identity.keyPEM.utf8).base64EncodedString()
            let user = "client-certificate-data: \(certificate)\n    client-key-data: \(key)"
            let (end, text) = try await plan(stage, user: user)
            #expect(end == .exited(0), "\(text)")
            #expect(stage.cluster.requests.contains { $0.user == "jane" })
        }
    }

    @Test func `signs in by an exec plugin, whose failure is told without what it printed`() async throws {
        try await Stage.play { stage in
            let plugin = stage.folder + "/plugin"
            let answer =
                #"{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"lab-token"}}"#
            try "#!/bin/sh\necho '\(answer)'\n".write(toFile: plugin, atomically: true, encoding: .utf8)
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: plugin)
            let user = """
                exec:
                      apiVersion: client.authentication.k8s.io/v1
                      command: \(plugin)
                      interactiveMode: Never
                """
            let (end, text) = try await plan(stage, user: user)
            #expect(end == .exited(0), "\(text)")
            try "#!/bin/sh\necho s3cret; exit 7\n".write(toFile: plugin, atomically: true, encoding: .utf8)
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: plugin)
            let (failed, words) = try await plan(stage, user: user)
            #expect(failed == .exited(1))
            #expect(words.contains("plugin") && !words.contains("s3cret"))
        }
    }

    @Test func `with a token that is refused says so`() async throws {
        try await Stage.play { stage in
            let (end, text) = try await plan(stage, user: "token: wrong")
            #expect(end == .exited(1))
            #expect(text.contains("token"))
            #expect(!text.contains("wrong"))
        }
    }
}
