import ArgumentParser
import Drain
import Interruption
import Kubernetes
import Settings
import Transport

/// What a person's commands need: the API server, the drainer, and a plan under the time that the person gave.
struct OperatorDesk: Sendable {
    let nodeName: String
    let workplace: Workplace
    let settings: HandlerSettings
    let transport: CurlTransport
    let client: KubernetesClient
    private let api: any ClusterAPI
    let plan: Plan
    let start: Moment

    /// A desk, or the problems with the settings, printed, and an exit status thrown. Nobody takes the machine of a
    /// person's drain away, so unless `escalatesUnasked` budgets are only overruled where that was asked for.
    init(
        flags groups: [[String: [String]]], within: String, nodeName: String, escalatesUnasked: Bool = true
    ) throws {
        let workplace = Workplace()
        let flags = groups.reduce(into: [:]) { $0.merge($1) { first, _ in first } }
        let intake = Intake(flags: flags, in: workplace, needsNode: false)
        let time = Duration(setting: within).flatMap { $0 >= .seconds(1) ? $0 : nil }
        if time == nil {
            Terminal.write(
                "interruption-handler: --within: '\(within)' is not accepted; accepted: a duration of at least 1s\n",
                to: .standardError)
        }
        try intake.refuseProblems()
        guard let time else { throw ExitCode(64) }
        guard let cluster = intake.cluster else { throw ExitCode(78) }
        self.nodeName = nodeName
        self.workplace = workplace
        settings = intake.settings
        transport = try CurlTransport(authorities: workplace.authorities)
        client = KubernetesClient(
            configuration: cluster, transport: transport, clock: workplace.timeline,
            userAgent: "interruption-handler/\(Version.text)")
        start = workplace.timeline.now
        let isEscalationGiven =
            flags[Setting.escalate.name] != nil
            || Setting.escalate.variables.contains { !(workplace.environment[$0] ?? "").isEmpty }
        let policy = settings.policy
        let notice = Notice(
            id: .operatorRequest, kind: .maintenance,
            deadline: Deadline(
                at: workplace.anchor.wall(at: start.advanced(by: time)), by: workplace.anchor, certainty: .announced),
            words: "asked for by a person")
        plan = Plan(
            notice: notice, strategy: policy.strategies.strategy(for: .reclaim) ?? .evict,
            escalates: policy.escalates && (escalatesUnasked || isEscalationGiven), graceLimit: policy.graceLimit,
            margin: policy.margin)
        api =
            settings.isDryRun
            ? DryRunCluster(client, timeline: workplace.timeline) {
                Terminal.write("dry run: \($0)\n", to: .standardError)
            } : client
    }

    /// The drainer of the node that was named.
    var drainer: ClusterDrainer { drainer(of: nodeName) }

    /// The drainer of any node.
    func drainer(of node: String) -> ClusterDrainer {
        ClusterDrainer(
            api: api, nodeName: node, ownPod: nil, marks: MarkSettings(settings.marks),
            timeline: workplace.timeline, anchor: workplace.anchor, inFlight: settings.inFlight, isPersons: true,
            volumeMargin: settings.volumeMargin, settle: settings.settle, noExecuteLead: settings.marks.noExecuteLead)
    }

    /// Refuses a name that no node has: a typing mistake must not look like a node that is empty. Whatever else the API
    /// server answers, or does not, is the command's own affair.
    func refuseUnknownNode() async throws {
        do throws(KubernetesError) {
            _ = try await client.node(named: nodeName)
        } catch .notFound {
            Terminal.write("interruption-handler: there is no node '\(nodeName)'\n", to: .standardError)
            throw ExitCode(1)
        } catch {
            return
        }
    }

    /// Runs `body` while the connection to the API server is watched over.
    func watchedOver<Value: Sendable>(_ body: @Sendable () async -> Value) async -> Value {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await client.connectionGuard.run() }
            let value = await body()
            group.cancelAll()
            return value
        }
    }

    /// Closes the connections.
    func close() {
        transport.close()
    }
}
