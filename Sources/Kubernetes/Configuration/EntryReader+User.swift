import Transport

extension EntryReader {
    /// Ways of a user entry that we don't go, and what to use instead.
    private static let refused = [
        ("username", "password authentication ended with Kubernetes 1.19: use a token or a certificate"),
        ("password", "password authentication ended with Kubernetes 1.19: use a token or a certificate"),
        ("auth-provider", "it ended with Kubernetes 1.26: use exec"),
        ("as", "impersonation is not supported"),
        ("as-uid", "impersonation is not supported"),
        ("as-groups", "impersonation is not supported"),
        ("as-user-extra", "impersonation is not supported"),
    ]

    /// Who a kubeconfig's user is; `cluster` is for plugins that want to know.
    mutating func credentials(
        for cluster: ExecPlugin.ClusterInfo, in surroundings: Surroundings
    ) -> any CredentialSource {
        for (name, reason) in Self.refused where fields[name] != nil {
            problem("\(name) is refused: \(reason)")
        }
        let companions = certificate(in: surroundings)
        if let exec = fields["exec"] {
            if has("token") || has("tokenFile") || companions != Identity() {
                problem("exec and a token or certificate: keep one of them")
            }
            guard let plugin = plugin(exec, cluster: cluster) else { return FixedIdentity() }
            return ExecIdentity(plugin, surroundings: surroundings)
        }
        // As for client-go, a file that can be renewed goes before a token that cannot.
        if let path = path("tokenFile") {
            let file = TokenFile(path: path, companions: companions, surroundings: surroundings)
            do throws(KubernetesError) {
                _ = try file.identity()
            } catch .credentialsUnavailable(let detail) {
                problem("tokenFile: \(detail)")
            } catch {
                problem("tokenFile cannot be used")
            }
            return file
        }
        var identity = companions
        if let text = text("token") {
            identity.token = Secret(token: Array(text.utf8))
            if identity.token == nil {
                problem("token is not a token")
            }
        }
        return FixedIdentity(identity)
    }

    private mutating func certificate(in surroundings: Surroundings) -> Identity {
        let hasCertificate = has("client-certificate") || has("client-certificate-data")
        let hasKey = has("client-key") || has("client-key-data")
        if hasCertificate != hasKey {
            problem(hasKey ? "client-key without client-certificate" : "client-certificate without client-key")
        }
        return Identity(
            certificate: material("client-certificate", in: surroundings), key: material("client-key", in: surroundings)
        )
    }
}
