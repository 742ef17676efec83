import FoundationEssentials
import Simulators

/// Names for the lab's servers, which resolve as the story says: the handler is started with a resolver of ours before the C library's.
struct SimulatedNames: Sendable {
    /// What stops a story before it begins.
    struct NotBuilt: Error, CustomStringConvertible {
        /// What the compiler said.
        let words: [String]

        var description: String { "the resolver cannot be built: \(words.joined(separator: "; "))" }
    }

    private let folder: String

    /// The names that were made for that stage.
    init(madeFor stage: Stage) {
        folder = stage.folder + "/names"
    }

    /// Names for that stage, each with its address at once.
    init(for stage: Stage) async throws {
        self.init(madeFor: stage)
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let built = try await RunningProgram.run(
            "/usr/bin/cc", ["-shared", "-fPIC", "-O1", "-o", "\(folder)/library.so", SimulatedNames.source, "-ldl"],
            environment: ["PATH": "/usr/bin:/bin"]
        ) { await $0.untilEnded() }
        guard built.end == .exited(0) else { throw NotBuilt(words: built.lines) }
        for server in LabServerName.allCases { try resolve(server) }
    }

    /// From now on the name of `server` has its address, after `time`.
    func resolve(_ server: LabServerName, after time: Duration = .zero) throws {
        try write("127.0.0.1", server, time)
    }

    /// From now on the name of `server` has no address, which is told after `time`.
    func lose(_ server: LabServerName, after time: Duration = .zero) throws {
        try write("none", server, time)
    }

    /// The variables with which a handler asks this resolver, and finds `servers` by their names.
    func environment(_ servers: [LabServerName], on stage: Stage) -> [String: String] {
        var variables = ["LD_PRELOAD": "\(folder)/library.so", "LAB_NAMES": folder]
        for server in servers {
            let address = stage.lab.namedAddress(of: server) ?? ""
            switch server {
            case .aws:
                variables["AWS_ENDPOINT_URL_AUTO_SCALING"] = address
                variables["AWS_ENDPOINT_URL_STS"] = address
            case .webhooks: variables["SLACK_URL"] = "\(address)/slack/services/T000/B000/XXXX"
            case .kubernetes, .metadata, .containers, .control: break
            }
        }
        return variables
    }

    /// Has the kubeconfig call the API server by its name.
    func nameAPIServer(on stage: Stage) throws {
        let config = (stage.lab.kubeconfig ?? "").replacing(
            stage.lab.address(of: .kubernetes) ?? "", with: stage.lab.namedAddress(of: .kubernetes) ?? "")
        try stage.write(config, to: "kubeconfig")
    }

    private func write(_ address: String, _ server: LabServerName, _ time: Duration) throws {
        let milliseconds = Int(time / .milliseconds(1))
        // In one step, so that nobody reads half a file.
        try "\(address) \(milliseconds)\n".write(
            toFile: "\(folder)/\(Lab.name(of: server))", atomically: true, encoding: .utf8)
    }

    private static let source: String = {
        let parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
        return parts.dropLast(3).joined(separator: "/") + "/Support/lab_names.c"
    }()
}
