extension EntryReader {
    /// The exec plugin of a kubeconfig's user; `nil` when it cannot be run.
    mutating func plugin(_ exec: YAMLValue, cluster: ExecPlugin.ClusterInfo) -> ExecPlugin? {
        let group = "client.authentication.k8s.io/"
        let apiVersion = exec["apiVersion"]?.text
        if apiVersion == nil || ![group + "v1", group + "v1beta1"].contains(apiVersion) {
            problem("exec.apiVersion must be \(group)v1 or \(group)v1beta1")
        }
        switch exec["interactiveMode"]?.text {
        case "Never", "IfAvailable":
            break
        case "Always":
            problem("exec.interactiveMode Always is not supported: there is no terminal")
        case nil where apiVersion == group + "v1beta1":
            break
        default:
            problem("exec.interactiveMode must be Never or IfAvailable")
        }
        let wantsCluster = exec["provideClusterInfo"].map { $0.flag }
        if case .some(.none) = wantsCluster {
            problem("exec.provideClusterInfo is neither true nor false")
        }
        guard let command = exec["command"]?.text, !command.isEmpty else {
            problem("exec.command is missing")
            return nil
        }
        return ExecPlugin(
            apiVersion: apiVersion ?? "",
            // A name is found in PATH; anything with a slash is a path.
            command: command.contains("/") ? resolved(command) : command,
            arguments: arguments(exec),
            environment: variables(exec),
            cluster: wantsCluster == true ? cluster : nil)
    }

    private mutating func arguments(_ exec: YAMLValue) -> [String] {
        guard let list = exec["args"] else { return [] }
        let arguments = list.elements?.compactMap(\.text)
        guard let arguments, arguments.count == list.elements?.count else {
            problem("exec.args is not a list of texts")
            return []
        }
        return arguments
    }

    private mutating func variables(_ exec: YAMLValue) -> [String: String] {
        guard let list = exec["env"] else { return [:] }
        var variables: [String: String] = [:]
        for element in list.elements ?? [] {
            guard let name = element["name"]?.text, !name.isEmpty, !name.contains("=") else {
                problem("exec.env has an entry without a name")
                continue
            }
            variables[name] = element["value"]?.text ?? ""
        }
        if list.elements == nil {
            problem("exec.env is not a list")
        }
        return variables
    }
}
