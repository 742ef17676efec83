import Transport

extension ClusterConfiguration {
    /// Where the kubelet puts a pod's token and the cluster's authorities.
    static let serviceAccountFolder = "/var/run/secrets/kubernetes.io/serviceaccount"

    /// The configuration that every pod is born with
    /// (https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/).
    public static func inCluster(_ surroundings: Surroundings) throws(ConfigurationProblems) -> ClusterConfiguration {
        var problems: [String] = []
        let host = surroundings.variable("KUBERNETES_SERVICE_HOST")
        let port = surroundings.variable("KUBERNETES_SERVICE_PORT")
        if host == nil {
            problems.append("in-cluster: KUBERNETES_SERVICE_HOST is not set")
        }
        if port == nil {
            problems.append("in-cluster: KUBERNETES_SERVICE_PORT is not set")
        } else if UInt16(port ?? "") == nil {
            problems.append("in-cluster: KUBERNETES_SERVICE_PORT is not a port number")
        }
        let token = serviceAccountFolder + "/token"
        let authorities = serviceAccountFolder + "/ca.crt"
        for file in [token, authorities] {
            do {
                _ = try surroundings.readFile(file)
            } catch {
                problems.append("in-cluster: \(file): \(error) (automountServiceAccountToken?)")
            }
        }
        guard problems.isEmpty, let host, let port else { throw ConfigurationProblems(problems) }
        return ClusterConfiguration(
            server: "https://" + (host.contains(":") ? "[\(host)]" : host) + ":" + port,
            trust: TLSTrust(authorities: .file(authorities)),
            credentials: TokenFile(path: token, surroundings: surroundings),
            origin: "in-cluster")
    }

    /// The configuration that is there: `kubeconfig` when given, else in-cluster, else `$KUBECONFIG`, else
    /// `~/.kube/config`.
    ///
    /// Naming a context means kubeconfig.
    public static func discovered(
        kubeconfig: String?, context: String?, in surroundings: Surroundings
    ) throws(ConfigurationProblems) -> ClusterConfiguration {
        let isInCluster =
            surroundings.variable("KUBERNETES_SERVICE_HOST") != nil
            && surroundings.variable("KUBERNETES_SERVICE_PORT") != nil
        if kubeconfig == nil && context == nil && isInCluster {
            return try inCluster(surroundings)
        }
        return try self.kubeconfig(at: kubeconfig, context: context, in: surroundings)
    }
}

extension Surroundings {
    /// A variable that is set and not empty.
    func variable(_ name: String) -> String? {
        environment[name].flatMap { $0.isEmpty ? nil : $0 }
    }
}
