import Simulators

/// A drain that is killed at a moment that its seed decides, perhaps twice, and taken up by the next life.
struct RestartPlay: Sendable {
    /// A moment of a life: after so many requests of the drain, and so many reads of the metadata service more.
    struct Moment: Sendable {
        let requests: Int
        let reads: Int
    }

    /// What a person does to the node in the first life, before it is killed.
    enum Intrusion: Sendable, CaseIterable {
        case drain
        case uncordon
    }

    /// What decides everything else.
    let seed: UInt64
    /// What the notice meets.
    var company = Company.alone
    /// What a person does, and after how many requests of the first life's drain.
    var intrusion: (what: Intrusion, requests: Int)?
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

    /// The play of a seed in which another notice came before, and in two of three a person intrudes.
    init(inCompanyBySeed seed: UInt64) {
        self.init(seed: seed)
        var generator = SeededGenerator(seed: seed &+ 0x5EED)
        company = Company.others.randomElement(using: &generator) ?? .advice
        guard Int.random(in: 0..<3, using: &generator) > 0, let first = kills.first else { return }
        let what = Intrusion.allCases.randomElement(using: &generator) ?? .drain
        intrusion = (what, Int.random(in: 0...first.requests, using: &generator))
    }

    private static let fault = MatrixFault(
        dependency: "process", name: "killed", begin: { _ in }, signal: (.kill, .signalled(9)))

    /// Plays it; `nil` only when the stage could not be built.
    func play() async throws -> Evidence? {
        let cluster = MatrixAct.cluster()
        cluster.configure { $0.evictionLatency = .each(.milliseconds(100)) }
        let pods = MatrixAct.pods(of: cluster)
        let absentees = MatrixAct.absentees(of: cluster, for: company)
        let outcome = Outcome<Evidence>()
        try await Stage.play(cluster: cluster) { stage in
            let act = MatrixAct(
                stage: stage, fault: Self.fault, phase: .evicting, company: company, pods: pods, absentees: absentees)
            company.announce(in: stage.lab)
            let earlier = try await act.earlierLife()
            var lives: [(end: RunningProgram.End?, lines: [String])] = []
            for (index, moment) in kills.enumerated() {
                lives.append(
                    try await act.life { act in
                        await MatrixAct.limited {
                            try await act.dies(at: moment, intrusion: index == 0 ? intrusion : nil, isFirst: index == 0)
                        }
                    })
            }
            lives.append(
                try await act.life { act in
                    await MatrixAct.limited { await act.livesOn() }
                })
            var evidence = act.evidence(lives)
            evidence.earlierLife = earlier
            evidence.unreadNotice = earlier.flatMap { _ in act.unreadNotice(in: evidence.lines) }
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
    fileprivate func dies(
        at moment: RestartPlay.Moment, intrusion: (what: RestartPlay.Intrusion, requests: Int)?, isFirst: Bool
    ) async throws {
        if isFirst {
            await stage.untilListening()
            await meetCompany()
        }
        let before = drainRequests
        if isFirst { notice() }
        if let intrusion {
            await untilRequests(before + intrusion.requests)
            switch intrusion.what {
            case .drain: try await personDrains()
            case .uncordon: personUncordons()
            }
        }
        await untilRequests(before + moment.requests)
        if moment.reads > 0 { await stage.untilAsked(moment.reads) }
        program?.send(.kill)
        await program?.untilEnded()
    }

    /// Returns when that many requests of a drain came, or when it is over.
    private func untilRequests(_ count: Int) async {
        while !Task.isCancelled, drainRequests < count, !isOver {
            // Whichever is asked first; both are asked until the end of the play.
            await withTaskGroup(of: Void.self) { group in
                let (requests, reads) = (stage.lab.kubernetesLog.count, stage.lab.metadata.log.count)
                group.addTask { _ = await stage.lab.kubernetesLog.entries(atLeast: requests + 1) }
                group.addTask { _ = await stage.lab.metadata.log.entries(atLeast: reads + 1) }
                await group.next()
                group.cancelAll()
            }
        }
    }

    /// Lives until the drain is over and everybody was told, or would have been.
    fileprivate func livesOn() async {
        await until { $0.isEmpty && $0.isOver && $0.stage.isCordoned }
        let reads = stage.lab.metadata.log.count
        await until { $0.isTold(.finished) || $0.stage.lab.metadata.log.count > reads + 10 }
    }

    /// Whether the record says that the notice's drain is over.
    private var isOver: Bool {
        stage.record?["notices"]?.array?.contains {
            $0["id"]?.string == noticeID && $0["ending"]?.string != nil
        } ?? false
    }
}

extension RestartPlay: CustomStringConvertible {
    /// All that a person needs to see it again.
    var description: String {
        "seed \(seed), \(company.rawValue), \(intrusion.map { "a person: \($0)" } ?? "nobody intrudes"), \(kills)"
    }
}
