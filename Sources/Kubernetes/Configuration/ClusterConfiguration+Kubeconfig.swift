import FoundationEssentials
import Transport

extension ClusterConfiguration {
    /// The configuration of a kubeconfig's context: the named one, or the current one.
    ///
    /// `path` names one file, which must be there; without it, the files of `$KUBECONFIG` are merged, or else
    /// `~/.kube/config` is read.
    public static func kubeconfig(
        at path: String?, context: String?, in surroundings: Surroundings
    ) throws(ConfigurationProblems) -> ClusterConfiguration {
        let kubeconfig = try Kubeconfig(at: path, in: surroundings)
        guard let name = context ?? kubeconfig.currentContext else {
            throw ConfigurationProblems([
                "kubeconfig \(kubeconfig.files.joined(separator: ":")): no context is named and there is no current-context"
            ])
        }
        var reader = EntryReader(.context, name, of: kubeconfig)
        guard reader.problems.isEmpty else { throw ConfigurationProblems(reader.problems) }
        let clusterName = reader.text("cluster")
        if clusterName == nil {
            reader.problem("cluster is missing")
        }
        var configuration: ClusterConfiguration?
        if let clusterName {
            let (found, problems) = kubeconfig.configuration(
                cluster: clusterName, user: reader.text("user"), in: surroundings)
            configuration = found
            reader.add(problems)
        }
        guard reader.problems.isEmpty, var configuration else { throw ConfigurationProblems(reader.problems) }
        configuration.origin = "kubeconfig \(kubeconfig.files.joined(separator: ":")), context \"\(name)\""
        return configuration
    }
}

extension Kubeconfig {
    /// The files that are meant, merged.
    init(at path: String?, in surroundings: Surroundings) throws(ConfigurationProblems) {
        let listed = surroundings.variable("KUBECONFIG")?.split(separator: ":").map(String.init) ?? []
        let home = surroundings.variable("HOME").map { [$0 + "/.kube/config"] } ?? []
        let candidates = path.map { [$0] } ?? (listed.isEmpty ? home : listed)
        self.init()
        var problems: [String] = []
        for file in candidates {
            do throws(FileProblem) {
                let text = String(decoding: try surroundings.readFile(file), as: UTF8.self)
                problems += add(text, from: file)
            } catch .absent where path == nil {
                // As for kubectl, a listed file that does not exist is empty.
            } catch {
                problems.append("kubeconfig \(file): \(error)")
            }
        }
        if problems.isEmpty && files.isEmpty {
            let places =
                candidates.isEmpty ? "$HOME is not set" : "none of \(candidates.joined(separator: ", ")) exists"
            problems.append(
                "no way to the API server: not in a pod (KUBERNETES_SERVICE_HOST), and no kubeconfig: \(places)")
        }
        guard problems.isEmpty else { throw ConfigurationProblems(problems) }
    }

    /// The configuration of a cluster and a user, or what is wrong with either.
    fileprivate func configuration(
        cluster clusterName: String, user userName: String?, in surroundings: Surroundings
    ) -> (ClusterConfiguration?, [String]) {
        var clusterReader = EntryReader(.cluster, clusterName, of: self)
        guard clusterReader.problems.isEmpty else { return (nil, clusterReader.problems) }
        let cluster = clusterReader.cluster(in: surroundings)
        var problems = clusterReader.problems
        var credentials: any CredentialSource = FixedIdentity()
        if let userName {
            var userReader = EntryReader(.user, userName, of: self)
            let info = ExecPlugin.ClusterInfo(
                server: cluster?.server ?? "", tlsServerName: cluster?.trust.serverName,
                authorities: cluster?.trust.authorities?.base64(in: surroundings),
                config: clusterReader.execExtension)
            credentials = userReader.credentials(for: info, in: surroundings)
            if let server = cluster?.server, !server.isSafeForCredentials,
                userReader.fields != .mapping([]), userReader.problems.isEmpty
            {
                clusterReader.problem("server is http: the user's credentials would travel in the clear")
                problems = clusterReader.problems
            }
            problems += userReader.problems
        }
        guard problems.isEmpty, let cluster else { return (nil, problems) }
        return (
            ClusterConfiguration(server: cluster.server, trust: cluster.trust, credentials: credentials, origin: ""), []
        )
    }
}

extension EntryReader {
    /// The cluster's extension that is meant for exec plugins.
    fileprivate var execExtension: YAMLValue? {
        fields["extensions"]?.elements?.first { $0["name"]?.text == "client.authentication.k8s.io/exec" }?["extension"]
    }
}

extension TLSTrust.Material {
    /// The PEM text in base64; `nil` when its file cannot be read (which was reported where it was named).
    fileprivate func base64(in surroundings: Surroundings) -> String? {
        switch self {
        case .pem(let pem): Data(pem.reveal().utf8).base64EncodedString()
        case .file(let path): (try? surroundings.readFile(path)).map { Data($0).base64EncodedString() }
        }
    }
}
