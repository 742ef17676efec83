import Interruption
import Kubernetes
import Testing
import Transport

@testable import Drain

/// What each answer does to a pod, in each state in which it can come.
struct LedgerAnswerTests {
    /// What the ledger wants next for the pod, looked at from the answer on until the pod's own time.
    enum Next: Sendable, Equatable {
        case evictAgain(after: ClosedRange<Double>)
        case deleteAtOnce
        case deleteAtOwnTime
        case nothing(PodFate)
    }

    static let afterEviction: [(answer: KubernetesError, next: Next)] = [
        (.budgetRefused(budget: "b", message: "m", retryAfter: nil), .evictAgain(after: 0.75...1.25)),
        (.budgetRefused(budget: "b", message: "m", retryAfter: .seconds(10)), .evictAgain(after: 10...10.25)),
        (.throttled(retryAfter: nil), .evictAgain(after: 0.15...0.4)),
        (.throttled(retryAfter: .seconds(1)), .evictAgain(after: 1...2)),
        (.severalBudgets, .evictAgain(after: 6...10)),
        (.namespaceTerminating, .deleteAtOnce),
        (.notFound, .nothing(.gone)),
        (.otherUID, .nothing(.gone)),
        (.conflict(message: "c"), .evictAgain(after: 0.05...0.2)),
        (.unauthorized, .evictAgain(after: 0.05...0.2)),
        (.forbidden(message: "f"), .evictAgain(after: 6...10)),
        (.denied(message: "d"), .evictAgain(after: 0.75...1.25)),
        (.invalid(message: "i"), .evictAgain(after: 6...10)),
        (.expired, .evictAgain(after: 0.05...0.2)),
        (.serverFailed(status: 503, message: "s", retryAfter: nil), .evictAgain(after: 0.05...0.2)),
        (.serverFailed(status: 504, message: "s", retryAfter: .seconds(10)), .evictAgain(after: 10...10.25)),
        (.garbled(detail: "g"), .evictAgain(after: 0.05...0.2)),
        (.unanswered(.connectionLost(detail: "l")), .evictAgain(after: 0.05...0.2)),
        (.unanswered(.timedOut(phase: .answering)), .evictAgain(after: 0.05...0.2)),
        (.credentialsUnavailable(detail: "t"), .evictAgain(after: 0.05...0.2)),
    ]

    /// A ledger whose one pod was asked at second 0.
    private func asked(
        _ strategy: Strategy = .evict, escalates: Bool = true
    ) throws -> (ledger: Ledger, request: LeaveRequest) {
        var ledger = Ledger.sample(strategy, escalates: escalates)
        ledger.listed([.sample("a")], at: second(0))
        let request = try #require(
            ledger.pass(at: second(0), by: .sample(escalates: escalates)).requests.first)
        return (ledger, request)
    }

    private func next(of ledger: Ledger, after start: Moment) -> Next {
        var ledger = ledger
        var now = start
        while true {
            let pass = ledger.pass(at: now, by: .sample())
            switch pass.requests.first?.action {
            case .evict:
                let seconds = start.duration(to: now) / .seconds(1)
                return .evictAgain(after: seconds...seconds)
            case .noteDisruption, .delete:
                return now == start ? .deleteAtOnce : .deleteAtOwnTime
            case nil:
                guard let wakeUp = pass.wakeUp else { return .nothing(ledger.outcomes()[0].fate) }
                now = wakeUp
            }
        }
    }

    @Test(arguments: afterEviction.indices) func `an eviction that is refused`(index: Int) throws {
        let (answer, expected) = Self.afterEviction[index]
        var (ledger, request) = try asked()
        ledger.requestRefused(request, answer, at: second(0.1), by: .sample())
        let next = next(of: ledger, after: second(0.1))
        switch (expected, next) {
        case (.evictAgain(let range), .evictAgain(let after)):
            #expect(range.contains(after.lowerBound), "\(answer)")
        default:
            #expect(next == expected, "\(answer)")
        }
    }

    @Test(arguments: afterEviction.map(\.answer)) func `a deletion that is refused is tried again within a second`(
        answer: KubernetesError
    ) throws {
        var ledger = Ledger.sample()
        ledger.listed([.sample("a")], at: second(100))
        let eviction = try #require(ledger.pass(at: second(100), by: .sample()).requests.first)
        ledger.requestRefused(eviction, .forbidden(message: "eviction"), at: second(100), by: .sample())
        let note = try #require(ledger.pass(at: second(100), by: .sample()).requests.first)
        #expect(note.action == .noteDisruption)
        ledger.requestRefused(note, .forbidden(message: "status"), at: second(100), by: .sample())
        let deletion = try #require(ledger.pass(at: second(100), by: .sample()).requests.first)
        #expect(deletion.action == .delete(grace: 15, escalated: false))
        ledger.requestRefused(deletion, answer, at: second(100.1), by: .sample())
        let fate = ledger.outcomes()[0].fate
        if answer == .notFound || answer == .otherUID {
            #expect(fate == .gone)
            return
        }
        let wakeUp = try #require(ledger.pass(at: second(100.1), by: .sample()).wakeUp)
        let limit = answer.isLasting ? 105.2 : 101.2
        #expect(wakeUp > second(100.1) && wakeUp <= second(limit))
        let again = try #require(ledger.pass(at: wakeUp, by: .sample()).requests.first)
        let isTurnedDown =
            switch answer {
            case .forbidden, .denied, .invalid: true
            default: false
            }
        #expect(again.manner == (isTurnedDown ? .eviction : .deletion))
    }

    @Test func `a deletion that is turned down and an eviction take turns`() throws {
        var ledger = Ledger.sample()
        ledger.listed([.sample("a", controller: nil)], at: second(100))
        var now = second(100)
        var manners: [PodEntry.Manner] = []
        while now < second(112) {
            let pass = ledger.pass(at: now, by: .sample())
            guard let request = pass.requests.first else {
                now = try #require(pass.wakeUp)
                continue
            }
            if let manner = request.manner { manners.append(manner) }
            let answer: KubernetesError =
                request.manner == .eviction
                ? .budgetRefused(budget: "b", message: "m", retryAfter: .seconds(60)) : .forbidden(message: "no delete")
            ledger.requestRefused(request, answer, at: now, by: .sample())
        }
        #expect(manners.prefix(4) == [.eviction, .deletion, .eviction, .deletion])
        #expect(manners.count < 10)
    }

    @Test func `a second budget that is deleted lets the pod be evicted`() throws {
        var (ledger, request) = try asked()
        ledger.requestRefused(request, .severalBudgets, at: second(0.1), by: .sample())
        var now = second(0.1)
        while true {
            let pass = ledger.pass(at: now, by: .sample())
            if let again = pass.requests.first {
                #expect(again.manner == .eviction)
                ledger.requestAccepted(again, at: now)
                break
            }
            now = try #require(pass.wakeUp)
        }
        #expect(now < second(12))
        #expect(ledger.outcomes()[0].fate == .terminating)
    }

    @Test func `a pod that an answer calls gone and the watch shows is asked again`() throws {
        var (ledger, request) = try asked()
        ledger.requestRefused(request, .notFound, at: second(0.1), by: .sample())
        #expect(ledger.isEmpty)
        ledger.podAppeared(.sample("a"), at: second(1))
        #expect(!ledger.isEmpty)
        #expect(ledger.pass(at: second(1), by: .sample()).requests.map(\.manner) == [.eviction])
        ledger.podGone(request.pod, at: second(2))
        ledger.podAppeared(.sample("a"), at: second(3))
        #expect(ledger.outcomes()[0].fate != .waiting)
    }

    @Test(arguments: afterEviction.map(\.answer)) func `an answer that comes when the pod is out changes nothing`(
        answer: KubernetesError
    ) throws {
        var (ledger, request) = try asked()
        ledger.podGone(request.pod, at: second(0.05))
        ledger.requestRefused(request, answer, at: second(0.1), by: .sample())
        #expect(ledger.isEmpty)
        #expect(ledger.inFlightCount == 0)
        let isUnheard = if case .unanswered = answer { true } else { false }
        #expect(ledger.outcomes()[0].fate == (isUnheard ? .evicted : .gone))
    }

    @Test func `an acceptance that comes after the end still counts as ours`() throws {
        var (ledger, request) = try asked()
        ledger.podGone(request.pod, at: second(0.05))
        ledger.requestAccepted(request, at: second(0.1))
        #expect(ledger.isEmpty)
        #expect(ledger.outcomes()[0].fate == .evicted)
    }

    @Test func `an answer that nobody waits for any more changes nothing`() throws {
        var (ledger, request) = try asked()
        ledger.requestAccepted(request, at: second(0.1))
        ledger.requestRefused(request, .forbidden(message: "late"), at: second(0.2), by: .sample())
        #expect(ledger.inFlightCount == 0)
        #expect(ledger.outcomes()[0].fate == .terminating)
    }

    @Test func `a pod that is asked and stays silent is deleted in the end`() throws {
        // An eviction that a webhook swallows: accepted, and nothing happens.
        var (ledger, request) = try asked()
        ledger.requestAccepted(request, at: second(0.1))
        var pass = ledger.pass(at: second(1), by: .sample())
        #expect(pass.requests.isEmpty)
        #expect(pass.wakeUp == second(85))
        pass = ledger.pass(at: second(85), by: .sample())
        #expect(pass.requests.map(\.action) == [.noteDisruption])
    }

    @Test func `a pod whose end was seen needs no second word`() throws {
        var (ledger, request) = try asked()
        ledger.requestAccepted(request, at: second(0.1))
        ledger.podAppeared(Pod.sample("a").terminating(until: second(30), grace: 30), at: second(0.2))
        let pass = ledger.pass(at: second(90), by: .sample())
        #expect(pass.requests.isEmpty)
        #expect(pass.wakeUp == nil)
    }

    @Test func `an eviction that hangs is given up at the pod's own time`() throws {
        var (ledger, request) = try asked()
        #expect(ledger.pass(at: second(84), by: .sample()).wakeUp == second(85.25))
        let pass = ledger.pass(at: second(85.25), by: .sample())
        #expect(pass.abandoned == [request.number])
        ledger.requestRefused(request, .timedOut, at: second(85.3), by: .sample())
        #expect(ledger.pass(at: second(85.3), by: .sample()).requests.map(\.action) == [.noteDisruption])
    }

    @Test func `an own cancellation is no refusal`() throws {
        var (ledger, request) = try asked()
        ledger.requestRefused(request, .unanswered(.cancelled), at: second(0.1), by: .sample())
        #expect(ledger.retries.isEmpty)
        #expect(ledger.outcomes()[0].fate == .waiting)
    }

    @Test func `while nobody answers only a few requests probe, and one answer lets all go on`() throws {
        var ledger = Ledger.sample()
        ledger.listed((0..<50).map { .sample("p\($0)", controller: nil) }, at: second(0))
        var requests = ledger.pass(at: second(0), by: .sample()).requests
        #expect(requests.count == 50)
        for request in requests {
            ledger.requestRefused(request, .unanswered(.unreachable(detail: "x")), at: second(0), by: .sample())
        }
        requests = ledger.pass(at: second(2), by: .sample()).requests
        #expect(requests.count == Ledger.probes)
        ledger.requestAccepted(requests[0], at: second(2))
        requests = ledger.pass(at: second(2), by: .sample()).requests
        #expect(requests.count == 46)
        #expect(ledger.retries == [.error: 49 + 1])
    }

    @Test func `polite requests leave places for those whose time has come`() throws {
        var ledger = Ledger.sample(window: 99)
        ledger.listed((0..<250).map { .sample("p\($0)", controller: nil) }, at: second(0))
        #expect(ledger.pass(at: second(0), by: .sample()).requests.count == 91)
        ledger.podAppeared(.sample("slow", grace: 3600), at: second(1))
        #expect(ledger.pass(at: second(1), by: .sample()).requests.map(\.pod.name) == ["slow"])
    }

    @Test func `longest grace first`() throws {
        var ledger = Ledger.sample()
        ledger.listed(
            [.sample("b", grace: 10), .sample("a", grace: 10), .sample("c", grace: 60), .sample("d", grace: 30)],
            at: second(0))
        let names = ledger.pass(at: second(0), by: .sample()).requests.map(\.pod.name)
        #expect(names == ["c", "d", "a", "b"])
    }

    @Test(arguments: [(true, "deleted"), (false, "evicted")])
    func `a grace that runs too long is shortened by the strategy's means`(escalates: Bool, means: String) throws {
        var ledger = Ledger.sample(escalates: escalates)
        ledger.listed([Pod.sample("a").terminating(until: second(600), grace: 600)], at: second(0))
        let plan = GracePlan.sample(escalates: escalates)
        let request = try #require(ledger.pass(at: second(0), by: plan).requests.first)
        #expect(request.isShortening)
        #expect(request.action == (escalates ? .delete(grace: 115, escalated: false) : .evict(grace: 115)))
        ledger.requestAccepted(request, at: second(0.1))
        #expect(ledger.pass(at: second(0.1), by: plan).requests.isEmpty)
    }

    @Test func `a listed pod under a known name with another uid means that the old one is out`() throws {
        var (ledger, request) = try asked()
        ledger.requestRefused(
            request, .budgetRefused(budget: nil, message: "m", retryAfter: nil), at: second(0.1), by: .sample())
        ledger.podAppeared(.sample("a", uid: "new"), at: second(1))
        #expect(ledger.outcomes().map(\.fate) == [.gone, .waiting])
        #expect(ledger.pass(at: second(1), by: .sample()).requests.map(\.pod.uid) == ["new"])
    }
}
