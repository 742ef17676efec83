import FoundationEssentials
import Simulators

/// One cell on its stage: a small node with pods of every sort, the real program, and the fault.
struct MatrixAct: Sendable {
    let stage: Stage
    let fault: MatrixFault
    let phase: Phase
    /// What the phase's notice meets.
    var company = Company.alone
    /// The pods as they were at the beginning.
    let pods: [Evidence.Pod]
    /// Those of them that come only after the life that emptied the node for the company.
    var absentees: [KubernetesJSON] = []
    /// What the judge is told of the play itself.
    let memory = PlayMemory()
    /// The program, once it is there.
    var program: RunningProgram?

    static let ownPod = "interruption-handler-x7k2p"
    static let channels: Set<String> = ["slack", "mattermost", "sematext"]
    static let secret = "T000/B000/XXXX"

    /// A node with what must leave (three pods, and one that comes back elsewhere by the same name) and what must not.
    static func cluster() -> KubernetesCluster {
        let cluster = ClusterPreset.empty(time: .now, nodes: ["node-a", "node-b"])
        let behaviour = PodBehaviour(stop: .after(.milliseconds(50)), readyAfter: .milliseconds(50))
        cluster.configure { settings in
            settings.podBehaviour = behaviour
            settings.replacementDelay = .milliseconds(50)
        }
        func template(_ app: String) -> PodTemplate {
            var template = PodTemplate(labels: ["app": app])
            template.grace = 5
            template.behaviour = behaviour
            return template
        }
        for index in 0..<3 { cluster.addPod("web-\(index)", on: "node-a", template("web")) }
        cluster.add(
            ClusterWorkload(.daemonSet, "agent", namespace: "kube-system", replicas: 0, template: template("agent")),
            on: ["node-a", "node-b"])
        cluster.addPod(ownPod, in: "kube-system", on: "node-a", template("handler"))
        cluster.addPod("static-node-a", in: "kube-system", on: "node-a", template("static"), isMirror: true)
        cluster.addPod("elsewhere", on: "node-b", template("elsewhere"))
        cluster.change(.nodes, "node-b") { node in node.update("spec") { $0["unschedulable"] = true } }
        cluster.add(ClusterWorkload(.statefulSet, "db", replicas: 1, template: template("db")), on: ["node-a"])
        cluster.change(.nodes, "node-b") { node in node.update("spec") { $0["unschedulable"] = false } }
        return cluster
    }

    /// The pods of a cluster that must leave node-a, and those that must not.
    static func pods(of cluster: KubernetesCluster) -> [Evidence.Pod] {
        cluster.objects(.pods).compactMap { pod in
            guard let name = pod["metadata", "name"]?.string, let uid = pod["metadata", "uid"]?.string else {
                return nil
            }
            return Evidence.Pod(name: name, uid: uid, leaves: name.hasPrefix("web-") || name == "db-0")
        }
    }

    /// The flags of every cell; a machine that is being scaled in needs no replacement.
    var flags: [String] {
        Stage.quick + ["--margin", "1s", "--taint"] + (phase == .completing ? [] : ["--detach-asg"])
    }

    /// The variables of every cell.
    var environment: [String: String] {
        ["POD_NAME": Self.ownPod, "POD_NAMESPACE": "kube-system"].merging(fault.environment(self)) { $1 }
    }

    /// Runs the program for one life; answers how it ended by itself, and what it wrote.
    func life(_ body: @Sendable (MatrixAct) async throws -> Void) async throws -> (
        end: RunningProgram.End?, lines: [String]
    ) {
        let command = fault.launcher(self) + [Stage.executable, "run"] + flags
        let variables = stage.environment(environment).filter { !$0.value.isEmpty }
        let outcome = try await RunningProgram.run(
            command[0], Array(command.dropFirst()), environment: variables
        ) { program in
            var act = self
            act.program = program
            try await withTaskCancellationHandler {
                try await body(act)
            } onCancel: {
                program.send(.resume)
                program.send(.kill)
            }
            return program.hasEnded
        }
        return (outcome.value ? outcome.end : nil, outcome.lines)
    }

    /// Runs a small program to its end.
    static func run(_ command: String...) async throws {
        let outcome = try await RunningProgram.run(
            command[0], Array(command.dropFirst()), environment: ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin"]
        ) { await $0.untilEnded() }
        guard outcome.end == .exited(0) else { throw Failed(words: "\(command): \(outcome.lines)") }
    }

    /// A small program that failed.
    struct Failed: Error {
        let words: String
    }
}

// MARK: What is seen

extension MatrixAct {
    /// Whether all pods that must leave are gone from the node.
    var isEmpty: Bool {
        let leaving = Set(pods.filter(\.leaves).map(\.uid))
        return !stage.cluster.objects(.pods).contains { leaving.contains($0["metadata", "uid"]?.string ?? "") }
    }

    /// Whether nothing of ours is left on the Node.
    var isGivenBack: Bool { !stage.isCordoned && stage.record == nil && stage.taintKeys.isEmpty }

    /// Whether the cordon is a person's alone.
    var isLeftToPerson: Bool { stage.isCordoned && stage.recordedNotices == ["operator-request"] }

    /// The messages that the channels took.
    var messages: [Evidence.Message] {
        stage.lab.webhooks.taken.entries.compactMap { entry in
            guard let channel = entry.request.path.split(separator: "/").first.map(String.init) else { return nil }
            // A message about one notice may name another that keeps the node; its own is named last.
            let notice = noticeIDs.filter { entry.bodyText.contains($0) }
                .max { entry.bodyText.lastPosition(of: $0) < entry.bodyText.lastPosition(of: $1) }
            return Evidence.Message(
                channel: channel, kind: Evidence.Message.Kind(entry.bodyText), notice: notice ?? "")
        }
    }

    /// The id of the phase's own notice.
    var noticeID: String { stage.noticeID(phase == .completing ? "scale-in" : "spot") }

    private var noticeIDs: [String] {
        ["spot", "scale-in", "rebalance"].map { stage.noticeID($0) } + [Stage.maintenance]
    }

    /// Whether all channels that must be told of something about the phase's notice were.
    func isTold(_ kind: Evidence.Message.Kind) -> Bool {
        let told = Set(messages.filter { $0.kind == kind && $0.notice == noticeID }.map(\.channel))
        return told.isSuperset(of: fault.channels)
    }

    /// The instance as its group sees it.
    var instance: GroupInstance? {
        stage.lab.aws.autoScaling.instance(stage.lab.configuration.instance.id)?.instance
    }

    /// Whether the group has let the machine go.
    var isDetached: Bool {
        stage.lab.aws.calls.contains { $0.action == "DetachInstances" && $0.status == 200 } && instance == nil
    }

    /// Whether the termination hook was completed by somebody.
    var isHookCompleted: Bool {
        instance?.ended.contains { $0.result == "CONTINUE" && !$0.timedOut } ?? false
    }

    /// Everything that the judge wants to know.
    func evidence(_ lives: [(end: RunningProgram.End?, lines: [String])]) -> Evidence {
        var evidence = Evidence()
        let cluster = stage.cluster
        evidence.pods = pods
        evidence.removals = cluster.removals.map {
            Evidence.Removal(name: $0.pod.name, actual: $0.uid, demanded: $0.demandedUID, status: $0.status)
        }
        evidence.left = Set(cluster.objects(.pods).compactMap { $0["metadata", "uid"]?.string })
        evidence.staying = pods.filter { $0.leaves && evidence.left.contains($0.uid) }.map(\.name)
        evidence.messages = messages
        evidence.lives = lives.map { Evidence.Life(end: $0.end) }
        if let signal = fault.signal, !evidence.lives.isEmpty { evidence.lives[0].told = signal.1 }
        let now = stage.lab.configuration.clock.now
        evidence.timeLeft = stage.lab.metadata.currentState.spot.map { now.duration(to: $0.time) } ?? .seconds(1)
        evidence.wasCordoned = cluster.count("patch", "nodes") > 0 && (stage.isCordoned || phase == .givingBack)
        evidence.isGivenBack = isGivenBack
        evidence.isLeftToPerson = isLeftToPerson
        evidence.isPersonsDrainDone = memory.isPersonsDrainDone
        evidence.isPersonsDrainKept = stage.isCordoned && stage.recordedNotices.contains("operator-request")
        evidence.uncordons = memory.uncordons
        evidence.reopenings = reopenings
        evidence.isHookCompleted = isHookCompleted
        evidence.lines = lives.flatMap(\.lines)
        let issued = Set(stage.metadataReads.compactMap { $0.header("x-aws-ec2-metadata-token") })
        evidence.secrets = issued + [ClusterPreset.token, Self.secret]
        return evidence
    }
}

extension Evidence.Message.Kind {
    /// What a message says, by its first words.
    init(_ text: String) {
        if text.contains("Notice withdrawn") {
            self = .withdrawn
        } else if Self.beginnings.contains(where: { text.contains($0) }) {
            self = .begun
        } else if Self.ends.contains(where: { text.contains($0) }) {
            self = .finished
        } else {
            self = .other
        }
    }

    private static let beginnings = [
        "is about to be reclaimed", "is being scaled in", "elevated risk of being reclaimed", "has maintenance ahead",
    ]
    private static let ends = ["is empty", "was not empty", "could not be drained", "is cordoned; its pods stay"]
}

extension String {
    /// Where `text` stands for the last time, counted in characters; -1 when it does not.
    fileprivate func lastPosition(of text: String) -> Int {
        ranges(of: text).last.map { distance(from: startIndex, to: $0.lowerBound) } ?? -1
    }
}
