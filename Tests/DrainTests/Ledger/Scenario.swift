import Interruption
import Kubernetes
import Transport

@testable import Drain

/// A random drain, played by the ledger alone: pods, answers, deadline and kubelet come from a seed, and every decision
/// is checked.
struct Scenario {
    /// What went against the rules, with the seed that shows it.
    struct Violation: Error, CustomStringConvertible {
        var seed: UInt64
        var words: String
        var description: String { "seed \(seed): \(words)" }
    }

    /// What the world knows of a pod.
    struct Truth {
        var pod: Pod
        var stopTime: Duration
        var firstSeen: Moment?
        var isTerminating = false
        var isOut = false
        var mayBeDeletedAtOnce = false
        var asked = 0
        var isRefusedPolitely = false
        var accepted = 0
        var acceptedAt: Moment?
        var grantedFull = false
        var lastRefused: Moment?
        var end: Moment?
        var firstEvictedAt: Moment?
        /// Whether an eviction cannot work, as far as the answers tell.
        var isHindered = false
        var isDeletionBarred = false
        /// Whose place it took.
        var place = 0
        var isReturn = false
        var comesBack = false
        var isOfSharedBudget = false
    }

    enum Happening {
        case appears(Int)
        case seenTerminating(Int)
        case stops(Int)
        case answer(LeaveRequest, KubernetesError?)
        case tightens(Moment)
    }

    let seed: UInt64
    var random: SeededGenerator
    let strategy: Strategy
    let escalates: Bool
    let margin: Duration
    let limit: Duration?
    let window: Int
    /// Whether every DELETE is accepted at once, so that everybody must be out in time.
    let isResponsive: Bool
    /// How many of the pods that share a budget may be on their way; `nil` without such a budget.
    let sharedBudget: Int?
    var deadline: Moment
    var now = second(0)
    var ledger: Ledger
    var truths: [Truth] = []
    var agenda: [(at: Moment, what: Happening)] = []
    var underWay: [Int: LeaveRequest] = [:]
    var requests = 0
    var hasTightened = false
    var end = second(0)

    init(seed: UInt64) {
        self.seed = seed
        random = SeededGenerator(seed: seed)
        strategy = [.evict, .evict, .evict, .delete, .cordonOnly].randomElement(using: &random) ?? .evict
        escalates = Int.random(in: 0..<5, using: &random) > 0
        margin =
            [.zero, .seconds(1), .seconds(5), .seconds(5), .milliseconds(2500)].randomElement(using: &random) ?? .zero
        limit = [nil, nil, .seconds(10), .milliseconds(500)].randomElement(using: &random) ?? nil
        window = [1, 3, 99, 99].randomElement(using: &random) ?? 99
        isResponsive = Bool.random(using: &random)
        sharedBudget = Int.random(in: 0..<3, using: &random) == 0 ? Int.random(in: 0...2, using: &random) : nil
        deadline = second([-5, 3, 25, 60, 120, 600].randomElement(using: &random) ?? 120)
        ledger = .sample(strategy, escalates: escalates, window: window, seed: seed)
        for index in 0..<Int.random(in: 1...6, using: &random) { truths.append(makeTruth(index)) }
        for index in truths.indices {
            let isLate = Int.random(in: 0..<6, using: &random) == 0
            // Of an owner whose pods were moved, it could not be told from one that comes back.
            if isLate, !truths[index].comesBack { truths[index].pod.controller?.name = "late-\(index)" }
            if isLate { agenda.append((second(Double.random(in: 0.1...20, using: &random)), .appears(index))) }
            if !isLate { truths[index].firstSeen = now }
        }
        if Int.random(in: 0..<3, using: &random) == 0 {
            let at = Double.random(in: 0.5...40, using: &random)
            agenda.append((second(at), .tightens(second(at + Double.random(in: -5...60, using: &random)))))
        }
    }

    private mutating func makeTruth(_ index: Int) -> Truth {
        let grace = [0, 1, 10, 30, 30, 30, 90, 3600].randomElement(using: &random) ?? 30
        var pod = Pod.sample(
            "p\(index)", grace: grace, priority: Int.random(in: 0..<4, using: &random) == 0 ? 2_000_001_000 : 0)
        if Int.random(in: 0..<6, using: &random) == 0 { pod.annotations["karpenter.sh/do-not-disrupt"] = "true" }
        if Int.random(in: 0..<10, using: &random) == 0 {
            let left = [5, 30, 3600].randomElement(using: &random) ?? 5
            pod = pod.terminating(until: second(Double(left)), grace: left)
        }
        let stop: Double = [0.2, 2, 20, 4000].randomElement(using: &random) ?? 1
        var truth = Truth(pod: pod, stopTime: .seconds(stop))
        truth.place = index
        truth.isOfSharedBudget = sharedBudget != nil && Bool.random(using: &random)
        truth.comesBack = Int.random(in: 0..<5, using: &random) == 0
        if truth.comesBack {
            truth.pod.controller?.name = "agent"
            truth.stopTime = .milliseconds(200)
        }
        truth.isTerminating = pod.isTerminating
        return truth
    }

    var plan: GracePlan { GracePlan(deadline: deadline, margin: margin, limit: limit, escalates: escalates) }

    /// The last moment at which it can have its whole grace.
    func wholeGraceTime(of truth: Truth) -> Moment { plan.ownTime(forGrace: plan.full(for: truth.pod.gracePeriod)) }

    /// Until when its budget has a share of the time.
    func shareEnd(of truth: Truth) -> Moment? {
        let full = plan.full(for: truth.pod.gracePeriod)
        guard let first = truth.firstEvictedAt, plan.grace(upTo: full, at: first) < full else { return nil }
        return first.advanced(by: max(.zero, first.duration(to: plan.end)) / 3)
    }

    func ownTime(of truth: Truth) -> Moment {
        let whole = wholeGraceTime(of: truth)
        return truth.isHindered ? whole : max(whole, shareEnd(of: truth) ?? whole)
    }

    func violation(_ words: String) -> Violation { Violation(seed: seed, words: "\(words) at \(now.sinceOrigin)") }

    /// Plays until everybody is out or the deadline is past; throws the first violation.
    mutating func play() throws {
        ledger.listed(truths.filter { $0.firstSeen != nil }.map(\.pod), at: now)
        var turns = 0
        end = max(deadline.advanced(by: .seconds(2)), second(10))
        while now < end {
            turns += 1
            guard turns < 5000 else { throw violation("goes round and round") }
            let pass = ledger.pass(at: now, by: plan)
            for request in pass.requests { try begin(request) }
            for number in pass.abandoned { try abandon(number) }
            if !pass.abandoned.isEmpty { continue }
            try checkNobodyIsForgotten()
            if let wakeUp = pass.wakeUp, wakeUp <= now { throw violation("wakes up in the past") }
            let next = [agenda.map(\.at).min(), pass.wakeUp].compactMap { $0 }.min()
            guard let next else { break }
            now = max(now, next)
            try happen()
        }
        try checkEnd()
    }

    /// Where a pod comes back to the node, another one takes its place.
    private mutating func comeBack(_ index: Int) {
        let old = truths[index]
        guard old.comesBack, truths.count < 200 else { return }
        var pod = Pod.sample(
            "p\(old.place)-\(truths.count)", grace: old.pod.gracePeriod.wholeSeconds, priority: old.pod.priority,
            owner: "agent")
        pod.annotations = old.pod.annotations
        var truth = Truth(pod: pod, stopTime: old.stopTime)
        (truth.place, truth.isReturn, truth.comesBack) = (old.place, true, true)
        truths.append(truth)
        agenda.append((now.advanced(by: .milliseconds(20)), .appears(truths.count - 1)))
    }

    private mutating func happen() throws {
        let due = agenda.filter { $0.at <= now }.sorted { $0.at < $1.at }
        agenda.removeAll { $0.at <= now }
        for (_, what) in due {
            switch what {
            case .appears(let index):
                truths[index].firstSeen = now
                ledger.podAppeared(truths[index].pod, at: now)
            case .seenTerminating(let index):
                if !truths[index].isOut { ledger.podAppeared(truths[index].pod, at: now) }
            case .stops(let index):
                // A shortened grace made it stop before.
                guard !truths[index].isOut else { continue }
                truths[index].isOut = true
                ledger.podGone(truths[index].pod.reference, at: now)
                comeBack(index)
            case .answer(let request, let error):
                end(request, error)
            case .tightens(let moment):
                guard moment < deadline else { continue }
                deadline = moment
                hasTightened = true
                end = max(end, now).advanced(by: .seconds(5))
            }
        }
    }
}
