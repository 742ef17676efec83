import Transport

@testable import Kubernetes

/// A kubeconfig: whatever it says, either a configuration or problems that tell no secret.
@Sendable func examineKubeconfig(_ input: [UInt8]) {
    let text = String(decoding: input, as: UTF8.self)
    let surroundings = Surroundings(
        environment: [:], clock: ContinuousClock(), secondsSince1970: { 1_795_000_000 },
        readFile: { path throws(FileProblem) in
            if path == "/config" { return input }
            throw .absent
        })
    let parsed = try? YAMLValue(yaml: text)
    if let parsed {
        expect(parsed.depth <= 64, "depth is bounded")
        expect((try? YAMLValue(yaml: text)) == parsed, "parsing is a function")
        _ = try? JSON.encode(parsed)
    }
    let secrets = (parsed?.secrets ?? []).filter { secret in
        secret.utf8.count >= 8 && text.ranges(of: secret).count == 1
    }
    do throws(ConfigurationProblems) {
        let configuration = try ClusterConfiguration.kubeconfig(at: "/config", context: nil, in: surroundings)
        expect(!configuration.server.hasSuffix("/"), "no slash at the end")
        var dumped = ""
        dump(configuration, to: &dumped)
        for secret in secrets { expect(!dumped.contains(secret), "a secret is told") }
    } catch {
        expect(!error.messages.isEmpty, "a refusal says why")
        for message in error.messages {
            for secret in secrets { expect(!message.contains(secret), "a secret is told") }
        }
    }
}

extension YAMLValue {
    fileprivate var depth: Int {
        switch self {
        case .scalar: 0
        case .sequence(let elements): 1 + (elements.map(\.depth).max() ?? 0)
        case .mapping(let fields): 1 + (fields.map(\.value.depth).max() ?? 0)
        }
    }

    /// The texts that a kubeconfig keeps secrets in.
    fileprivate var secrets: [String] {
        let names: Set = ["token", "password", "client-key-data", "client-certificate-data", "value"]
        switch self {
        case .scalar: return []
        case .sequence(let elements): return elements.flatMap(\.secrets)
        case .mapping(let fields):
            return fields.flatMap { field in
                names.contains(field.name) ? [field.value.text].compactMap { $0 } : field.value.secrets
            }
        }
    }
}
