import Interruption
import Kubernetes
import Testing

@testable import Drain

/// What flow control's refusals do to how many requests are under way.
struct FlowWindowTests {
    @Test func `a refusal narrows it to a quarter of what was under way, and those of the same wave say nothing new`() {
        var window = FlowWindow(full: 99)
        window.refused(1, latest: 30, underWay: 30, at: second(0), pause: .seconds(2))
        #expect(window.width == 7)
        for number in 2...30 { window.refused(number, latest: 30, underWay: 30, at: second(0), pause: .seconds(2)) }
        #expect(window.width == 7)
        window.refused(31, latest: 33, underWay: 3, at: second(0), pause: .seconds(4))
        #expect(window.width == 1)
        #expect(window.opensAt == nil)
    }

    @Test func `when even a single one is refused the node waits, until one is served`() {
        var window = FlowWindow(full: 1)
        window.refused(1, latest: 1, underWay: 1, at: second(0), pause: .seconds(2))
        #expect(window.opensAt == second(2))
        #expect(window.isClosed(at: second(1.9)) && !window.isClosed(at: second(2)))
        window.refused(2, latest: 2, underWay: 1, at: second(1.9), pause: .seconds(5))
        #expect(window.opensAt == second(2))
        window.refused(3, latest: 3, underWay: 1, at: second(2), pause: .seconds(5))
        #expect(window.opensAt == second(7))
        window.served()
        #expect(window.opensAt == nil)
    }

    @Test(arguments: [(nil, 1.0), (1, 1), (2, 2), (86_400, 2)])
    func `a node waits as long as it is told, within bounds, and up to twice as long`(asked: Int?, least: Double) {
        var generator = SeededGenerator(seed: 5)
        let pauses = (0..<50).map { _ in
            FlowWindow.pause(asked: asked.map { .seconds($0) }, using: &generator) / .seconds(1)
        }
        #expect(pauses.allSatisfy { (least...least * 2).contains($0) })
        #expect(Set(pauses).count > 40)
    }

    @Test func `it opens by one with each that is served, up to the whole`() {
        var window = FlowWindow(full: 10)
        window.refused(1, latest: 8, underWay: 8, at: second(0), pause: .seconds(2))
        for _ in 0..<3 { window.served() }
        #expect(window.width == 5)
        for _ in 0..<20 { window.served() }
        #expect(window.width == 10)
    }

    private func crowded(_ count: Int, grace: Int = 30) -> (ledger: Ledger, requests: [LeaveRequest]) {
        var ledger = Ledger.sample()
        ledger.listed((0..<count).map { .sample("pod-\($0)", grace: grace, controller: nil) }, at: second(0))
        let requests = ledger.pass(at: second(0), by: .sample()).requests
        return (ledger, requests)
    }

    @Test func `after a wave of refusals a node knocks with few, and with more when it is let in`() {
        var (ledger, requests) = crowded(40)
        #expect(requests.count == 40)
        for request in requests {
            ledger.requestRefused(request, .throttled(retryAfter: .seconds(1)), at: second(0.1), by: .sample())
        }
        let first = ledger.pass(at: second(3), by: .sample()).requests
        #expect(first.count == 10)
        for request in first { ledger.requestAccepted(request, at: second(3.1)) }
        #expect(ledger.pass(at: second(3.1), by: .sample()).requests.count == 20)
    }

    @Test func `a budget's refusal narrows nothing`() {
        var (ledger, requests) = crowded(40)
        let refusal = KubernetesError.budgetRefused(budget: "b", message: "m", retryAfter: nil)
        for request in requests { ledger.requestRefused(request, refusal, at: second(0.1), by: .sample()) }
        #expect(ledger.pass(at: second(20), by: .sample()).requests.count == 40)
    }

    /// A node that has been refused until it asks for one pod at a time, and what it asked for last, without an answer.
    private func narrowed() -> (ledger: Ledger, request: LeaveRequest?, now: Double) {
        var (ledger, requests) = crowded(40)
        var now = 0.1
        while ledger.flow.width > 1 {
            for request in requests {
                ledger.requestRefused(request, .throttled(retryAfter: .seconds(1)), at: second(now), by: .sample())
            }
            now += 10
            requests = ledger.pass(at: second(now), by: .sample()).requests
        }
        return (ledger, requests.first, now)
    }

    @Test func `pods whose time is up are asked by eights however narrow it is`() {
        var ledger = narrowed().ledger
        #expect(ledger.pass(at: second(100), by: .sample()).requests.count == 7)
        #expect(ledger.inFlightCount == 8)
    }

    @Test func `where even single requests are refused, one is made a second or two later`() throws {
        var (ledger, last, now) = narrowed()
        for _ in 0..<5 {
            let request = try #require(last)
            ledger.requestRefused(request, .throttled(retryAfter: .seconds(1)), at: second(now), by: .sample())
            let quiet = ledger.pass(at: second(now + 0.99), by: .sample())
            #expect(quiet.requests.isEmpty)
            #expect(try (1...2).contains(second(now).duration(to: #require(quiet.wakeUp)) / .seconds(1)))
            now += 10
            let requests = ledger.pass(at: second(now), by: .sample()).requests
            #expect(requests.count == 1)
            last = requests.first
        }
        ledger.requestAccepted(try #require(last), at: second(now))
        #expect(ledger.pass(at: second(now), by: .sample()).requests.count == 2)
    }

    @Test func `there each pod is insisted on once when its time comes, and then has to wait like all others`() throws {
        var (ledger, last, now) = narrowed()
        let throttled = KubernetesError.throttled(retryAfter: .seconds(1))
        ledger.requestRefused(try #require(last), throttled, at: second(now), by: .sample())
        now = 100
        var asked: [LeaveRequest] = []
        while true {
            let requests = ledger.pass(at: second(now), by: .sample()).requests
            #expect(requests.count <= 8)
            if requests.isEmpty { break }
            asked += requests
            for request in requests { ledger.requestRefused(request, throttled, at: second(now), by: .sample()) }
        }
        let deleted = asked.filter { $0.action != .noteDisruption }.map(\.pod.uid)
        #expect(deleted.count == 40)
        #expect(Set(deleted).count == 40)
        #expect(ledger.pass(at: second(now + 0.99), by: .sample()).requests.isEmpty)
        #expect(ledger.pass(at: second(now + 5), by: .sample()).requests.count == 1)
    }
}
