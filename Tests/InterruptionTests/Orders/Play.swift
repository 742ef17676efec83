@testable import Interruption

/// What orders are played against: the machine, or something that pretends to be it.
protocol Subject: Sendable {
    init(policy: DrainPolicy, sources: [String], anchor: WallClockAnchor, seed: UInt64, at now: Moment)
    mutating func start() -> [NodeMachine.Effect]
    mutating func take(_ input: NodeMachine.Input, at now: Moment) -> [NodeMachine.Effect]
    var wakeUp: Moment? { get }
}

extension NodeMachine: Subject {}

/// What every play shares.
enum Play {
    /// The world's time and the machine's differ by this much.
    static let anchor = WallClockAnchor(
        wall: WallTime(sinceEpoch: .seconds(1_800_000_000)), moment: Moment(sinceOrigin: .zero))

    /// Plays an order to rest, then takes every notice back and plays on; what promise was broken, if any.
    static func violation<Player: Subject>(
        of order: Order, by player: Player.Type, keeping promises: Set<Promise> = Set(Promise.allCases)
    ) -> Violation? {
        var play = World<Player>(order, promises: promises)
        play.run(order.steps)
        return play.witness.violation
    }
}

/// The world around one daemon: cloud, Node, drainer and people. It carries out what the machine decides as slowly as the order says.
struct World<Player: Subject> {
    /// A drain that runs.
    struct Drain {
        let run: NodeMachine.Run
        var deadline: Moment
        var told: DrainOrder.StopReason?
        /// When it is over at the latest.
        var end: Moment { told == nil ? deadline : min(deadline, patience) }
        var patience: Moment
        var isCordoned = false
        /// Whether its cordon may still be accepted.
        var mayCordon = true
        /// The end that it reached, while that is being written down.
        var reached: Report.Ending?
    }

    /// A write that is under way.
    enum Write {
        case note(Plan)
        case forget(NoticeID)
        case uncordon([NoticeID])
    }

    let order: Order
    let policy: DrainPolicy
    var subject: Player
    var witness: Witness
    var cloud = PlayedCloud()
    var node = PlayedNode()
    var now = Moment(sinceOrigin: .seconds(1000))
    var drain: Drain?
    var giveBack: (attempt: Int, keeping: Set<NoticeID>)?
    /// What a broken-off try may still do, until the next cordon.
    var lateGiveBack: (attempt: Int, keeping: Set<NoticeID>)?
    var writes: [Write] = []
    /// When the Node is read.
    var read: Moment?
    var watch: Int?
    var isFinished = false

    init(_ order: Order, promises: Set<Promise>) {
        self.order = order
        policy = Order.policies[order.policy]
        witness = Witness(policy: policy, promises: promises, at: now)
        subject = Player(
            policy: policy, sources: PlayedCloud.Source.allCases.map(\.name), anchor: Play.anchor, seed: order.seed,
            at: now)
    }

    /// Plays all of it.
    mutating func run(_ steps: [OrderStep]) {
        start()
        for step in steps {
            guard witness.violation == nil else { return }
            take(step)
        }
        comeToRest()
        witness.checkRest(cloud, node)
        for slot in PlayedCloud.Slot.allCases { cloud.withdraw(slot) }
        comeToRest()
        witness.checkRest(cloud, node)
    }

    private mutating func start() {
        for effect in subject.start() { carryOut(effect) }
    }

    /// A new life of the daemon.
    mutating func beginLife() {
        drain = nil
        giveBack = nil
        lateGiveBack = nil
        writes = []
        read = nil
        watch = nil
        isFinished = false
        cloud.beginLife()
        witness.beginLife(at: now)
        subject = Player(
            policy: policy, sources: PlayedCloud.Source.allCases.map(\.name), anchor: Play.anchor, seed: order.seed,
            at: now)
        start()
    }

    /// Tells the machine, has the witness look at the answer, and carries it out.
    mutating func tell(_ input: NodeMachine.Input) {
        guard !isFinished, witness.violation == nil else { return }
        hand(input)
        // A wake-up that is due does not wait; one that stays due would never end.
        guard let due = subject.wakeUp, due <= now else { return }
        hand(.timePassed)
        if let due = subject.wakeUp, due <= now { witness.broken(.neverStuck, "asks to be woken in the past for ever") }
    }

    private mutating func hand(_ input: NodeMachine.Input) {
        guard !isFinished else { return }
        let before = witness.claims
        witness.hear(input, at: now)
        let effects = subject.take(input, at: now)
        for effect in effects { witness.see(effect, answering: input, at: now) }
        witness.check(effects, answering: input, before: before, at: now)
        for effect in effects { carryOut(effect) }
    }

    private mutating func carryOut(_ effect: NodeMachine.Effect) {
        switch effect {
        case .readRecord(let pause): read = now.advanced(by: pause)
        case .drain(let run): drain = Drain(run: run, deadline: run.deadline.moment, patience: now)
        case .setDeadline(let deadline): drain?.deadline = deadline.moment
        case .endDrain(let reason):
            drain?.told = reason
            drain?.patience = now.advanced(by: .seconds(1))
        case .note(let plan): writes.append(.note(plan))
        case .forget(let id):
            writes.append(.forget(id))
            if drain?.run.plan.notice.id == id { drain?.mayCordon = false }
        case .noteUncordon(let ids, _): writes.append(.uncordon(ids))
        case .giveBack(_, let keeping, let attempt):
            checkTruth(keeping)
            giveBack = (attempt, keeping)
        case .endGiveBack:
            lateGiveBack = giveBack
            giveBack = nil
        case .watchNode(let number): watch = number
        case .unwatchNode: watch = nil
        case .finish: isFinished = true
        case .tell, .post, .tellCloud, .completeHook, .dropHook: break
        }
    }

    /// Whatever the machine knows: a notice that is recorded and stands must not be given back, unless the machine booted since.
    private mutating func checkTruth(_ keeping: Set<NoticeID>) {
        guard node.found?.hasRebooted == false else { return }
        for entry in node.entries where !keeping.contains(entry.id) && cloud.stands(entry.id) {
            // Its source said that it was taken back, and has not said otherwise since.
            guard !witness.takenBack.contains(entry.id) else { continue }
            witness.broken(.givesBackNothingWanted, "gives back for \(entry.id), which is recorded and stands")
        }
    }
}
