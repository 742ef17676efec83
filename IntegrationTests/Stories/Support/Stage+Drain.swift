import FoundationEssentials
import Simulators

/// What a person's `drain` command left behind.
struct DrainResult: Sendable {
    /// How it ended.
    let end: RunningProgram.End
    /// Everything it wrote.
    let lines: [String]
    /// Its report.
    let report: KubernetesJSON?

    /// How the drain ended, in the report's word.
    var ending: String? { report?["ending"]?.string }

    /// What became of that pod.
    func outcome(_ pod: String) -> String? { value("outcome", of: pod)?.string }

    /// What the report says to that pod's fate.
    func detail(_ pod: String) -> String? { value("detail", of: pod)?.string }

    /// The grace that it was given, in seconds.
    func grace(_ pod: String) -> Int? {
        value("graceSeconds", of: pod).flatMap { Int($0.text.prefix { $0 != "." }) }
    }

    /// Whether its budget or wish was overruled.
    func isEscalated(_ pod: String) -> Bool? { value("escalated", of: pod)?.bool }

    private func value(_ member: String, of pod: String) -> KubernetesJSON? {
        report?["pods"]?.array?.first { $0["name"]?.string == pod }?[member]
    }
}

extension Stage {
    /// Runs the `drain` command on the stage's node to its end, while `body` plays; budgets are overruled in the end, as
    /// the daemon does, unless the arguments say otherwise.
    func drain(
        _ arguments: [String] = [], within: String = "20s",
        body: @Sendable (RunningProgram) async throws -> Void = { _ in }
    ) async throws -> DrainResult {
        let outcome = try await RunningProgram.run(
            Stage.executable, ["drain", Stage.node, "--within", within, "--output", "json", "--escalate"] + arguments,
            environment: environment().filter { !$0.value.isEmpty }
        ) { program in
            try await body(program)
            await program.untilEnded()
        }
        let text = outcome.lines.drop { $0 != "{" }.joined(separator: "\n")
        return DrainResult(end: outcome.end, lines: outcome.lines, report: try? KubernetesJSON(parsing: text))
    }

    /// Returns when the API server was asked `count` times for something that `matches`.
    func untilAsked(_ count: Int = 1, where matches: @Sendable (LabRequest) -> Bool) async {
        while !Task.isCancelled {
            let entries = lab.kubernetesLog.entries
            if entries.count(where: { matches($0.request) }) >= count { return }
            _ = await lab.kubernetesLog.entries(atLeast: entries.count + 1)
        }
    }

    /// Returns when that many evictions were asked for.
    func untilEvictions(_ count: Int) async {
        await untilAsked(count) { $0.path.hasSuffix("/eviction") }
    }

    /// The statuses of the answers to one kind of request, oldest first.
    func statuses(_ verb: String, _ resource: String) -> [Int] {
        cluster.requests.filter { $0.verb == verb && $0.resource == resource }.map(\.status)
    }

    /// Sends a request to the API server as somebody else might.
    func somebodySends(_ method: String, _ path: String) async -> Int {
        await KubernetesService(cluster: cluster).respond(
            to: LabRequest(
                method: method, path: path, headers: [(name: "Authorization", value: "Bearer \(ClusterPreset.token)")])
        ).status
    }
}

extension PodTemplate {
    /// A pod of the budget `web` and the stories' haste: it stops soon after it was told.
    static func web(
        grace: Int = 30, stop: PodBehaviour.Stop = .after(.milliseconds(200)), labels: [String: String] = ["app": "web"]
    ) -> PodTemplate {
        var template = PodTemplate(labels: labels)
        template.grace = grace
        template.behaviour = PodBehaviour(stop: stop, readyAfter: .milliseconds(100))
        return template
    }
}
