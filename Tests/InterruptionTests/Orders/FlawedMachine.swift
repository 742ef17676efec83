@testable import Interruption

/// The machine with one flaw, by which it breaks one promise: the witness must see it.
struct FlawedMachine: Subject {
    /// The promise that is broken.
    @TaskLocal static var flaw = Promise.served

    private var machine: NodeMachine
    private var heard: [NoticeID: Moment] = [:]
    private let flaw = Self.flaw

    init(policy: DrainPolicy, sources: [String], anchor: WallClockAnchor, seed: UInt64, at now: Moment) {
        machine = NodeMachine(policy: policy, sources: sources, anchor: anchor, seed: seed, at: now)
    }

    var wakeUp: Moment? { flaw == .neverStuck ? Moment(sinceOrigin: .zero) : machine.wakeUp }

    mutating func start() -> [NodeMachine.Effect] { machine.start() }

    mutating func take(_ input: NodeMachine.Input, at now: Moment) -> [NodeMachine.Effect] {
        guard let misheard = misheard(input) else { return machine.take(.timePassed, at: now) }
        var effects = machine.take(misheard, at: now)
        switch (flaw, input) {
        case (.pauses, .drainEnded):
            effects += machine.take(.timePassed, at: now.advanced(by: .seconds(400)))
        case (.oneAtATime, .drainEnded):
            effects.append(.endDrain(.stopping))
        default: break
        }
        return effects.flatMap { flawed($0, at: now) }
    }

    /// What the machine understands instead; `nil` when it does not listen.
    private mutating func misheard(_ input: NodeMachine.Input) -> NodeMachine.Input? {
        switch (flaw, input) {
        case (.served, .announced(let notice)): return notice.kind == .reclaim ? nil : input
        case (.announcedAnew, .announced(let notice)):
            let first = heard[notice.id] ?? notice.deadline.moment
            heard[notice.id] = first
            return notice.deadline.moment > first ? nil : input
        case (.failureServesNothing, .drainEnded(let run, var report)), (.lateNotice, .drainEnded(let run, var report)):
            if report.ending == .failed { report.ending = .empty }
            return .drainEnded(run: run, report)
        case (.ownSource, .sourceFails(let name, _)): return .sourceAnswers(name)
        case (.stillEmpty, .uncordoned): return nil
        default: return input
        }
    }

    /// What becomes of an effect.
    private func flawed(_ effect: NodeMachine.Effect, at now: Moment) -> [NodeMachine.Effect] {
        switch (flaw, effect) {
        case (.begunAtOnce, .drain), (.endsGiveBack, .endGiveBack), (.strongest, .endDrain(.superseded)),
            (.deadline, .setDeadline), (.messagesInOrder, .post(.outcome, _)), (.givesBack, .giveBack),
            (.uncordonSeen, .watchNode), (.givenUp, .endDrain(.unwanted)), (.recordTold, .tell(.recordFound)),
            (.recorded, .forget), (.hooks, .completeHook), (.cloudTold, .tellCloud), (.finishes, .finish):
            return []
        case (.seenOnce, .post(.seen, _)): return [effect, effect]
        case (.noPastDeadline, .drain(var run)):
            run.deadline = Deadline(moment: now, wall: Play.anchor.wall(at: now), certainty: .assumed)
            return [.drain(run)]
        case (.takenBackWords, .post(.withdrawn(let notice, let reason, let leftovers, _), let expiry)):
            return [
                .post(.withdrawn(notice, because: reason, leftovers: leftovers, standing: nil), expiry: expiry)
            ]
        case (.givesBackNothingWanted, .giveBack(let reason, _, let attempt)):
            return [.giveBack(because: reason, keeping: [.operatorRequest], attempt: attempt)]
        case (.personsCordon, .giveBack(let reason, let keeping, let attempt)):
            return [.giveBack(because: reason, keeping: keeping.subtracting([.operatorRequest]), attempt: attempt)]
        default: return [effect]
        }
    }
}
