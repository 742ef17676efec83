import Interruption
import Kubernetes
import Transport

@testable import Drain

extension Scenario {
    private func index(of request: LeaveRequest) -> Int {
        truths.firstIndex { $0.pod.reference == request.pod } ?? 0
    }

    /// Checks a request when it is decided, and decides what will be answered.
    mutating func begin(_ request: LeaveRequest) throws {
        let index = index(of: request)
        let truth = truths[index]
        requests += 1
        if strategy == .cordonOnly { throw violation("cordon-only asks") }
        if underWay.values.contains(where: { $0.pod == request.pod }) { throw violation("asks twice at once") }
        underWay[request.number] = request
        if underWay.count > window { throw violation("too many under way") }
        if truth.isOut { throw violation("asks for a pod that is out") }
        try checkTurn(of: request, truth)
        try checkGrace(of: request, truth)
        truths[index].asked += 1
        if case .evict = request.action { truths[index].firstEvictedAt = truths[index].firstEvictedAt ?? now }
        if truth.comesBack {
            let places = Set(truths.filter(\.comesBack).map(\.place)).count
            if truths.count(where: { $0.comesBack && $0.asked > 0 }) > 4 * places { throw violation("goes in circles") }
        }
        answer(request, index)
    }

    private func checkTurn(of request: LeaveRequest, _ truth: Truth) throws {
        let isTimeUp = ownTime(of: truth) <= now
        if request.isShortening {
            guard let end = truth.end ?? truth.pod.deletionEnd, end > plan.end else {
                throw violation("shortens without need")
            }
            return
        }
        if truth.accepted > 0, !truth.isTerminating || strategy == .delete { throw violation("asks again for nothing") }
        let isWished = !truth.pod.annotations.isEmpty
        if isWished, !(isTimeUp && escalates) { throw violation("disturbs a pod that wishes not to be") }
        let ordinaryAreLeft = truths.contains {
            $0.firstSeen != nil && !$0.isOut && $0.pod.priority == 0 && !$0.isReturn
                && ($0.pod.annotations.isEmpty || escalates || $0.isTerminating)
        }
        if truth.pod.priority > 0, ordinaryAreLeft, !isTimeUp { throw violation("asks a critical pod too early") }
        switch request.action {
        case .evict:
            if strategy == .delete { throw violation("evicts by delete") }
            if isTimeUp, escalates, truth.asked > 0 || isWished, !truth.isDeletionBarred {
                throw violation("evicts after the own time")
            }
        case .delete, .noteDisruption:
            if strategy == .evict, !(isTimeUp && escalates), !truth.mayBeDeletedAtOnce {
                throw violation("deletes before the own time")
            }
            if strategy == .evict, truth.asked == 0, !isWished { throw violation("deletes without asking first") }
        }
    }

    private func checkGrace(of request: LeaveRequest, _ truth: Truth) throws {
        let asked: Int?
        switch request.action {
        case .noteDisruption: return
        case .evict(let grace), .delete(let grace, _): asked = grace
        }
        let seconds = asked ?? truth.pod.gracePeriod.wholeSeconds
        if seconds < 1 { throw violation("grace \(seconds)") }
        let left = now.duration(to: deadline)
        if seconds > 1, .seconds(seconds) > left { throw violation("grace \(seconds) with \(left) left") }
        if request.isShortening { return }
        let full = plan.full(for: truth.pod.gracePeriod)
        if seconds > full { throw violation("grace \(seconds), more than \(full)") }
        if now <= wholeGraceTime(of: truth), seconds < full {
            throw violation("grace \(seconds) though there is time for \(full)")
        }
        if seconds < min(full, left.advancedBack(margin).wholeSeconds) {
            throw violation("grace \(seconds) is too short")
        }
    }

    private mutating func answer(_ request: LeaveRequest, _ index: Int) {
        var delay = Duration.milliseconds(Int.random(in: 1...200, using: &random))
        let isDelete = request.manner == .deletion
        if isResponsive, isDelete || request.action == .noteDisruption {
            delay = .milliseconds(5)
        } else if Int.random(in: 0..<25, using: &random) == 0 {
            delay = .seconds(20)
        }
        let error = budgetRefusal(of: request, index) ?? error(isDelete: isDelete)
        agenda.append((now.advanced(by: delay), .answer(request, error)))
    }

    /// What the budget that some pods share says.
    private func budgetRefusal(of request: LeaveRequest, _ index: Int) -> KubernetesError? {
        guard let sharedBudget, request.manner == .eviction, truths[index].isOfSharedBudget, !request.isShortening,
            truths.count(where: { $0.isOfSharedBudget && $0.isTerminating && !$0.isOut }) >= sharedBudget
        else { return nil }
        return .budgetRefused(budget: "shared", message: "m", retryAfter: nil)
    }

    private mutating func error(isDelete: Bool) -> KubernetesError? {
        if isResponsive, isDelete { return nil }
        let dice = Int.random(in: 0..<40, using: &random)
        switch dice {
        case 0..<14: return nil
        case 14..<20: return .budgetRefused(budget: "b", message: "m", retryAfter: nil)
        case 20..<22: return .budgetRefused(budget: "b", message: "m", retryAfter: .seconds(10))
        case 22..<24: return .throttled(retryAfter: .seconds(1))
        case 24: return .severalBudgets
        case 25: return .namespaceTerminating
        case 26: return .forbidden(message: "f")
        case 27: return .otherUID
        case 28: return .notFound
        case 29: return .unauthorized
        case 30: return .denied(message: "d")
        case 31: return .invalid(message: "i")
        case 32: return .conflict(message: "c")
        case 33..<36: return .serverFailed(status: 503, message: "s", retryAfter: dice == 34 ? .seconds(30) : nil)
        default: return .unanswered(.connectionLost(detail: "l"))
        }
    }

    mutating func abandon(_ number: Int) throws {
        guard let request = underWay[number] else { throw violation("gives up what is not under way") }
        agenda.removeAll { if case .answer(let other, _) = $0.what { other.number == number } else { false } }
        end(request, .timedOut)
    }

    mutating func end(_ request: LeaveRequest, _ error: KubernetesError?) {
        let index = index(of: request)
        underWay[request.number] = nil
        if let error {
            ledger.requestRefused(request, error, at: now, by: plan)
            if error == .notFound || error == .otherUID { truths[index].isOut = true }
            if error == .namespaceTerminating, request.manner == .eviction { truths[index].mayBeDeletedAtOnce = true }
            noteHindrance(index, request, error)
            truths[index].lastRefused = now
            truths[index].isRefusedPolitely = request.manner == .eviction
            return
        }
        ledger.requestAccepted(request, at: now)
        let asked: Int?
        switch request.action {
        case .noteDisruption: return
        case .evict(let grace), .delete(let grace, _): asked = grace
        }
        accept(index, asked ?? truths[index].pod.gracePeriod.wholeSeconds)
    }

    private mutating func noteHindrance(_ index: Int, _ request: LeaveRequest, _ error: KubernetesError) {
        switch (request.manner, error) {
        case (.deletion, .forbidden), (.deletion, .denied), (.deletion, .invalid):
            truths[index].isDeletionBarred = true
        case (.eviction, .severalBudgets), (.eviction, .invalid), (.eviction, .forbidden),
            (.eviction, .namespaceTerminating):
            truths[index].isHindered = true
        case (.eviction, .budgetRefused), (.eviction, .denied):
            truths[index].isHindered = truths[index].mayBeDeletedAtOnce
        default: break
        }
        if request.manner == .eviction { truths[index].isDeletionBarred = false }
    }

    private mutating func accept(_ index: Int, _ seconds: Int) {
        var truth = truths[index]
        let end = now.advanced(by: .seconds(seconds))
        truth.accepted += 1
        truth.acceptedAt = truth.acceptedAt ?? now
        if truth.accepted == 1 { truth.grantedFull = seconds >= plan.full(for: truth.pod.gracePeriod) }
        truth.end = min(truth.end ?? truth.pod.deletionEnd ?? end, end)
        truth.isTerminating = true
        truth.pod = truth.pod.terminating(until: truth.end ?? end, grace: seconds)
        truths[index] = truth
        agenda.append((now.advanced(by: .milliseconds(5)), .seenTerminating(index)))
        agenda.append((min(truth.end ?? end, now.advanced(by: truth.stopTime)), .stops(index)))
    }

    /// Whoever's turn has come is asked now, unless all places are taken, or flow control leaves no more of them.
    mutating func checkNobodyIsForgotten() throws {
        guard strategy != .cordonOnly, ledger.silence < Ledger.silenceLimit,
            underWay.count < min(window, max(ledger.flow.width, Ledger.urgentWidth))
        else { return }
        for truth in truths
        where truth.firstSeen != nil && !truth.isOut && !truth.isTerminating {
            // Who comes late while others of its owner come back cannot be told from them.
            guard !truth.comesBack || truth.firstSeen == second(0), !truth.isReturn else { continue }
            guard !underWay.values.contains(where: { $0.pod == truth.pod.reference }) else { continue }
            let ownTime = ownTime(of: truth)
            let isTimeUp = ownTime <= now && escalates
            if isTimeUp, truth.lastRefused.map({ $0 < ownTime && !hasTightened }) ?? true {
                throw violation("forgets a pod whose time has come")
            }
            if isTimeUp, truth.isRefusedPolitely { throw violation("rests before it deletes") }
            let isFree = truth.pod.annotations.isEmpty && truth.pod.priority == 0 && truth.lastRefused == nil
            let politeWindow = min(ledger.flow.width, window - min(8, window / 8))
            if isFree, underWay.count < politeWindow, !ledger.flow.isClosed(at: now) {
                throw violation("lets an ordinary pod wait")
            }
        }
    }

    /// Where every DELETE is accepted, everybody was asked, and whoever could have its whole grace got it.
    func checkEnd() throws {
        guard isResponsive, escalates, strategy != .cordonOnly, window > 6 else { return }
        for truth in truths where truth.firstSeen.map({ $0.advanced(by: .seconds(3)) < deadline }) ?? false {
            guard !truth.comesBack || truth.firstSeen == second(0), !truth.isReturn, !truth.isOut, !truth.isTerminating
            else { continue }
            throw violation("\(truth.pod.reference.name) was never asked with success")
        }
        guard !hasTightened, margin >= .seconds(1) else { return }
        for truth in truths
        where truth.accepted > 0 && truth.firstSeen.map({ $0 <= wholeGraceTime(of: truth) }) ?? false {
            guard !truth.isReturn, shareEnd(of: truth).map({ $0 <= wholeGraceTime(of: truth) }) ?? true else {
                continue
            }
            guard truth.grantedFull else { throw violation("\(truth.pod.reference.name) did not get its whole grace") }
        }
    }
}

extension Pod {
    /// When its grace ends, as the API server says.
    fileprivate var deletionEnd: Moment? {
        deletionTimestamp.flatMap { WallTime(rfc3339: $0) }.map { anchor.moment(at: $0) }
    }
}

extension Duration {
    fileprivate func advancedBack(_ other: Duration) -> Duration { self - other }
}
