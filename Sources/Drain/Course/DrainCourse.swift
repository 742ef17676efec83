import Interruption
import Kubernetes

/// A whole drain as a value: the ledger of its pods, the cordon, and the clock. Decides when it ends.
struct DrainCourse: Sendable {
    /// How long after the cordon pods that were bound just before it may show up.
    static let settlingTime = Duration.seconds(1)
    /// The same where the cloud waits for us, at most: a pod whose volume had to be made first is bound up to half a
    /// minute after its node was chosen, and once the cloud is told to go on the machine goes at once.
    static let hookSettlingTime = Duration.seconds(30)
    /// How long requests under way may take when the drain is told to end.
    static let closingTime = Duration.seconds(2)
    /// How long a pod may stay after its grace, and the watch be silent, before the list is asked again.
    static let doubtTime = Duration.seconds(8)

    /// What a look at the course found to be done.
    struct Pass: Sendable {
        var ledger = LedgerPass()
        /// News since the last pass, in order.
        var news: [DrainProgress] = []
        /// How the drain ended; nothing else is to be done then.
        var ending: Report.Ending?
        /// When to look again at the latest.
        var wakeUp: Moment
        /// Whether the pods are to be listed anew, because the watch may have gone silent.
        var doubtsWatch = false
    }

    private let order: Order
    private(set) var clock: DrainClock
    var ledger: Ledger
    private(set) var cordon = CordonState.pending
    private var closing: (ending: Report.Ending, until: Moment)?
    private var remarks: [String] = []
    private var retries = 0
    private var lastWord: Moment
    private var news: [DrainProgress] = []
    /// Whether the node was emptied, and is only kept so.
    private var isGuarding = false

    /// What of an order does not change.
    struct Order: Sendable {
        var plan: Plan
        var arrival: Moment
    }

    /// A course that begins at `now`.
    init(_ order: Order, ledger: Ledger, deadline: Deadline, at now: Moment) {
        self.order = order
        self.ledger = ledger
        clock = DrainClock(deadline: deadline, margin: order.plan.margin, beginningAt: now)
        lastWord = now
    }

    /// Whether pods have to leave whose volumes may be attached.
    var movesVolumes: Bool { ledger.movesVolumes }

    /// The course of a node that is empty and to be kept so.
    var guarding: DrainCourse {
        var course = self
        course.isGuarding = true
        return course
    }

    /// The arithmetic of the deadline as it stands.
    var gracePlan: GracePlan { GracePlan(order.plan, deadline: clock.deadline) }

    /// Decides from the time that is left at `now`.
    mutating func pass(at now: Moment, deadline: Deadline, stop: DrainOrder.StopReason?) -> Pass {
        clock.deadlineStands(deadline, at: now)
        var pass = Pass(wakeUp: min(clock.end, now.advanced(by: tick(at: now))))
        pass.ending = ending(at: now, stop)
        if pass.ending == nil, closing == nil {
            pass.ledger = ledger.pass(at: now, by: gracePlan)
            if let wakeUp = pass.ledger.wakeUp { pass.wakeUp = min(pass.wakeUp, wakeUp) }
            pass.doubtsWatch = doubtsWatch(at: now)
        }
        if case .done(let moment, _) = cordon {
            let settled = moment.advanced(by: settlingTime(after: moment))
            if settled > now { pass.wakeUp = min(pass.wakeUp, settled) }
        }
        // Whatever the reasons above, a drain never spins.
        pass.wakeUp = max(pass.wakeUp, now.advanced(by: .milliseconds(1)))
        pass.news = takeNews()
        return pass
    }

    /// How the drain ends at `now`; `nil` while it goes on.
    private mutating func ending(at now: Moment, _ stop: DrainOrder.StopReason?) -> Report.Ending? {
        switch stop {
        case .superseded:
            remark("a stronger plan took over")
            return .stopped
        case .stopping where closing == nil:
            closing = (.stopped, now.advanced(by: Self.closingTime))
        case .withdrawn where closing == nil:
            closing = (.withdrawn, now.advanced(by: Self.closingTime))
        case .unwanted where closing == nil:
            remark("a person made the node schedulable: nobody else is moved")
            closing = (.givenUp, now.advanced(by: Self.closingTime))
        default: break
        }
        if let closing {
            return ledger.inFlightCount == 0 || now >= closing.until ? closing.ending : nil
        }
        if !isGuarding, isDone(at: now) { return .empty }
        guard now >= clock.end else { return nil }
        return couldDoNothing ? .failed : .deadlineReached
    }

    private var movesPods: Bool { ledger.terms.strategy.movesPods }

    private func isDone(at now: Moment) -> Bool {
        let isSettled = cordon.isSettled(at: now) { settlingTime(after: $0) }
        if movesPods { return ledger.isEmpty && ledger.inFlightCount == 0 && isSettled }
        // The cordon is all there is to do; the pods are listed for the report only.
        guard case .done = cordon else { return false }
        return ledger.isListed || isSettled
    }

    /// How long after the cordon at `moment` an empty node may not be empty yet.
    private func settlingTime(after moment: Moment) -> Duration {
        guard order.plan.notice.hasHook, movesPods else { return Self.settlingTime }
        return max(Self.settlingTime, min(Self.hookSettlingTime, clock.deadline.timeLeft(at: moment) / 4))
    }

    /// Whether the API server let us do nothing at all.
    private var couldDoNothing: Bool {
        guard movesPods, ledger.isListed else { return true }
        let awaited = ledger.entries.filter { !$0.isStaying }
        return ledger.lastAcceptedAt == nil && !awaited.isEmpty
            && awaited.allSatisfy { $0.phase == .waiting && $0.refusal.map { $0.cause != .budget } ?? false }
    }

    /// How often the order is asked for a new deadline or an end when nothing else happens.
    private func tick(at now: Moment) -> Duration {
        isGuarding || clock.deadline.timeLeft(at: now) >= .seconds(900) ? .seconds(1) : .milliseconds(200)
    }

    private mutating func doubtsWatch(at now: Moment) -> Bool {
        guard ledger.isListed, lastWord.advanced(by: Self.doubtTime) <= now else { return false }
        let isOverdue = ledger.queue.contains { place in
            let entry = ledger.entries[place]
            return entry.phase == .leaving && entry.endsAt.map { $0.advanced(by: Self.doubtTime) <= now } ?? false
        }
        if isOverdue { lastWord = now }
        return isOverdue
    }
}

// MARK: - What the lanes say

extension DrainCourse {
    /// The API server listed the pods of the node.
    mutating func podsListed(_ pods: [Pod], at now: Moment) {
        lastWord = now
        if ledger.listedAt == nil { clock.serverAnswers(at: now, by: ledger.terms.anchor) }
        ledger.listed(pods, at: now)
    }

    /// The watch said something.
    mutating func podsChanged(_ event: PodWatchEvent, at now: Moment) {
        lastWord = now
        switch event {
        case .present(let pod, _): ledger.podAppeared(pod, at: now)
        case .gone(let reference, _): ledger.podGone(reference, at: now)
        case .bookmark: break
        }
    }

    /// A request for a pod was answered, or was not.
    mutating func answered(_ request: LeaveRequest, _ answer: Result<Void, KubernetesError>, at now: Moment) {
        switch answer {
        case .success: ledger.requestAccepted(request, at: now)
        case .failure(let error): ledger.requestRefused(request, error, at: now, by: gracePlan)
        }
    }

    /// The node is unschedulable.
    mutating func cordoned(alreadyCordoned: Bool, at now: Moment) {
        cordon = .done(at: now, alreadyCordoned: alreadyCordoned)
        ledger.nodeWasCordoned()
        news.append(.cordoned(after: order.arrival.duration(to: now), alreadyCordoned: alreadyCordoned))
    }

    /// The API server will not cordon the node.
    mutating func cordonRefused(because reason: String, at now: Moment) {
        var since = now
        if case .refused(let known, let moment) = cordon {
            guard known != reason else { return }
            since = moment
        }
        cordon = .refused(because: reason, since: since)
        remark("cordon: \(reason)")
    }

    /// A step besides the pods failed.
    mutating func remark(_ words: String) {
        guard remarks.count < 32, !remarks.contains(words) else { return }
        remarks.append(words)
        news.append(.remark(words))
    }

    /// A request besides the pods' is made again.
    mutating func retried(because reason: String) {
        retries += 1
        news.append(.retry(.error, because: reason))
    }

    private mutating func takeNews() -> [DrainProgress] {
        defer { news = [] }
        return news + ledger.takeNews()
    }
}

// MARK: - The report

extension DrainCourse {
    /// The outcome of the drain that ends at `now`.
    func report(_ ending: Report.Ending, at now: Moment) -> Report {
        var counted = ledger.retries
        if retries > 0 { counted[.error, default: 0] += retries }
        return Report(
            notice: order.plan.notice.tightened(to: clock.deadline), strategy: order.plan.strategy,
            pods: ledger.outcomes(), toCordon: toCordon,
            toLastRequest: ledger.lastAcceptedAt.map { order.arrival.duration(to: $0) }, toEmpty: toEmpty,
            timeLeft: clock.deadline.timeLeft(at: now), ending: ending, remarks: finalRemarks, retries: counted)
    }

    private var toCordon: Duration? {
        guard case .done(let moment, _) = cordon else { return nil }
        return order.arrival.duration(to: moment)
    }

    private var toEmpty: Duration? {
        guard movesPods, ledger.isEmpty, let listedAt = ledger.listedAt else { return nil }
        return order.arrival.duration(to: max(ledger.lastOutAt ?? listedAt, listedAt))
    }

    private var finalRemarks: [String] {
        remarks + (cordon == .pending ? ["the node was not cordoned"] : []) + ledger.remarks
    }
}
