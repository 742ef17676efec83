import Interruption
import Kubernetes

extension Ledger {
    /// The API server did what it was asked.
    mutating func requestAccepted(_ request: LeaveRequest, at now: Moment) {
        answered()
        flow.served()
        guard let (place, _) = landed(request, after: request.decidedAt.duration(to: now)) else { return }
        let manner: PodEntry.Manner
        let grace: Int
        switch request.action {
        case .noteDisruption:
            entries[place].isNoted = true
            return
        case .evict(let asked):
            manner = .eviction
            grace = asked ?? entries[place].pod.gracePeriod.wholeSeconds
        case .delete(let asked, let escalated):
            manner = .deletion
            grace = asked ?? entries[place].pod.gracePeriod.wholeSeconds
            if escalated { entries[place].escalated = true }
        }
        wasAccepted(at: now)
        if !request.isShortening {
            entries[place].accepted = manner
            wasMoved(place)
        }
        entries[place].grace = grace
        entries[place].acceptedAt = now
        entries[place].firstAcceptedAt = entries[place].firstAcceptedAt ?? now
        entries[place].rest = nil
        entries[place].refusals = 0
        entries[place].endIsKnown(now.advanced(by: .seconds(grace)))
        if !entries[place].isOut { entries[place].phase = .leaving }
        tellOutcome(of: place)
    }

    /// The API server did not do what it was asked.
    mutating func requestRefused(_ request: LeaveRequest, _ error: KubernetesError, at now: Moment, by plan: GracePlan)
    {
        guard let (place, wasAbandoned) = landed(request, after: nil) else { return }
        // What we gave up says nothing about the server.
        if !wasAbandoned {
            noteSilence(error)
            noteFlow(error, of: request, at: now)
        }
        if request.action == .noteDisruption {
            // Decorative: the DELETE follows, whatever became of the condition.
            entries[place].isNoted = true
            if error == .notFound || error == .otherUID { isGone(place, at: now) }
            return
        }
        if case .unanswered = error { entries[place].unheard = request.manner ?? entries[place].unheard }
        guard !entries[place].isOut, !error.isCancellation else { return }
        switch error {
        case .notFound, .otherUID:
            isGone(place, at: now)
            return
        case .namespaceTerminating where request.manner == .eviction:
            entries[place].hurdle = .namespaceTerminating
            return
        default:
            noteHurdle(place, error, request)
        }
        if !wasAbandoned { rest(place, after: error, asked: request, at: now, by: plan) }
    }

    /// Notes what the answer says about asking the same again. A second budget may be deleted, a permission may just be
    /// given: what it says lasts until another answer says something else.
    private mutating func noteHurdle(_ place: Int, _ error: KubernetesError, _ request: LeaveRequest) {
        if request.manner == .deletion {
            switch error {
            case .forbidden, .denied, .invalid: entries[place].isDeletionBarred = true
            default: break
            }
            return
        }
        entries[place].isDeletionBarred = false
        guard entries[place].hurdle != .namespaceTerminating else { return }
        switch error {
        case .severalBudgets, .invalid:
            entries[place].hurdle = .unworkable
        case .forbidden:
            entries[place].isEvictionForbidden = true
        case .budgetRefused, .denied:
            entries[place].hurdle = nil
            entries[place].isEvictionForbidden = false
        default:
            break
        }
    }

    private mutating func rest(
        _ place: Int, after error: KubernetesError, asked request: LeaveRequest, at now: Moment, by plan: GracePlan
    ) {
        let ownTime = ownTime(of: entries[place], by: plan)
        // What was refused as an eviction need not rest before it is deleted.
        let endsAtOwnTime = plan.escalates && (now < ownTime || request.manner == .eviction)
        entries[place].refusals += 1
        entries[place].firstRefusedAt = entries[place].firstRefusedAt ?? now
        let refusal = PodEntry.Refusal(cause: error.retryCause, detail: error.words)
        entries[place].owedRetry = refusal.cause
        if refusal.cause == .budget { entries[place].budget = refusal.detail }
        let before = entries[place].refusal
        // A budget that refused says more about a pod than the connection that broke afterwards.
        if before?.cause != .budget || !error.isPassing || request.manner == .deletion {
            entries[place].refusal = refusal
        }
        let pace = RetryPace(
            error: error, refusals: entries[place].refusals,
            crowd: refusal.cause == .budget
                ? queue.count { entries[$0].phase == .waiting && entries[$0].refusal?.cause == .budget } : 0,
            toOwnTime: now < ownTime ? now.duration(to: ownTime) : nil)
        var pause = pace.pause(using: &generator)
        // After its own time every second is taken from the pod's grace, whatever the server suggests.
        if plan.escalates, !endsAtOwnTime, !error.isLasting { pause = min(pause, .seconds(1)) }
        entries[place].rest = PodEntry.Rest(
            until: now.advanced(by: pause), endsAtOwnTime: endsAtOwnTime, isSilence: error.isSilence)
        if entries[place].refusal != before { tellOutcome(of: place) }
    }

    /// Takes the request off the entry, which was accepted `after` that time, or not at all; `nil` when the pod is not
    /// known.
    private mutating func landed(
        _ request: LeaveRequest, after time: Duration?
    ) -> (place: Int, wasAbandoned: Bool)? {
        guard let place = places[request.pod.uid], entries[place].inFlight?.number == request.number else { return nil }
        let wasAbandoned = entries[place].isAbandoned
        entries[place].inFlight = nil
        entries[place].isAbandoned = false
        inFlightCount -= 1
        if request.manner == .eviction {
            let owner = entries[place].owner
            if let time { owners[owner]?.race.accepted(after: time) } else { owners[owner]?.race.ended() }
        }
        return (place, wasAbandoned)
    }

    private mutating func isGone(_ place: Int, at now: Moment) {
        leftNode(place, at: now)
    }

    private mutating func noteSilence(_ error: KubernetesError) {
        if error.isCancellation { return }
        switch error {
        case .unanswered, .credentialsUnavailable: silence += 1
        default: answered()
        }
    }

    private mutating func noteFlow(_ error: KubernetesError, of request: LeaveRequest, at now: Moment) {
        switch error {
        case .throttled(let asked):
            let pause = FlowWindow.pause(asked: asked, using: &generator)
            flow.refused(request.number, latest: requestCount, underWay: inFlightCount + 1, at: now, pause: pause)
        case .unanswered, .credentialsUnavailable, .serverFailed: break
        default: flow.served()
        }
    }

    /// The API server is there: who rested for want of an answer needs to rest no longer.
    private mutating func answered() {
        guard silence > 0 else { return }
        silence = 0
        for place in entries.indices where entries[place].rest?.isSilence == true { entries[place].rest = nil }
    }
}

extension LeaveRequest {
    /// How it asks the pod to leave; `nil` when it does not.
    var manner: PodEntry.Manner? {
        switch action {
        case .evict: .eviction
        case .delete: .deletion
        case .noteDisruption: nil
        }
    }
}

extension KubernetesError {
    /// Under which cause a request that is made again counts.
    var retryCause: RetryCause {
        switch self {
        case .budgetRefused, .severalBudgets: .budget
        case .throttled: .flowControl
        default: .error
        }
    }

    /// Whether nobody answered.
    var isSilence: Bool {
        if case .unanswered = self { true } else { false }
    }

    /// Whether it says nothing about the pod.
    var isPassing: Bool {
        switch self {
        case .unanswered, .serverFailed, .throttled, .unauthorized, .garbled, .credentialsUnavailable, .conflict,
            .expired:
            true
        default:
            false
        }
    }

    /// Whether asking again at once cannot help.
    var isLasting: Bool {
        switch self {
        case .severalBudgets, .forbidden, .invalid: true
        default: false
        }
    }
}
