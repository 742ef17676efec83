import Interruption
import Kubernetes

extension Ledger {
    /// How long a note or an eviction may still take when its time is up.
    static let patienceWithNotes = Duration.seconds(1)
    static let patienceAtOwnTime = Duration.milliseconds(250)
    /// The same for an eviction that was asked for after a pod's own time, when the whole grace was lost anyway.
    static let patienceInHaste = Duration.seconds(1)
    /// How many requests for pods whose time is up may be under way however narrow the window is.
    static let urgentWidth = 8
    /// How long after an accepted eviction the watch may be silent about the pod.
    static let confirmationTime = Duration.seconds(5)

    /// Decides, from the time that is left at `now`, what to ask and when to look again.
    mutating func pass(at now: Moment, by plan: GracePlan) -> LedgerPass {
        var pass = LedgerPass()
        guard terms.strategy.movesPods, isListed else { return pass }
        let sight = Sight(now: now, plan: plan, firstTier: firstTier(by: plan))
        let survey = survey(sight)
        pass.wakeUp = survey.wakeUp
        for place in survey.overdue {
            guard let request = entries[place].inFlight, !entries[place].isAbandoned else { continue }
            entries[place].isAbandoned = true
            pass.abandoned.append(request.number)
        }
        // A few places are kept for pods whose time is up, so that polite requests that hang cannot take them all.
        let window = silence >= Self.silenceLimit ? min(Self.probes, terms.window) : terms.window
        let urgentWindow = min(window, max(flow.width, Self.urgentWidth))
        for step in survey.urgent.prefix(max(0, urgentWindow - inFlightCount)) { ask(step, sight, into: &pass) }
        if let opensAt = flow.opensAt, flow.isClosed(at: now) {
            pass.look(at: opensAt)
            return pass
        }
        let politeWindow = min(flow.width, window - min(8, window / 8))
        for step in survey.polite {
            guard inFlightCount < politeWindow else { break }
            if step.departure == .evict, owners[entries[step.place].owner]?.race.hasRoom == false { continue }
            ask(step, sight, into: &pass)
        }
        return pass
    }

    /// What one pass looks with.
    private struct Sight {
        let now: Moment
        let plan: GracePlan
        /// The first of the tiers in which somebody is awaited.
        let firstTier: Tier?
    }

    /// One pod whose turn it is.
    private struct Step {
        let place: Int
        let departure: Departure
        let isShortening: Bool
    }

    /// What a look at all pods found.
    private struct Survey {
        var urgent: [Step] = []
        var polite: [Step] = []
        /// Places whose request under way is not worth waiting for any longer.
        var overdue: [Int] = []
        var wakeUp: Moment?
    }

    private func firstTier(by plan: GracePlan) -> Tier? {
        // The queue is in the order of the tiers.
        queue.first { entries[$0].isAwaited(escalates: plan.escalates) }.map { entries[$0].tier }
    }

    /// Looks at all pods. It changes nothing: where something is changed, the whole ledger is copied for each of them.
    private func survey(_ sight: Sight) -> Survey {
        var survey = Survey()
        for place in queue {
            switch outlook(for: entries[place], sight) {
            case .nothing: continue
            case .look(let moment): survey.wakeUp = min(survey.wakeUp ?? moment, moment)
            case .abandon: survey.overdue.append(place)
            case .ask(let departure, let isTimeUp, let isShortening):
                let step = Step(place: place, departure: departure, isShortening: isShortening)
                if isTimeUp, mayInsist(on: entries[place]) {
                    survey.urgent.append(step)
                } else {
                    survey.polite.append(step)
                }
            }
        }
        return survey
    }

    /// While even single requests are refused, a pod is insisted on only once, when its time comes.
    private func mayInsist(on entry: PodEntry) -> Bool {
        flow.opensAt == nil || entry.rest?.endsAtOwnTime != false
    }

    private enum Outlook {
        case nothing
        case look(Moment)
        case abandon
        case ask(Departure, isTimeUp: Bool, isShortening: Bool)
    }

    private func outlook(for entry: PodEntry, _ sight: Sight) -> Outlook {
        if let request = entry.inFlight { return outlook(for: request, of: entry, sight) }
        switch entry.phase {
        case .staying, .out: return .nothing
        case .leaving: return outlook(forLeaving: entry, sight)
        case .waiting: return outlook(forWaiting: entry, sight)
        }
    }

    private func outlook(for request: LeaveRequest, of entry: PodEntry, _ sight: Sight) -> Outlook {
        guard let limit = limit(of: request, for: entry, sight) else { return .nothing }
        return limit <= sight.now ? .abandon : .look(limit)
    }

    /// When a request under way is not worth waiting for any longer; `nil` when there is nothing better to do.
    private func limit(of request: LeaveRequest, for entry: PodEntry, _ sight: Sight) -> Moment? {
        switch request.action {
        case .noteDisruption:
            return request.decidedAt.advanced(by: Self.patienceWithNotes)
        case .evict:
            guard sight.plan.escalates, !request.isShortening, !entry.isOut else { return nil }
            let full = sight.plan.full(for: entry.pod.gracePeriod)
            let isInHaste = sight.plan.grace(upTo: full, at: request.decidedAt) < full
            return max(ownTime(of: entry, sight), request.decidedAt)
                .advanced(by: isInHaste ? Self.patienceInHaste : Self.patienceAtOwnTime)
        case .delete:
            return nil
        }
    }

    private func outlook(forWaiting entry: PodEntry, _ sight: Sight) -> Outlook {
        let ownTime = ownTime(of: entry, sight)
        let isTimeUp = ownTime <= sight.now
        let isForced = isTimeUp && sight.plan.escalates
        if entry.wish != nil, !isForced { return sight.plan.escalates ? .look(ownTime) : .nothing }
        if let round = entry.round, round > 0, entry.turn == nil {
            // Asked at once it would be back at once; asked at its own time it stops in order. After that it is left.
            if !isTimeUp { return .look(ownTime) }
            if entry.since >= ownTime { return .nothing }
        }
        if entry.turn == nil, !isTimeUp, turnBegins(for: entry, ownTime) > sight.now {
            return .look(min(turnBegins(for: entry, ownTime), ownTime))
        }
        if let firstTier = sight.firstTier, firstTier < entry.tier, !isTimeUp { return .look(ownTime) }
        if let rest = entry.rest, rest.until > sight.now, !(rest.endsAtOwnTime && isForced) {
            return .look(rest.endsAtOwnTime && sight.plan.escalates ? min(rest.until, ownTime) : rest.until)
        }
        let pod = DepartingPod(
            isTimeUp: isTimeUp, escalates: sight.plan.escalates, isUnasked: entry.turn == nil && entry.wish == nil,
            hurdle: entry.hurdle, isLeaving: false, isDeletionBarred: entry.isDeletionBarred)
        guard let departure = terms.strategy.departure(of: pod) else { return isTimeUp ? .nothing : .look(ownTime) }
        return .ask(departure, isTimeUp: isTimeUp, isShortening: false)
    }

    /// From when on a pod may be asked for the first time.
    private func turnBegins(for entry: PodEntry, _ ownTime: Moment) -> Moment {
        switch entry.leave {
        case .first: terms.arrival
        case .late: ownTime
        case .after(let duration): terms.arrival.advanced(by: duration)
        case nil: terms.arrival.advanced(by: entry.tier == .ordinary ? terms.settle : .zero)
        }
    }

    /// A pod that is leaving is asked again only to leave sooner, or when an accepted eviction had no effect.
    private func outlook(forLeaving entry: PodEntry, _ sight: Sight) -> Outlook {
        let (now, plan) = (sight.now, sight.plan)
        var wakeUp: Moment?
        if let endsAt = entry.endsAt, endsAt > plan.end {
            let sooner = now.advanced(by: .seconds(plan.grace(upTo: Int(Int32.max), at: now) + 1))
            if sooner <= endsAt {
                if let rest = entry.rest, rest.until > now { return .look(rest.until) }
                let pod = DepartingPod(
                    isTimeUp: true, escalates: plan.escalates, isUnasked: false, hurdle: entry.hurdle,
                    isLeaving: true, isDeletionBarred: entry.isDeletionBarred)
                if let departure = terms.strategy.departure(of: pod) {
                    return .ask(departure, isTimeUp: true, isShortening: true)
                }
            }
        }
        if plan.escalates, entry.accepted == .eviction, !entry.isSeenTerminating, let acceptedAt = entry.acceptedAt {
            let doubt = max(acceptedAt.advanced(by: Self.confirmationTime), ownTime(of: entry, sight))
            if doubt <= now {
                if let rest = entry.rest, rest.until > now { return .look(rest.until) }
                return .ask(.escalate, isTimeUp: true, isShortening: false)
            }
            wakeUp = doubt
        }
        return wakeUp.map { .look($0) } ?? .nothing
    }

    private func ownTime(of entry: PodEntry, _ sight: Sight) -> Moment {
        ownTime(of: entry, by: sight.plan)
    }

    private mutating func ask(_ step: Step, _ sight: Sight, into pass: inout LedgerPass) {
        let place = step.place
        let action = action(for: step, sight)
        if let cause = entries[place].owedRetry { countRetry(cause, because: entries[place].refusal?.detail) }
        entries[place].owedRetry = nil
        requestCount += 1
        if entries[place].turn == nil {
            entries[place].turn = turns
            turns += 1
        }
        let request = LeaveRequest(
            number: requestCount, pod: entries[place].pod.reference, action: action, isShortening: step.isShortening,
            decidedAt: sight.now)
        if case .evict = action {
            entries[place].firstEvictedAt = entries[place].firstEvictedAt ?? sight.now
            owners[entries[place].owner, default: OwnerEntry()].race.began()
        }
        if let limit = limit(of: request, for: entries[place], sight) { pass.look(at: limit) }
        entries[place].inFlight = request
        entries[place].rest = nil
        inFlightCount += 1
        pass.requests.append(request)
    }

    private func action(for step: Step, _ sight: Sight) -> LeaveRequest.Action {
        let entry = entries[step.place]
        let full = step.isShortening ? Int(Int32.max) : sight.plan.full(for: entry.pod.gracePeriod)
        let seconds = sight.plan.grace(upTo: full, at: sight.now)
        let grace = seconds == entry.pod.gracePeriod.wholeSeconds && !step.isShortening ? nil : seconds
        let hasReader = entry.pod.controller?.onlyReplaces != true
        if step.departure != .evict, hasReader, !entry.isNoted, !step.isShortening, !entry.isSeenTerminating {
            return .noteDisruption
        }
        switch step.departure {
        case .evict: return .evict(grace: grace)
        case .escalate: return .delete(grace: grace, escalated: !step.isShortening && entry.isKept)
        case .delete: return .delete(grace: grace, escalated: false)
        }
    }
}
