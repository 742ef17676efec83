import Simulators

/// A drain that is killed at a moment that its seed decides, perhaps twice, and taken up by the next life.
struct RestartPlay: Sendable {
    /// A moment of a life: after so many requests of the drain, and so many reads of the metadata service more.
    struct Moment: Sendable {
        let requests: Int
        let reads: Int
    }

    /// What decides everything else.
    let seed: UInt64
    /// When the lives but the last are killed, counted from the notice and from the next life's start.
    let kills: [Moment]

    /// About as many requests as a drain of this size takes.
    private static let requests = 1...20

    /// The play of a seed.
    init(seed: UInt64) {
        self.seed = seed
        var generator = SeededGenerator(seed: seed)
        let isTwice = Int.random(in: 0..<4, using: &generator) == 0
        kills = (0..<(isTwice ? 2 : 1)).map { _ in
            let requests = Int.random(in: Self.requests, using: &generator)
            return Moment(requests: requests, reads: Int.random(in: 0...2, using: &generator))
        }
    }

    private static let fault = MatrixFault(
        dependency: "process", name: "killed", begin: { _ in }, signal: (.kill, .signalled(9)))

    /// Plays it; `nil` only when the stage could not be built.
    func play() async throws -> Evidence? {
        let cluster = MatrixAct.cluster()
        cluster.configure { $0.evictionLatency = .each(.milliseconds(100)) }
        let pods = MatrixAct.pods(of: cluster)
        let outcome = Outcome<Evidence>()
        try await Stage.play(cluster: cluster) { stage in
            let act = MatrixAct(stage: stage, fault: Self.fault, phase: .evicting, pods: pods)
            var lives: [(end: RunningProgram.End?, lines: [String])] = []
            for (index, moment) in kills.enumerated() {
                lives.append(
                    try await act.life { act in
                        await MatrixAct.limited { await act.dies(at: moment, isFirst: index == 0) }
                    })
            }
            lives.append(
                try await act.life { act in
                    await MatrixAct.limited { await act.livesOn() }
                })
            var evidence = act.evidence(lives)
            for index in kills.indices { evidence.lives[index].told = .signalled(9) }
            outcome.set(evidence)
        }
        return outcome.value
    }
}

extension MatrixAct {
    /// How many requests of a drain came; what is asked at start is none of them.
    private var drainRequests: Int {
        stage.lab.kubernetesLog.entries.count { entry in
            !entry.request.path.contains("selfsubject") && !entry.request.path.hasPrefix("/version")
        }
    }

    /// Lives until the moment, or until there is nothing left to do.
    fileprivate func dies(at moment: RestartPlay.Moment, isFirst: Bool) async {
        let before: Int
        if isFirst {
            await stage.untilListening()
            before = drainRequests
            stage.lab.metadata.noticeSpot(in: .seconds(120))
        } else {
            before = drainRequests
        }
        while !Task.isCancelled, drainRequests < before + moment.requests, !isOver {
            // Whichever is asked first; both are asked until the end of the play.
            await withTaskGroup(of: Void.self) { group in
                let (requests, reads) = (stage.lab.kubernetesLog.count, stage.lab.metadata.log.count)
                group.addTask { _ = await stage.lab.kubernetesLog.entries(atLeast: requests + 1) }
                group.addTask { _ = await stage.lab.metadata.log.entries(atLeast: reads + 1) }
                await group.next()
                group.cancelAll()
            }
        }
        if moment.reads > 0 { await stage.untilAsked(moment.reads) }
        program?.send(.kill)
        await program?.untilEnded()
    }

    /// Lives until the drain is over and everybody was told, or would have been.
    fileprivate func livesOn() async {
        await until { $0.isEmpty && $0.isOver }
        let reads = stage.lab.metadata.log.count
        await until { $0.isTold(.finished) || $0.stage.lab.metadata.log.count > reads + 10 }
    }

    /// Whether the record says that the drain is over.
    private var isOver: Bool {
        stage.record?["notices"]?.array?.contains { $0["ending"]?.string != nil } ?? false
    }
}

/// What two hundred restarts came to.
struct RestartCounts: Sendable {
    let lines: [String]

    /// Counts what was seen.
    init(_ evidence: [Evidence], first: UInt64, took: Duration) {
        func lost(_ kind: Evidence.Message.Kind) -> Int {
            evidence.count { play in
                !MatrixAct.channels.isSubset(of: Set(play.messages.filter { $0.kind == kind }.map(\.channel)))
            }
        }
        let violations = evidence.flatMap(\.violations)
        let seeds = "\(first)…\(first + UInt64(max(1, evidence.count)) - 1)"
        lines =
            [
                "| drains that were killed, seeds \(seeds) | \(evidence.count) |",
                "| kills | \(evidence.reduce(0) { $0 + $1.lives.count - 1 }) |",
                "| lives that took up a drain from the record | "
                    + "\(evidence.reduce(0) { $0 + $1.lines.count { $0.contains("drain of an earlier life goes on") } }) |",
                "| first messages lost between record and channel | \(lost(.begun)) |",
                "| second messages lost between record and channel | \(lost(.finished)) |",
            ]
            + Violation.Kind.allCases.map { kind in
                "| \(kind.rawValue) | \(violations.count { $0.kind == kind }) |"
            } + ["| seconds for all, three at a time | \(took.components.seconds) |"]
    }
}
