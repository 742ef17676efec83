/// What this node is doing about the notices that stand, and every decision about it. A pure state machine: inputs say what happened,
/// effects say what to do, time is an argument. `docs/the-machine.md` draws it and says its invariants.
///
/// Several notices can stand at once. One drain at a time serves all of them: with the strongest of their strategies and the earliest of
/// their deadlines that are still ahead. Each notice still has its own pair of messages.
public struct NodeMachine: Sendable {
    /// What the node is at.
    enum Phase: Sendable, Hashable {
        /// Nothing runs: all that stands is served or given up, or waits for its next try. Next: draining, givingBack, finished.
        case resting
        /// A drain runs. Next: ending, resting.
        case draining(Run)
        /// A running drain was told to end early. Next: resting.
        case ending(Run)
        /// What we did is being undone. Next: resting.
        case givingBack(Debt, attempt: Int)
        /// Stopped for good. Next: none.
        case finished
    }

    /// How long notices wait for the record at start. An API server that hangs must not cost more; a message may then be sent twice.
    public static let recordPatience = Duration.seconds(1)

    private(set) var phase = Phase.resting
    var standing: [Standing] = []
    /// Notices whose kind is ignored, so that each is told once.
    var ignored: Set<NoticeID> = []
    /// What is to be undone; `nil` when nothing of ours is.
    var owed: Debt?
    /// Whether the record was read in this life: before that nobody knows what is to be undone, and for whom it stays.
    var hasReadRecord = false
    /// What was taken back before that: the record may name it still.
    var takenBackUnread: Set<NoticeID> = []
    var sources: SourceLedger
    var firstWords = FirstWords()
    var drainPause = RetryPause()
    var giveBackPause = RetryPause()
    var readPause = RetryPause()
    var isStopping = false
    /// Who is looking out for a person who makes the node schedulable; `nil` when nobody is.
    var watch: Int?
    /// How often that was seen while a certain loss stood.
    var uncordonCount = 0
    /// Notices that wait for the record, and until when; `nil` once it is known, or was waited for long enough.
    var kept: (notices: [Notice], until: Moment)?
    var generator: SeededGenerator
    private var count = 0
    let policy: DrainPolicy
    let anchor: WallClockAnchor

    /// Why the node is to be given back, and the notices whose last message waits for that.
    struct Debt: Sendable, Hashable {
        var reason: String
        var takenBack: [TakenBack] = []
    }

    /// A notice that was taken back, and why.
    struct TakenBack: Sendable, Hashable {
        let notice: Notice
        let reason: String
        /// Whether people were told of it, and have to be told of this.
        let isTold: Bool
    }

    /// A machine for a node whose record is not known yet. `sources` are the names of those who may announce something, `anchor` gives
    /// assumed deadlines their time of day, and jitter comes from `seed`.
    public init(policy: DrainPolicy, sources: [String], anchor: WallClockAnchor, seed: UInt64, at now: Moment) {
        self.policy = policy
        self.sources = SourceLedger(sources)
        self.anchor = anchor
        kept = ([], now.advanced(by: Self.recordPatience))
        generator = SeededGenerator(seed: seed)
    }

    /// The first effects of a life.
    public func start() -> [Effect] { [.readRecord(after: .zero)] }

    /// Whether everything has ended.
    public var isFinished: Bool { phase == .finished }

    /// Takes what happened, and decides what to do.
    public mutating func take(_ input: Input, at now: Moment) -> [Effect] {
        guard phase != .finished else { return [] }
        var effects = answer(to: input, at: now)
        for id in sources.goneSilent(among: standing, at: now) {
            effects += withdrawn(id, because: "no longer announced")
        }
        effects += releaseKept(at: now)
        effects += firstWords.due(at: now)
        effects += next(at: now)
        effects += followDeadline(at: now)
        return effects
    }

    /// When the machine wants to be woken with `timePassed`, if nothing else happens; may be past.
    public var wakeUp: Moment? {
        guard phase != .finished else { return nil }
        var moments = [kept?.until, firstWords.wakeUp, sources.wakeUp(among: standing)]
        if phase == .resting {
            if standing.contains(where: \.asksForDrain) {
                moments.append(drainPause.until)
            } else if owed != nil, hasReadRecord {
                moments.append(giveBackPause.until)
            }
        }
        return moments.compactMap(\.self).min()
    }

    private mutating func answer(to input: Input, at now: Moment) -> [Effect] {
        switch input {
        case .announced(let notice):
            return announced(notice, at: now)
        case .withdrawn(let id, let reason):
            return withdrawn(id, because: reason)
        case .sourceAnswers(let name):
            return sources.answers(name, at: now) ? [.tell(.sourceHealthy(name))] : []
        case .sourceFails(let name, let reason):
            sources.fails(name)
            return [.tell(.sourceDegraded(name, because: reason))]
        case .recordRead(let found):
            return found.map { resume($0, at: now) } ?? recordIsKnown(at: now)
        case .recordUnreadable(let words):
            kept?.until = now
            readPause.failed(at: now, first: .milliseconds(500), limit: .seconds(15), using: &generator)
            let pause = readPause.until.map { now.duration(to: $0) } ?? .zero
            return [.tell(.recordUnreadable(words)), .readRecord(after: pause)]
        case .cordoned(let run):
            return cordoned(run: run)
        case .foundUncordoned(let run):
            return foundUncordoned(run: run, at: now)
        case .written(let id):
            return firstWords.say(id)
        case .drainEnded(let run, let report):
            return drainEnded(run, report, at: now)
        case .gaveBack(let attempt, let leftovers):
            return gaveBack(attempt, leftovers: leftovers)
        case .giveBackFailed(let attempt, let words):
            return giveBackFailed(attempt, words, at: now)
        case .uncordoned(let number):
            return uncordoned(watch: number, at: now)
        case .timePassed:
            return []
        case .stop:
            return stop()
        }
    }

    /// Moves to another phase; the only place that does.
    mutating func enter(_ next: Phase) { phase = next }

    /// A number that no run or try had before.
    mutating func nextNumber() -> Int {
        count += 1
        return count
    }
}

// MARK: - What is next

extension NodeMachine {
    /// The strongest of the notices that ask for a drain.
    var strongest: Standing? {
        standing.filter(\.asksForDrain).max { $0.isWeaker(than: $1) }
    }

    /// Whether a notice stands for which the node is to be kept empty, or cordoned.
    var hasClaims: Bool { standing.contains { $0.service != .givenUp } }

    /// What is next, wherever something ended or something new came: the one place that begins anything.
    mutating func next(at now: Moment) -> [Effect] {
        guard phase == .resting, kept == nil || isStopping else { return [] }
        if isStopping {
            enter(.finished)
            return [.finish]
        }
        if let strongest {
            return drainPause.isOver(at: now) ? begin(strongest, at: now) : []
        }
        guard let debt = owed, hasReadRecord, !hasClaims, giveBackPause.isOver(at: now) else { return [] }
        let attempt = nextNumber()
        owed = nil
        enter(.givingBack(debt, attempt: attempt))
        let keeping = Set(standing.map(\.id)).union([.operatorRequest])
        return endWatch() + [.giveBack(because: debt.reason, keeping: keeping, attempt: attempt)]
    }

    private mutating func begin(_ standing: Standing, at now: Moment) -> [Effect] {
        let overtime = overtime(for: standing.plan, from: now)
        let number = nextNumber()
        update(standing.id) { standing in
            standing.overtime = nil
            if !standing.isAhead(at: now) { standing.overtime = overtime }
        }
        for place in self.standing.indices where self.standing[place].asksForDrain {
            self.standing[place].joined = number
        }
        let run = Run(
            number: number, plan: standing.plan, arrival: standing.arrival,
            deadline: deadline(for: standing.plan, at: now))
        enter(.draining(run))
        return [.tell(.drainBegun(run.plan)), .drain(run)] + noteOthers(than: standing.id)
    }

    /// What there is at `now` for a notice whose time has passed: a guess, and while the cloud may wait no more than before.
    func overtime(for plan: Plan, from now: Moment) -> Deadline {
        let end = now.advanced(by: Standing.overtimeLength)
        let isOpen = plan.notice.deadline.certainty == .open
        return Deadline(moment: end, wall: anchor.wall(at: end), certainty: isOpen ? .open : .assumed)
    }

    /// The drain that runs serves these, too, and the record should say so.
    private mutating func noteOthers(than id: NoticeID) -> [Effect] {
        standing.filter { $0.asksForDrain && !$0.isNoted && $0.id != id }.map { other in
            update(other.id) { $0.isNoted = true }
            return .note(other.plan)
        }
    }

    /// The deadline that rules a drain for `plan` at `now`: the earliest that is still ahead of the notices that move pods. What has
    /// passed was wrong about the machine, and rules nobody.
    func deadline(for plan: Plan, at now: Moment) -> Deadline {
        let moving = standing.filter { $0.plan.strategy != .cordonOnly }.compactMap { $0.deadline(ruling: now) }
        let ahead = moving.isEmpty ? standing.compactMap { $0.deadline(ruling: now) } : moving
        return ahead.min { $0.moment < $1.moment } ?? plan.notice.deadline
    }

    /// Tells a running drain when its deadline is another one now.
    private mutating func followDeadline(at now: Moment) -> [Effect] {
        guard case .draining(var run) = phase else { return [] }
        // What has passed ends the run just now, and what comes then is decided there.
        guard run.deadline.moment > now else { return [] }
        var deadline = deadline(for: run.plan, at: now)
        if deadline.moment <= now {
            deadline = overtime(for: run.plan, from: now)
            update(run.plan.notice.id) { $0.overtime = deadline }
        }
        guard deadline != run.deadline else { return [] }
        run.deadline = deadline
        enter(.draining(run))
        return [.setDeadline(deadline), .tell(.deadlineMoved(deadline, timeLeft: deadline.timeLeft(at: now)))]
    }

    /// Changes the notice of that identity, if it stands.
    mutating func update(_ id: NoticeID, _ change: (inout Standing) -> Void) {
        guard let place = standing.firstIndex(where: { $0.id == id }) else { return }
        change(&standing[place])
    }
}
