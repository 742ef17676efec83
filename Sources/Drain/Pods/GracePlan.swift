import Interruption

/// The arithmetic of one deadline: what grace a pod can get, and when its own time comes. Everything is a function of
/// `now`.
struct GracePlan: Sendable, Hashable {
    /// When the machine is gone.
    let deadline: Moment
    /// Time kept free before it.
    let margin: Duration
    /// An upper bound for each pod's grace; `nil` leaves the pod's own.
    let limit: Duration?
    /// Whether pods are deleted from their own time on.
    let escalates: Bool

    /// The numbers of `plan` under the deadline as it stands now.
    init(_ plan: Plan, deadline: Deadline) {
        self.init(
            deadline: deadline.moment, margin: plan.margin, limit: plan.graceLimit,
            // While the cloud may wait, nobody is deleted on a guess.
            escalates: plan.escalates && deadline.certainty != .open)
    }

    /// A plan from its parts.
    init(deadline: Moment, margin: Duration, limit: Duration?, escalates: Bool) {
        self.deadline = deadline
        self.margin = max(.zero, margin)
        self.limit = limit
        self.escalates = escalates
    }

    /// Which part of the time that is left a budget gets before it is overruled, where the pod cannot have its whole
    /// grace anyway: one in three (docs/decisions/0007-a-share-for-budgets.md).
    static let budgetShare = 3

    /// When a pod must be through with its grace.
    var end: Moment { deadline.advanced(by: .zero - margin) }

    /// The whole seconds that a pod gets while there is time enough: its own within the limit, never 0, because a grace
    /// of 0 removes the object while the containers may still run.
    func full(for own: Duration) -> Int {
        max(1, min(own, limit ?? own).wholeSeconds)
    }

    /// The last moment at which a pod can be asked and still have that grace before `end`.
    func ownTime(forGrace seconds: Int) -> Moment {
        end.advanced(by: .zero - .seconds(seconds))
    }

    /// Until when a budget is asked at least that was asked first at `moment`.
    func endOfShare(from moment: Moment) -> Moment {
        moment.advanced(by: max(.zero, moment.duration(to: end)) / Self.budgetShare)
    }

    /// The whole seconds that can be granted at `now`: at most `full`, at least 1.
    ///
    /// A fraction counts as a whole second while the margin covers it: a pass that runs a millisecond after a pod's own
    /// time must not cost the pod a second.
    func grace(upTo full: Int, at now: Moment) -> Int {
        let left = now.duration(to: end)
        let seconds = margin >= .seconds(1) ? left.wholeSecondsRoundedUp : left.wholeSeconds
        return min(full, max(1, seconds))
    }
}

extension Duration {
    /// The whole seconds in it, the rest dropped; at most `Int32.max`, which is more than any grace.
    var wholeSeconds: Int {
        let (seconds, attoseconds) = components
        let floored = attoseconds < 0 ? seconds - 1 : seconds
        return Int(max(min(floored, Int64(Int32.max)), -Int64(Int32.max)))
    }

    /// The same with any rest counted as a whole second.
    var wholeSecondsRoundedUp: Int {
        let down = wholeSeconds
        return self > .seconds(down) && down < Int(Int32.max) ? down + 1 : down
    }
}
