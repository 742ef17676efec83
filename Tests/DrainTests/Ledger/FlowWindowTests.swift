import Interruption
import Kubernetes
import Testing

@testable import Drain

/// What flow control's refusals do to how many requests are under way.
struct FlowWindowTests {
    @Test func `a refusal narrows it to a quarter of what was under way, and those of the same wave say nothing new`() {
        var window = FlowWindow(full: 99)
        window.refused(1, latest: 30, underWay: 30)
        #expect(window.width == 7)
        for number in 2...30 { window.refused(number, latest: 30, underWay: 30) }
        #expect(window.width == 7)
        window.refused(31, latest: 33, underWay: 3)
        #expect(window.width == 1)
        window.refused(34, latest: 34, underWay: 1)
        #expect(window.width == 1)
    }

    @Test func `it opens by one with each that is served, up to the whole`() {
        var window = FlowWindow(full: 10)
        window.refused(1, latest: 8, underWay: 8)
        for _ in 0..<3 { window.served() }
        #expect(window.width == 5)
        for _ in 0..<20 { window.served() }
        #expect(window.width == 10)
    }

    private func crowded(_ count: Int, grace: Int = 30) -> (ledger: Ledger, requests: [LeaveRequest]) {
        var ledger = Ledger.sample()
        ledger.listed((0..<count).map { .sample("pod-\($0)", grace: grace) }, at: second(0))
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

    @Test func `pods whose time is up are asked by eights however narrow it is`() {
        var (ledger, requests) = crowded(40)
        var now = 0.1
        while ledger.flow.width > 1 {
            for request in requests {
                ledger.requestRefused(request, .throttled(retryAfter: .seconds(1)), at: second(now), by: .sample())
            }
            now += 10
            requests = ledger.pass(at: second(now), by: .sample()).requests
        }
        for request in requests {
            ledger.requestRefused(request, .throttled(retryAfter: .seconds(1)), at: second(now), by: .sample())
        }
        #expect(ledger.pass(at: second(100), by: .sample()).requests.count == 8)
    }
}
