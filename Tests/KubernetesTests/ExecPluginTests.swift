import Testing
import Transport

@testable import Kubernetes

@Suite struct `An exec plugin` {
    private static let version = "client.authentication.k8s.io/v1"
    private let folder: PluginFolder
    private let clock = ManualClock()

    init() throws {
        folder = try PluginFolder()
    }

    private func plugin(
        _ command: String, _ arguments: [String] = [], cluster: ExecPlugin.ClusterInfo? = nil
    ) -> ExecPlugin {
        ExecPlugin(
            apiVersion: Self.version, command: command, arguments: arguments,
            environment: ["GREETING": "hello", "FOLDER": folder.path], cluster: cluster)
    }

    private func answer(_ status: String, version: String = version) -> String {
        #"echo '{"apiVersion":"\#(version)","kind":"ExecCredential","status":\#(status)}'"#
    }

    private func run(_ plugin: ExecPlugin) async throws(KubernetesError) -> ExecCredential {
        try await plugin.credential(
            within: .seconds(10), in: surroundings(["PATH": "/usr/bin:/bin", "OWN": "kept"], clock: clock))
    }

    @Test func `its token and expiry are read`() async throws {
        let status = #"{"token":"abc","expirationTimestamp":"2026-11-21T00:00:10Z"}"#
        let credential = try await run(plugin(folder.script("p", answer(status))))
        #expect(credential == ExecCredential(identity: Identity(token: Secret("abc")), expiry: 1_795_219_210))
    }

    @Test func `a certificate, and an expiry with fractions, are read`() async throws {
        let status =
            #"{"clientCertificateData":"C","clientKeyData":"K","expirationTimestamp":"2026-11-21T00:00:10.5+00:00"}"#
        let credential = try await run(plugin(folder.script("p", answer(status))))
        #expect(credential.identity == Identity(certificate: .pem(Secret("C")), key: .pem(Secret("K"))))
        #expect(credential.expiry == 1_795_219_210)
    }

    @Test func `it gets its arguments, its variables, ours, and word of what is expected`() async throws {
        let script = try folder.script(
            "p",
            #"printf '%s|' "$1" "$2" "$GREETING" "$OWN" "$KUBERNETES_EXEC_INFO" > "$FOLDER/seen""# + "\n"
                + answer(#"{"token":"abc"}"#))
        let cluster = ExecPlugin.ClusterInfo(
            server: "https://s", tlsServerName: "n", authorities: "QQ==",
            config: .mapping([.init(name: "audience", value: .scalar("x", isPlain: true))]))
        _ = try await run(plugin(script, ["a b", "$HOME"], cluster: cluster))
        #expect(
            folder.contents("seen") == """
                a b|$HOME|hello|kept|{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential",\
                "spec":{"cluster":{"certificate-authority-data":"QQ==","config":{"audience":"x"},"server":"https://s",\
                "tls-server-name":"n"},"interactive":false}}|
                """)
    }

    @Test func `a name is found in PATH`() async throws {
        _ = try folder.script("find-me", answer(#"{"token":"abc"}"#))
        let credential = try await plugin("find-me").credential(
            within: .seconds(10), in: surroundings(["PATH": folder.path + ":/bin"], clock: clock))
        #expect(credential.identity.token == Secret("abc"))
    }

    @Test(arguments: [
        ("echo s3cret; exit 3", "failed"),
        ("echo s3cret", "did not print an ExecCredential"),
        ("true", "did not print an ExecCredential"),
        ("head -c 300000 /dev/zero", "printed more than 262144 bytes"),
        (
            #"echo '{"apiVersion":"v0","kind":"ExecCredential","status":{"token":"s3cret"}}'"#,
            "is not an ExecCredential of"
        ),
        (
            #"echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{}}'"#,
            "neither token nor certificate"
        ),
        (
            #"echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"s3 cret"}}'"#,
            "is not a token"
        ),
        (
            #"echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"clientKeyData":"s3cret"}}'"#,
            "without its key"
        ),
        (
            #"echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"s3cret","expirationTimestamp":"soon"}}'"#,
            "not RFC 3339"
        ),
    ])
    func `what goes wrong is told without what it printed`(_ script: String, _ words: String) async throws {
        let file = try folder.script("p", script)
        let error = await #expect(throws: KubernetesError.self) { try await run(plugin(file)) }
        guard case .credentialsUnavailable(let detail) = error else {
            Issue.record("another error: \(String(describing: error))")
            return
        }
        #expect(detail.contains(words), "\(detail)")
        #expect(!detail.contains("s3"))
    }

    @Test func `a command that is not there is told`() async throws {
        await #expect(throws: KubernetesError.credentialsUnavailable(detail: "the exec plugin no-such was not found")) {
            try await run(plugin("no-such"))
        }
    }

    @Test func `one that does not end is killed when its time is over`() async throws {
        let file = try folder.script("p", "sleep 1000")
        async let outcome = Result { try await run(plugin(file)) }
        await clock.sleepers(atLeast: 1)
        clock.advance(by: .seconds(10))
        let failure = await outcome
        #expect(
            throws: KubernetesError.credentialsUnavailable(
                detail: "the exec plugin \(file) did not end within 10.0 seconds")
        ) {
            try failure.get()
        }
    }

    @Test func `its answer is kept until shortly before its end`() async throws {
        let file = try folder.script(
            "p",
            #"echo x >> "$FOLDER/runs""# + "\n"
                + answer(#"{"token":"abc","expirationTimestamp":"2026-11-21T00:00:10Z"}"#))
        let now = Box(1_795_219_000)
        var world = surroundings(["PATH": "/usr/bin:/bin"], clock: clock)
        world.secondsSince1970 = { now.value }
        let source = ExecIdentity(plugin(file), surroundings: world)
        _ = try await source.identity()
        _ = try await source.identity()
        #expect(folder.contents("runs") == "x\n")
        now.set(1_795_219_201)
        _ = try await source.identity()
        #expect(folder.contents("runs") == "x\nx\n")
    }

    @Test func `after a refusal it is asked again, and the same answer is told as nothing newer`() async throws {
        // Prints t0 the first two times, and t1 from the third on.
        let file = try folder.script(
            "p",
            #"n=$(ls "$FOLDER" | grep -c mark); touch "$FOLDER/mark$n""# + "\n"
                + answer(#"{"token":"t'$((n>1))'"}"#))
        let source = ExecIdentity(plugin(file), surroundings: surroundings(["PATH": "/usr/bin:/bin"], clock: clock))
        let first = try await source.identity()
        #expect(first.token == Secret("t0"))
        #expect(try await source.identity(replacing: first) == nil)
        #expect(try await source.identity(replacing: first)?.token == Secret("t1"))
    }
}

extension Result where Failure == any Error {
    /// The outcome of asynchronous work.
    init(_ work: () async throws -> Success) async {
        do {
            self = .success(try await work())
        } catch {
            self = .failure(error)
        }
    }
}
