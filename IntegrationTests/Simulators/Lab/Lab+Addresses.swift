import FoundationEssentials

extension Lab {
    /// The name under which a server is reached where names are simulated; no resolver outside knows it.
    public static func name(of server: LabServerName) -> String { "\(server.rawValue).lab.test" }

    /// The address of a server with its name instead of the numbers; nil when the lab has none of that name.
    public func namedAddress(of server: LabServerName) -> String? {
        address(of: server)?.replacing("127.0.0.1", with: Lab.name(of: server))
    }

    /// The address of a server, as clients write it; nil when the lab has none of that name.
    public func address(of name: LabServerName) -> String? {
        guard let server = servers[name], let port = server.port else { return nil }
        let listening = server.configuration.addresses.first ?? "127.0.0.1"
        // Who listens everywhere is reached from here by loopback.
        let host = ["0.0.0.0", "::"].contains(listening) ? "127.0.0.1" : listening
        let scheme = server.configuration.certificates == nil ? "http" : "https"
        return "\(scheme)://\(host.contains(":") ? "[\(host)]" : host):\(port)"
    }

    /// The variables with which the handler finds everything in this lab; `kubeconfig` is where that file was written.
    public func environment(kubeconfig: String? = nil) -> [(name: String, value: String)] {
        var variables = [
            (name: "NODE_NAME", value: configuration.nodeName),
            (name: "AWS_REGION", value: configuration.instance.region),
        ]
        if let metadata = address(of: .metadata) {
            variables.append((name: "AWS_EC2_METADATA_SERVICE_ENDPOINT", value: metadata))
        }
        if let aws = address(of: .aws) {
            variables.append((name: "AWS_ENDPOINT_URL_AUTO_SCALING", value: aws))
            variables.append((name: "AWS_ENDPOINT_URL_STS", value: aws))
        }
        if let webhooks = address(of: .webhooks) {
            variables.append((name: "SLACK_URL", value: "\(webhooks)/slack/services/T000/B000/XXXX"))
            variables.append((name: "MATTERMOST_WEBHOOK", value: "\(webhooks)/mattermost/hooks/lab"))
            variables.append((name: "SEMATEXT_URL", value: "\(webhooks)/sematext/lab-token/event"))
        }
        if let kubeconfig { variables.append((name: "KUBECONFIG", value: kubeconfig)) }
        return variables
    }

    /// A kubeconfig for the lab's Kubernetes API: the authority inline, the user by token; nil without that API.
    public var kubeconfig: String? {
        guard let server = address(of: .kubernetes) else { return nil }
        let authority = Data(certificates.authorityPEM.utf8).base64EncodedString()
        return """
            apiVersion: v1
            kind: Config
            current-context: lab
            clusters:
            - name: lab
              cluster:
                server: \(server)
                certificate-authority-data: \(authority)
            users:
            - name: lab
              user:
                token: \(configuration.kubernetesToken)
            contexts:
            - name: lab
              context:
                cluster: lab
                user: lab
                namespace: default

            """
    }
}
