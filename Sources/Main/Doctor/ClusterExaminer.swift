import Drain
public import Interruption
public import Kubernetes
public import Settings
import Transport

/// Asks the API server everything that a drain will ask of it, without changing anything.
public struct ClusterExaminer: Diagnosing {
    private let api: any ClusterAPI
    private let server: String
    private let settings: HandlerSettings
    private let machine: @Sendable () async -> MachineIdentity
    private let timeline: any Timeline
    private let anchor: WallClockAnchor

    /// An examiner of what `settings` need.
    ///
    /// - Parameters:
    ///   - api: Who is asked.
    ///   - server: Its address, for people.
    ///   - settings: What the daemon runs with.
    ///   - machine: What the cloud knows this machine as.
    ///   - timeline: Bounds the waiting.
    ///   - anchor: This machine's clock.
    public init(
        api: any ClusterAPI, server: String, settings: HandlerSettings,
        machine: @escaping @Sendable () async -> MachineIdentity, timeline: any Timeline, anchor: WallClockAnchor
    ) {
        self.api = api
        self.server = server
        self.settings = settings
        self.machine = machine
        self.timeline = timeline
        self.anchor = anchor
    }

    /// The API server, the clock, the permissions and the node. When nobody answers, that is the only diagnosis.
    public func diagnoses(within time: Duration) async -> [Diagnosis] {
        async let version = bounded(time) { await greeting() }
        async let permissions = permissionDiagnoses(within: time)
        async let node = nodeDiagnoses(within: time)
        let (door, isOpen) = doorDiagnoses(await version)
        let rest = await permissions + node
        return isOpen ? door + rest : door
    }

    private func bounded<Value: Sendable>(
        _ time: Duration, _ body: @escaping @Sendable () async -> Result<Value, KubernetesError>
    ) async -> Result<Value, KubernetesError> {
        await timeline.answer(within: time, of: body) ?? .failure(.timedOut)
    }
}

extension ClusterExaminer {
    private struct Greeting: Sendable {
        var version: ServerVersion
        var clock: ClockComparison
    }

    private func greeting() async -> Result<Greeting, KubernetesError> {
        let sent = timeline.now
        do throws(KubernetesError) {
            let version = try await api.serverVersion()
            let middle = sent.advanced(by: sent.duration(to: timeline.now) / 2)
            return .success(
                Greeting(version: version, clock: ClockComparison(ours: anchor.wall(at: middle), date: version.date)))
        } catch {
            return .failure(error)
        }
    }

    private func doorDiagnoses(_ answer: Result<Greeting, KubernetesError>) -> ([Diagnosis], isOpen: Bool) {
        switch answer {
        case .success(let greeting):
            let words = "\(server) answers, \(greeting.version.gitVersion)"
            return ([Diagnosis("api server", .ok, words), greeting.clock.diagnosis], true)
        case .failure(let error):
            let isOpen = error.saysSomethingOfTheRest
            let words = "\(server): \(error.words)"
            return ([Diagnosis("api server", isOpen ? .warn : .fail, words, advice: error.doorAdvice)], isOpen)
        }
    }
}

extension ClusterExaminer {
    private func permissionDiagnoses(within time: Duration) async -> [Diagnosis] {
        let answers = await withTaskGroup(of: (Permission, Result<Bool, KubernetesError>).self) { group in
            for permission in Permission.all {
                group.addTask { (permission, await bounded(time) { await may(permission) }) }
            }
            var answers: [Permission: Result<Bool, KubernetesError>] = [:]
            for await (permission, answer) in group { answers[permission] = answer }
            return answers
        }
        return PermissionReview(needed: Permission.needed(by: settings), answers: answers).diagnoses
    }

    private func may(_ permission: Permission) async -> Result<Bool, KubernetesError> {
        // Events about a Node live in `default`; everything else is asked for in all namespaces.
        let isNodeEvent = permission.resource == "events" && !settings.marks.writesPodEvents
        let question = AccessQuestion(
            verb: permission.verb, group: permission.group, resource: permission.resource,
            subresource: permission.subresource, name: permission.resource == "nodes" ? settings.nodeName : nil,
            namespace: isNodeEvent ? "default" : nil)
        do throws(KubernetesError) {
            return .success(try await api.may(question))
        } catch {
            return .failure(error)
        }
    }
}

extension ClusterExaminer {
    private func nodeDiagnoses(within time: Duration) async -> [Diagnosis] {
        async let answer = bounded(time) { await node() }
        async let machine = timeline.answer(within: time, of: machine)
        let identity = await machine ?? MachineIdentity()
        switch await answer {
        case .success(let node): return [NodeSight(node: node, machine: identity).diagnosis]
        case .failure(let error):
            let name = settings.nodeName ?? "this node, by our own pod"
            let advice =
                error == .notFound
                ? "set --node-name (NODE_NAME) to the name that `kubectl get nodes` shows"
                : "the API server must let us read this node"
            return [Diagnosis("node", .fail, "\(name): \(error.words)", advice: advice)]
        }
    }

    private func node() async -> Result<Node, KubernetesError> {
        do throws(KubernetesError) {
            return .success(try await api.node(named: try await nodeName()))
        } catch {
            return .failure(error)
        }
    }

    private func nodeName() async throws(KubernetesError) -> String {
        if let name = settings.nodeName { return name }
        guard let own = settings.ownPod else { throw .notFound }
        guard let name = try await api.pod(named: own.name, namespace: own.namespace).nodeName else { throw .notFound }
        return name
    }
}

/// A Node as it was read, and the machine that we are on.
struct NodeSight: Sendable {
    let node: Node
    let machine: MachineIdentity

    /// What that means.
    var diagnosis: Diagnosis {
        if let ours = machine.instanceID, let theirs = node.providerID, !theirs.hasSuffix("/" + ours) {
            return Diagnosis(
                "node", .fail, "\(node.name) is \(theirs), but this machine is \(ours)",
                advice: "set --node-name (NODE_NAME) to the Node of this machine, or another would be emptied")
        }
        let state = node.isUnschedulable ? "cordoned" : "schedulable"
        if node.annotations[MarkSettings.recordKey] != nil {
            return Diagnosis(
                "node", .ok, "\(node.name) is \(state) and carries a record of ours: a drain, or what is left of one")
        }
        if node.isUnschedulable {
            return Diagnosis(
                "node", .warn, "\(node.name) is cordoned already, and not by us",
                advice: "it stays so when a notice is withdrawn; `kubectl uncordon` if that is not meant")
        }
        guard node.isReady else {
            return Diagnosis(
                "node", .warn, "\(node.name) is schedulable but not Ready", advice: "see `kubectl describe node`")
        }
        return Diagnosis("node", .ok, "\(node.name) is schedulable and Ready, without a record of ours")
    }
}

extension KubernetesError {
    /// Whether other requests may be answered all the same.
    fileprivate var saysSomethingOfTheRest: Bool {
        switch self {
        case .unanswered, .unauthorized, .credentialsUnavailable: false
        default: true
        }
    }

    /// What to do when the API server does not even tell its version.
    fileprivate var doorAdvice: String {
        switch self {
        case .unauthorized: "the token is not accepted: renew it, or name another kubeconfig or context"
        case .credentialsUnavailable: "mend the token file or the exec plugin that the configuration names"
        case .unanswered(.untrusted): "the server's certificate is not of the authority that the configuration names"
        case .unanswered: "check the address, network policies and firewalls between this pod and the API server"
        default: "see the API server's own log"
        }
    }
}
