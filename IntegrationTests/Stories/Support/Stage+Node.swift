import Simulators

/// What stories do to the Node, and what they ask of it.
extension Stage {
    /// A person types `kubectl cordon`.
    func personCordons() { cluster.cordon(node: Stage.node) }

    /// A person types `kubectl uncordon`.
    func personUncordons() { cluster.uncordon(node: Stage.node) }

    /// The machine was started anew, and its node is not Ready yet.
    func reboots(isReady: Bool = true) {
        cluster.reboot(node: Stage.node)
        if !isReady { cluster.setReady(false, node: Stage.node) }
    }

    /// Whether the Node took pods at any moment since that version of the cluster.
    func wasSchedulable(since version: Int) -> Bool {
        let states = cluster.states(of: .nodes, Stage.node, since: version) ?? []
        return states.contains { $0["spec", "unschedulable"]?.bool != true }
    }

    /// The ids of the notices in our record on the Node.
    var recordedNotices: Set<String> {
        Set(record?["notices"]?.array?.compactMap { $0["id"]?.string } ?? [])
    }

    /// Leaves a record on the Node as an earlier life of the handler would have.
    func leaveRecord(_ text: String) {
        cluster.change(.nodes, Stage.node) { node in
            node.update("metadata") { metadata in
                metadata.update("annotations") { $0["interruption-handler.io/record"] = .string(text) }
            }
        }
    }

    /// The messages of the Kubernetes Events about the Node.
    var nodeEvents: [String] {
        cluster.objects(.events).compactMap { ($0["message"] ?? $0["note"])?.string }
    }

    /// The evictions and deletions of that pod that were asked for.
    func removals(of pod: String) -> [RemovalRecord] {
        cluster.removals.filter { $0.pod.name == pod && !$0.isDryRun }
    }

    /// A pod comes to the node that nobody had to schedule.
    func podArrives(_ name: String, _ template: PodTemplate = .web()) {
        cluster.addPod(name, on: Stage.node, template)
    }
}

/// The announcements of a story's machine.
extension Stage {
    /// The id of the notice of that kind, which the machine's id is a part of.
    func noticeID(_ kind: String) -> String { "\(kind)-\(lab.configuration.instance.id)" }

    /// The id of the stories' one maintenance.
    static let maintenance = "instance-event-0d59937288b749b32"

    /// The cloud takes the spot notice back, by both its paths.
    func withdrawSpot() {
        lab.metadata.update { state in
            state.spot = nil
            // A path that never announced anything has nothing to take back, which would take it ten seconds.
            state.terminationTime = "never"
        }
    }

    /// The cloud calls the maintenance off.
    func cancelMaintenance() {
        lab.metadata.update { state in
            for index in state.maintenance.indices { state.maintenance[index].state = "canceled" }
        }
    }
}
