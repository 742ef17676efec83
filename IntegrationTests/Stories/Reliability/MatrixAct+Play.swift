import Simulators

extension MatrixAct {
    /// Plays a cell; answers what was seen, and how long it took.
    static func play(_ cell: MatrixCell) async throws -> Evidence? {
        let cluster = cluster()
        let pods = pods(of: cluster)
        let absentees = absentees(of: cluster, for: cell.company)
        let outcome = Outcome<Evidence>()
        let change: @Sendable (inout LabConfiguration) -> Void = { configuration in
            if let offset = cell.fault.worldOffset { configuration.clock = MovedWallClock(offset: offset) }
            // A drain with a hook stays a quarter of its time for those who come late.
            for group in configuration.groups.indices {
                for hook in configuration.groups[group].hooks.indices {
                    configuration.groups[group].hooks[hook].heartbeatTimeout = .seconds(24)
                }
            }
        }
        try await Stage.play(cluster: cluster, changing: change) { stage in
            let act = MatrixAct(
                stage: stage, fault: cell.fault, phase: cell.phase, company: cell.company, pods: pods,
                absentees: absentees)
            act.company.announce(in: stage.lab)
            let earlier = try await act.earlierLife()
            try await act.prepare()
            let lives = try await act.lives()
            var evidence = act.evidence(lives)
            evidence.earlierLife = earlier
            evidence.unreadNotice = earlier.flatMap { _ in act.unreadNotice(in: evidence.lines) }
            outcome.set(evidence)
        }
        return outcome.value
    }

    private func lives() async throws -> [(end: RunningProgram.End?, lines: [String])] {
        let first = try await life { act in
            await Self.limited {
                try await act.perform()
            }
        }
        guard fault.signal != nil else { return [first] }
        let second = try await life { act in
            await Self.limited {
                if !phase.isAfterNotice {
                    await act.meetCompany()
                    act.notice()
                }
                await act.settle()
            }
        }
        return [first, second]
    }

    private func perform() async throws {
        guard let program else { return }
        if phase == .start {
            if fault.beginsWithProgram {
                _ = await stage.lab.metadata.log.entries(atLeast: 1)
                try await fault.begin(self)
            }
        } else {
            await enter()
            try await fault.begin(self)
        }
        if let (signal, _) = fault.signal {
            program.send(signal)
            return await program.untilEnded()
        }
        // A fault of the metadata service hides the notice; every other is met by what the notice sets off.
        if phase == .idle, !fault.isOfMetadata { notice() }
        await last()
        if phase == .idle, fault.isOfMetadata { notice() }
        try await fault.end(self)
        if phase == .start {
            await stage.untilListening()
            await meetCompany()
            notice()
        }
        await settle()
    }

    /// Waits until the play is over.
    private func settle() async {
        openBudget()
        await until { $0.isEmpty }
        if phase == .givingBack {
            let isLeft = fault.ending(in: phase) == .leftToPerson
            return await until { isLeft ? $0.isLeftToPerson : $0.isGivenBack }
        }
        await until { $0.isTold(.finished) && $0.stage.isCordoned }
        if phase == .completing, fault.ending(in: phase) == .completed { await until { $0.isHookCompleted } }
        if fault.isDetached, phase != .completing { await until { $0.isDetached } }
    }

    private func openBudget() {
        if phase == .waiting { stage.cluster.remove(.podDisruptionBudgets, "web", in: "default") }
    }

    /// Returns when the fault has lasted as long as it should.
    private func last() async {
        switch fault.lasting {
        case .reads(let count): await stage.untilAsked(count)
        case .warning:
            // Where it has to say in time that it is well again: the source that is read most often.
            let sources =
                fault.endings[phase] == .recovered ? ["spot"] : ["spot", "rebalance", "maintenance", "scale-in"]
            _ = await program?.line { line in
                line.contains("metadata source does not answer as it should")
                    && sources.contains { line.contains(#""source":"\#($0)""#) }
            }
        case .moment: break
        case .drain:
            guard phase != .start else { return }
            openBudget()
            await until { $0.isEmpty }
        }
    }

    /// Announces that the machine goes away.
    func notice() {
        memory.notice(at: stage.cluster.resourceVersion)
        stage.lab.metadata.noticeSpot(in: .seconds(120))
    }

    /// Returns when it is so; looks each time that anybody is asked something.
    func until(_ isSo: @Sendable (MatrixAct) -> Bool) async {
        while !Task.isCancelled, !isSo(self), program?.hasEnded != true { await stage.untilAsked(1) }
    }

    /// Plays within a time that only a play that hangs needs; what it lacks then, the judge sees.
    static func limited(_ body: @escaping @Sendable () async throws -> Void) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                // A play that could not go on shows in the evidence.
                try? await body()
            }
            group.addTask {
                // Ends early by cancellation, when the play is over.
                try? await ContinuousClock().sleep(for: .seconds(80))
            }
            await group.next()
            group.cancelAll()
        }
    }
}
