/// A kubeconfig's `exec`: a command that prints who we are
/// (https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins).
struct ExecPlugin: Sendable {
    /// `client.authentication.k8s.io/v1` or `…/v1beta1`; the answer must be of the same.
    var apiVersion: String
    /// A path, or a name to be found in `PATH`.
    var command: String
    /// Its arguments.
    var arguments: [String]
    /// Variables beside our own.
    var environment: [String: String]
    /// What it may know of the cluster (`provideClusterInfo`); `nil` for nothing.
    var cluster: ClusterInfo?

    /// The cluster as the plugin sees it.
    struct ClusterInfo: Sendable, Encodable {
        /// The server's URL.
        var server: String
        /// The name to verify instead of the URL's host.
        var tlsServerName: String?
        /// PEM in base64.
        var authorities: String?
        /// The cluster's extension `client.authentication.k8s.io/exec`.
        var config: YAMLValue?

        private enum CodingKeys: String, CodingKey {
            case server
            case tlsServerName = "tls-server-name"
            case authorities = "certificate-authority-data"
            case config
        }
    }

    private struct Info: Encodable {
        struct Spec: Encodable {
            let interactive = false
            var cluster: ClusterInfo?
        }

        var apiVersion: String
        let kind = "ExecCredential"
        var spec: Spec
    }

    /// The variable `KUBERNETES_EXEC_INFO`: JSON that tells the plugin what is expected of it.
    func info() throws(KubernetesError) -> String {
        let info = Info(apiVersion: apiVersion, spec: Info.Spec(cluster: cluster))
        return String(decoding: try JSON.encode(info), as: UTF8.self)
    }
}

extension ExecPlugin: CustomStringConvertible, CustomReflectable {
    /// The command; arguments and variables may be secrets.
    var description: String { "exec plugin \(command)" }
    /// Nothing that could be dumped.
    var customMirror: Mirror { Mirror(self, children: []) }
}
