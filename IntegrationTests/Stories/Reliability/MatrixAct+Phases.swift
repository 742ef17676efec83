import Simulators

extension MatrixAct {
    /// Arranges the stage before the program is started.
    func prepare() async throws {
        try await fault.prepare(self)
        if company == .alone { arrangePhase() }
        if phase == .start, !fault.beginsWithProgram { try await fault.begin(self) }
    }

    /// Arranges what makes the phase one that can be seen; company has been met by then, and suffers nothing of it.
    private func arrangePhase() {
        let cluster = stage.cluster
        switch phase {
        case .start, .idle, .noticeSeen: break
        case .cordoning: cluster.inject(ClusterFault(.unavailable, verb: "patch", resource: "nodes", times: 1))
        case .evicting:
            cluster.configure { $0.evictionLatency = .each(.milliseconds(200)) }
            cluster.inject(ClusterFault(.unavailable, verb: "create", resource: "pods/eviction", times: 1))
        case .waiting: cluster.addBudget("web", over: ["app": "web"], maxUnavailable: 0)
        case .notifying: stage.lab.webhooks.faults.add(.late(by: .milliseconds(200)), times: 1)
        case .completing:
            stage.lab.scaleIn()
            stage.lab.aws.faults.add(FaultRule(.status(503), action: "CompleteLifecycleAction", times: 1))
        case .givingBack:
            // A path that never announced anything has nothing to take back, which would take it ten seconds.
            stage.lab.metadata.update { $0.terminationTime = "never" }
        }
    }

    /// Returns when the phase has begun.
    func enter() async {
        let lab = stage.lab
        await stage.untilListening()
        if company != .alone {
            await meetCompany()
            forgetCompany()
            arrangePhase()
        }
        guard phase.isAfterNotice else { return }
        let reads = lab.metadata.log.count
        if phase == .completing { memory.notice(at: stage.cluster.resourceVersion) } else { notice() }
        switch phase {
        case .start, .idle: break
        case .noticeSeen:
            while !Task.isCancelled, program?.hasEnded != true {
                let news = lab.metadata.log.entries.dropFirst(reads)
                if news.contains(where: { $0.request.path.hasSuffix("spot/instance-action") }) { return }
                await stage.untilAsked(1)
            }
        case .cordoning: await stage.untilAsked { $0.method == "PATCH" }
        case .evicting: await stage.untilEvictions(1)
        case .waiting: await until { act in act.stage.cluster.removals.contains { $0.status == 429 } }
        case .notifying: _ = await lab.webhooks.log.entries(atLeast: 1)
        case .completing: await until { $0.stage.lab.aws.faults.sufferedCount > 0 }
        case .givingBack:
            await until { $0.isEmpty && $0.isToldByAll(.finished) && $0.stage.recordedNotices.contains($0.noticeID) }
            let before = lab.kubernetesLog.count
            memory.withdrawal(at: stage.cluster.resourceVersion)
            stage.cluster.inject(ClusterFault(.unavailable, verb: "patch", resource: "nodes", times: 1))
            lab.metadata.update { $0.withdrawAll() }
            await until { act in
                act.stage.lab.kubernetesLog.entries.dropFirst(before).contains { $0.request.method == "PATCH" }
            }
        }
        // Pods and messages do not wait for the cordon, so on a busy machine they may be ahead of it.
        if phase.hasRecord, phase != .givingBack { await until { $0.stage.recordedNotices.contains($0.noticeID) } }
    }

    /// Whether every channel was told, as before any fault it must be.
    private func isToldByAll(_ kind: Evidence.Message.Kind) -> Bool {
        Set(messages.filter { $0.kind == kind && $0.notice == noticeID }.map(\.channel)).isSuperset(of: Self.channels)
    }
}
