@testable import Interruption

extension Witness {
    /// One effect of the machine's answer to `input`.
    mutating func see(_ effect: NodeMachine.Effect, answering input: NodeMachine.Input, at now: Moment) {
        expect(!isFinished, .oneAtATime, "after the end: \(effect)")
        switch effect {
        case .drain(let run): begins(run, at: now)
        case .setDeadline(let deadline): moves(deadline, at: now)
        case .endDrain(let reason):
            expect(running != nil, .oneAtATime, "ends a drain (\(reason)) while none runs")
            running?.isToldToEnd = true
        case .giveBack(_, let keeping, let attempt): givesBack(keeping, attempt)
        case .endGiveBack:
            expect(givingBack != nil, .oneAtATime, "ends a give-back while none runs")
            givingBack = nil
        case .post(let event, _): posts(event, answering: input)
        case .tell(let news): tells(news, answering: input, at: now)
        case .completeHook(let notice): completes(notice, answering: input)
        case .watchNode(let number): watch = number
        case .unwatchNode: watch = nil
        case .finish:
            expect(isStopping, .oneAtATime, "finishes without having been told to stop")
            expect(running == nil, .oneAtATime, "finishes while a drain runs")
            isFinished = true
        case .readRecord, .note, .forget, .tellCloud, .dropHook, .noteUncordon: break
        }
    }

    private mutating func begins(_ run: NodeMachine.Run, at now: Moment) {
        expect(running == nil, .oneAtATime, "begins a drain for \(run.plan.notice.id) while one runs")
        expect(givingBack == nil, .oneAtATime, "begins a drain for \(run.plan.notice.id) while the node is given back")
        expect(!isStopping, .finishes, "begins a drain though it is told to stop")
        expect(
            run.deadline.moment > now, .noPastDeadline, "a run for \(run.plan.notice.id) begins under a past deadline")
        let own = claim(run.plan.notice.id)
        expect(own?.state != .givenUp, .givenUp, "begins a drain for \(run.plan.notice.id), which was given up")
        expect(own?.asks == true, .strongest, "begins a drain for \(run.plan.notice.id), which does not ask for one")
        checkPause(at: now)
        for place in claims.indices where claims[place].id == run.plan.notice.id {
            claims[place].overtime = claims[place].deadline > now ? nil : now.advanced(by: .seconds(30))
        }
        for place in claims.indices where claims[place].strategy.strength <= run.plan.strategy.strength {
            claims[place].isFresh = false
            claims[place].isLate = false
        }
        lastFailure = nil
        hasNews = false
        running = UnderWay(number: run.number, run: run, deadline: run.deadline.moment)
    }

    /// What failed is tried again after a pause that grows, unless something new has come.
    private mutating func checkPause(at now: Moment) {
        guard let lastFailure, !hasNews else {
            failures = 0
            return
        }
        let least: Duration = failures < 4 ? .milliseconds(250) : failures < 7 ? .seconds(3) : .seconds(14)
        let failures = failures
        expect(
            lastFailure.duration(to: now) >= least, .pauses,
            "begins again \(lastFailure.duration(to: now)) after failure \(failures) in a row")
    }

    private mutating func moves(_ deadline: Deadline, at now: Moment) {
        expect(running.map { !$0.isToldToEnd } ?? false, .oneAtATime, "moves the deadline of no drain that runs")
        expect(deadline.moment > now, .noPastDeadline, "moves the deadline to one that has passed")
        running?.deadline = deadline.moment
    }

    private mutating func givesBack(_ keeping: Set<NoticeID>, _ attempt: Int) {
        let claims = claims
        expect(running == nil, .oneAtATime, "gives back while a drain runs")
        expect(givingBack == nil, .oneAtATime, "gives back twice at a time")
        expect(!isStopping, .finishes, "begins to give back though it is told to stop")
        expect(!hasClaims, .givesBackNothingWanted, "gives back while \(claims.map(\.id)) stand")
        expect(keeping.contains(.operatorRequest), .personsCordon, "gives back a person's drain")
        expect(
            keeping.subtracting([.operatorRequest]) == Set(claims.map(\.id)), .givesBackNothingWanted,
            "gives back all but \(keeping), while \(claims.map(\.id)) stand")
        givingBack = UnderWay(number: attempt, run: nil, deadline: began)
        shouldWatch = false
    }

    private mutating func completes(_ notice: Notice, answering input: NodeMachine.Input) {
        switch input {
        case .drainEnded(_, let report):
            expect(report.ending == .empty, .hooks, "completes the hook after a drain that ended \(report.ending)")
            expect(claim(notice.id)?.state == .served, .hooks, "completes the hook of \(notice.id), unserved")
        case .recordRead(let found):
            let entry = found?.record.notices.first { $0.id == notice.id }
            expect(
                entry?.wasServed == true, .hooks, "completes the hook of \(notice.id), which the record calls unserved")
        default:
            broken(.hooks, "completes the hook of \(notice.id) though nothing ended")
        }
    }
}
