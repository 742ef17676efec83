import FoundationEssentials
import TestSupport
import Testing
import Transport

@testable import Kubernetes

private let pem = Data("-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n".utf8).base64EncodedString()

/// A kubeconfig of one cluster, user and context, made of the fields of a test.
private func kubeconfig(cluster: String = "server: https://api.test:6443", user: String = "token: s3cret") -> String {
    """
    apiVersion: v1
    kind: Config
    current-context: here
    clusters:
    - name: c
      cluster: {\(cluster)}
    users:
    - name: u
      user: {\(user)}
    contexts:
    - name: here
      context: {cluster: c, user: u}
    """
}

@Suite struct `A kubeconfig` {
    private func read(
        _ files: [String: String], path: String? = "/k/config", context: String? = nil,
        _ environment: [String: String] = [:]
    ) throws(ConfigurationProblems) -> ClusterConfiguration {
        try .kubeconfig(at: path, context: context, in: surroundings(environment, files: files))
    }

    @Test func `server, authorities and token of the current context are read`() async throws {
        let text = kubeconfig(
            cluster: "server: 'https://api.test:6443/k8s/c1/', certificate-authority-data: \(pem), tls-server-name: api"
        )
        let configuration = try read(["/k/config": text])
        #expect(configuration.server == "https://api.test:6443/k8s/c1")
        #expect(configuration.trust.serverName == "api")
        guard case .pem(let authorities) = configuration.trust.authorities else {
            Issue.record("no authorities")
            return
        }
        #expect(authorities.reveal().hasPrefix("-----BEGIN CERTIFICATE-----"))
        #expect(try await configuration.credentials.identity().token == Secret("s3cret"))
        #expect(configuration.origin == #"kubeconfig /k/config, context "here""#)
    }

    @Test func `JSON is a kubeconfig too`() throws {
        let text = """
            {"current-context":"x","clusters":[{"name":"c","cluster":{"server":"https://s"}}],
             "contexts":[{"name":"x","context":{"cluster":"c","user":""}}],"users":null}
            """
        #expect(try read(["/k/config": text]).server == "https://s")
    }

    @Test func `relative paths start at the file's folder`() async throws {
        let text = kubeconfig(
            cluster: "server: 'https://s', certificate-authority: ca.pem",
            user: "tokenFile: sub/token, client-certificate: c.pem, client-key: /abs/k.pem")
        let files = ["/k/config": text, "/k/ca.pem": "A", "/k/sub/token": "T", "/k/c.pem": "C", "/abs/k.pem": "K"]
        let configuration = try read(files)
        #expect(configuration.trust.authorities == .file("/k/ca.pem"))
        #expect(
            try await configuration.credentials.identity()
                == Identity(token: Secret("T"), certificate: .file("/k/c.pem"), key: .file("/abs/k.pem")))
    }

    @Test func `of several files the first wins, and missing ones are empty`() async throws {
        let first = """
            clusters: [{name: c, cluster: {server: 'https://first'}}]
            contexts: [{name: there, context: {cluster: c, user: u}}]
            """
        let second = kubeconfig(cluster: "server: https://second", user: "tokenFile: t")
        let files = ["/a/one": first, "/b/two": second, "/b/t": "T"]
        let environment = ["KUBECONFIG": "/a/one:/none::/b/two"]
        let here = try read(files, path: nil, environment)
        #expect(here.server == "https://first")
        #expect(try await here.credentials.identity().token == Secret("T"))
        #expect(here.origin == #"kubeconfig /a/one:/b/two, context "here""#)
        #expect(try read(files, path: nil, context: "there", environment).origin.hasSuffix(#""there""#))
    }

    @Test func `without KUBECONFIG the file in the home folder is read`() throws {
        let files = ["/home/me/.kube/config": kubeconfig()]
        #expect(try read(files, path: nil, ["HOME": "/home/me"]).server == "https://api.test:6443")
    }

    @Test func `an exec plugin is taken over with what it needs`() throws {
        let exec = """
            exec: {apiVersion: client.authentication.k8s.io/v1beta1, command: ./bin/p, args: [--x, "1"],
              env: [{name: A, value: b}], provideClusterInfo: true, interactiveMode: IfAvailable}
            """
        #expect(try read(["/k/config": kubeconfig(user: exec)]).credentials is ExecIdentity)
        var parsed = Kubeconfig()
        #expect(parsed.add(kubeconfig(user: exec), from: "/k/config").isEmpty)
        var reader = EntryReader(.user, "u", of: parsed)
        let plugin = reader.plugin(try #require(reader.fields["exec"]), cluster: ExecPlugin.ClusterInfo(server: "s"))
        #expect(plugin?.command == "/k/./bin/p" && plugin?.arguments == ["--x", "1"])
        #expect(plugin?.environment == ["A": "b"] && plugin?.cluster?.server == "s")
        #expect(reader.problems.isEmpty)
    }

    @Test func `plain http is accepted without credentials, and with them only on this machine`() throws {
        let open = kubeconfig(cluster: "server: http://10.0.0.1:8001", user: "")
        #expect(try read(["/k/config": open]).server == "http://10.0.0.1:8001")
        let near = kubeconfig(cluster: "server: 'http://127.0.0.1:8001'")
        #expect(try read(["/k/config": near]).server == "http://127.0.0.1:8001")
    }

    @Test(arguments: [
        (
            "server: https://s, insecure-skip-tls-verify: true", "token: s3cret",
            #"cluster "c": insecure-skip-tls-verify is refused: give certificate-authority, and tls-server-name if the name differs"#
        ),
        (
            "server: https://s, insecure-skip-tls-verify: Yes", "",
            #"cluster "c": insecure-skip-tls-verify is refused: give certificate-authority, and tls-server-name if the name differs"#
        ),
        (
            "server: https://s, insecure-skip-tls-verify: maybe", "",
            #"cluster "c": insecure-skip-tls-verify is neither true nor false"#
        ),
        (
            "server: https://s, proxy-url: http://p", "",
            #"cluster "c": proxy-url is not supported: set HTTPS_PROXY instead"#
        ),
        ("server: ftp://s", "", #"cluster "c": server is not an http or https URL"#),
        ("server: https://", "", #"cluster "c": server is not an http or https URL"#),
        ("server: [1]", "", #"cluster "c": server is not text"#),
        ("x: y", "", #"cluster "c": server is missing"#),
        ("server: 'https://me:s3cret@s'", "", #"cluster "c": server must not carry a user name"#),
        (
            "server: http://10.0.0.1", "token: s3cret",
            #"cluster "c": server is http: the user's credentials would travel in the clear"#
        ),
        (
            "server: https://s, certificate-authority-data: s3cret!", "",
            #"cluster "c": certificate-authority-data is not PEM in base64"#
        ),
        (
            "server: https://s, certificate-authority: no.pem", "",
            #"cluster "c": certificate-authority /k/no.pem: there is no such file"#
        ),
        (
            "server: https://s", "username: me, token: s3cret",
            #"user "u": username is refused: password authentication ended with Kubernetes 1.19: use a token or a certificate"#
        ),
        (
            "server: https://s", "auth-provider: {name: gcp}",
            #"user "u": auth-provider is refused: it ended with Kubernetes 1.26: use exec"#
        ),
        ("server: https://s", "token: s3cret, as: admin", #"user "u": as is refused: impersonation is not supported"#),
        ("server: https://s", "token: 's3 cret'", #"user "u": token is not a token"#),
        ("server: https://s", "tokenFile: t", #"user "u": tokenFile: token file /k/t: there is no such file"#),
        ("server: https://s", "client-certificate-data: \(pem)", #"user "u": client-certificate without client-key"#),
        ("server: https://s", "client-key-data: \(pem)", #"user "u": client-key without client-certificate"#),
        (
            "server: https://s", "exec: {apiVersion: client.authentication.k8s.io/v1, command: p}",
            #"user "u": exec.interactiveMode must be Never or IfAvailable"#
        ),
        (
            "server: https://s",
            "exec: {apiVersion: client.authentication.k8s.io/v1, command: p, interactiveMode: Always}",
            #"user "u": exec.interactiveMode Always is not supported: there is no terminal"#
        ),
        (
            "server: https://s",
            "exec: {apiVersion: client.authentication.k8s.io/v1alpha1, command: p, interactiveMode: Never}",
            #"user "u": exec.apiVersion must be client.authentication.k8s.io/v1 or client.authentication.k8s.io/v1beta1"#
        ),
        (
            "server: https://s", "exec: {apiVersion: client.authentication.k8s.io/v1beta1}",
            #"user "u": exec.command is missing"#
        ),
        (
            "server: https://s", "token: s3cret, exec: {apiVersion: client.authentication.k8s.io/v1beta1, command: p}",
            #"user "u": exec and a token or certificate: keep one of them"#
        ),
        (
            "server: https://s", "exec: {apiVersion: client.authentication.k8s.io/v1beta1, command: p, args: s3cret}",
            #"user "u": exec.args is not a list of texts"#
        ),
    ])
    func `what is wrong is named with file, entry and field`(_ cluster: String, _ user: String, _ problem: String) {
        let error = #expect(throws: ConfigurationProblems.self) {
            try read(["/k/config": kubeconfig(cluster: cluster, user: user)])
        }
        #expect(error?.messages == ["kubeconfig /k/config, " + problem])
        #expect(error.map { !"\($0)".contains("s3") } == true)
    }

    @Test func `everything that is wrong is named at once`() {
        let text = kubeconfig(
            cluster: "proxy-url: p, insecure-skip-tls-verify: true", user: "username: a, password: s3cret")
        let error = #expect(throws: ConfigurationProblems.self) { try read(["/k/config": text]) }
        #expect(error?.messages.count == 5)
    }

    @Test(arguments: [
        ("a: [s3cret", "not YAML"), ("- s3cret", "not a mapping"), ("clusters: s3cret", "clusters is not a list"),
        ("clusters: [{cluster: {}}]", "an entry of clusters has no name"),
        ("a: 1\na: s3cret", "a key that is there twice"),
        ("a: &x s3cret\nb: *nope", "not YAML"), ("", "there is no current-context"),
        ("current-context: x", #"there is no context "x" (there is: none)"#),
        ("current-context: x\ncontexts: [{name: x, context: {user: u}}, {name: y}]", "cluster is missing"),
        (
            "current-context: x\ncontexts: [{name: x, context: {cluster: c}}]",
            #"there is no cluster "c" (there is: none)"#
        ),
    ])
    func `a file that is none is refused without repeating it`(_ text: String, _ words: String) {
        let error = #expect(throws: ConfigurationProblems.self) { try read(["/k/config": text]) }
        #expect(error?.messages.contains { $0.contains(words) } == true, "\(String(describing: error))")
        #expect(error.map { !"\($0)".contains("s3cret") } == true)
    }

    @Test func `a context that is not there is refused with those that are`() {
        let error = #expect(throws: ConfigurationProblems.self) {
            try read(["/k/config": kubeconfig()], context: "there")
        }
        #expect(error?.messages == [#"kubeconfig /k/config: there is no context "there" (there is: "here")"#])
    }

    @Test func `a file that is named must be there`() {
        #expect(throws: ConfigurationProblems(["kubeconfig /k/config: there is no such file"])) { try read([:]) }
    }

    @Test func `nothing at all is told with where was looked`() {
        #expect(
            throws: ConfigurationProblems([
                "no way to the API server: not in a pod (KUBERNETES_SERVICE_HOST), and no kubeconfig: none of /h/.kube/config exists"
            ])
        ) { try read([:], path: nil, ["HOME": "/h"]) }
    }

    @Test(arguments: [
        "token: s3cret", "tokenFile: t",
        """
        exec: {apiVersion: client.authentication.k8s.io/v1beta1, command: p, args: [s3cret], env: [{name: A, value: s3cret}]}
        """,
    ])
    func `a configuration prints none of its secrets`(_ user: String) throws {
        let files = ["/k/config": kubeconfig(user: user), "/k/t": "s3cret"]
        let configuration = try read(files, ["SLACK_URL": "s3cret"])
        var dumped = ""
        dump(configuration, to: &dumped)
        #expect(!dumped.contains("s3cret") && !"\(configuration)".contains("s3cret"))
    }
}
