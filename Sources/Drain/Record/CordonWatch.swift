import Interruption
import Kubernetes

/// Looks out for somebody who makes the node schedulable: by one watch of the node, and where that is not permitted by a look now and then.
struct CordonWatch: Sendable {
    let setting: DrainSetting
    let seed: UInt64

    /// Returns `true` when the node was seen schedulable, later than as we saw it last; `false` when the task is cancelled.
    func run() async -> Bool {
        var pause = Pause(seed: seed)
        var known = setting.keeper.node
        while !Task.isCancelled {
            do throws(KubernetesError) {
                let node: Node
                if let known { node = known } else { node = try await setting.readNode() }
                let began = setting.timeline.now
                guard node.isUnschedulable, try await stays(unschedulableFrom: node) else { return true }
                known = setting.keeper.node
                // A server that ends its watches at once must not be asked in a tight loop.
                if began.duration(to: setting.timeline.now) > .seconds(1) { pause.wentWell() }
                guard await setting.timeline.passes(pause.afterFailure()) else { return false }
            } catch {
                if Task.isCancelled { return false }
                guard error.isPassing else { return await look() }
                // A watch from where the last one broke tells what happened meanwhile; a look at the present does not.
                known = error == .expired ? nil : setting.keeper.node
                guard await setting.timeline.passes(pause.after(error)) else { return false }
            }
        }
        return false
    }

    /// Watches until the server ends that (`true`) or the node is seen schedulable (`false`).
    private func stays(unschedulableFrom node: Node) async throws(KubernetesError) -> Bool {
        let (setting, bell, flag) = (setting, Bell(), Flag())
        let answer = await racing(against: { await bell.wait() }) {
            await outcome { () throws(KubernetesError) in
                try await setting.api.watchNode(named: setting.nodeName, from: node.resourceVersion) { node in
                    setting.keeper.saw(node)
                    guard !node.isUnschedulable else { return }
                    flag.raise()
                    bell.ring()
                }
            }
        }
        if flag.isRaised { return false }
        try answer.get()
        return true
    }

    /// Reads the node now and then: often for the first minutes, in which a person is likely to act.
    private func look() async -> Bool {
        var looks = 0
        while await setting.timeline.passes(looks < 60 ? .seconds(5) : .seconds(60)) {
            looks += 1
            let answer = await outcome { () throws(KubernetesError) in try await setting.readNode() }
            if case .success(let node) = answer, !node.isUnschedulable { return true }
        }
        return false
    }
}
