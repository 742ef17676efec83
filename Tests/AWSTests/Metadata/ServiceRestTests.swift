import Interruption
import TestSupport
import Testing
import Transport

@testable import AWS

struct ServiceRestTests {
    @Test func `after a refusal one looks, and the others wait for what he finds`() throws {
        let rest = ServiceRest(every: .seconds(1), jitter: Jitter(SeededGenerator(seed: 1)))
        #expect(rest.delay(at: .seconds(0)) == nil)
        rest.refused(at: .seconds(0))
        let end = try #require(rest.delay(at: .seconds(0)))
        #expect(end == .seconds(0.9))
        #expect(rest.delay(at: end) == nil)
        #expect(rest.delay(at: end) == end.advanced(by: ServiceRest.lookTime))
        rest.answered()
        #expect(rest.delay(at: end) == nil)
    }

    @Test func `several who had asked at once are answered by one rest`() throws {
        let rest = ServiceRest(every: .seconds(1), jitter: Jitter(SeededGenerator(seed: 1)))
        rest.refused(at: .seconds(0))
        let end = try #require(rest.delay(at: .seconds(0.1)))
        rest.refused(at: .seconds(0.2))
        #expect(rest.delay(at: .seconds(0.3)) == end)
    }

    @Test(arguments: [FakeEC2.Fault.status(503), .status(429)])
    func `a throttled service is asked less than usual, all paths together`(fault: FakeEC2.Fault) async throws {
        let usual = try await exchanges(under: nil)
        let throttled = try await exchanges(under: fault)
        #expect(throttled <= usual / 2, "\(throttled) of \(usual)")
    }

    @Test(arguments: [FakeEC2.Fault.status(401), .status(500), .status(403), .status(302)])
    func `no answer that is a failure is asked for more often than usual`(fault: FakeEC2.Fault) async throws {
        #expect(try await exchanges(under: fault) <= exchanges(under: nil) + 5)
    }

    @Test func `a token that takes long is waited for as a slow read is`() async throws {
        try await VirtualTime.run { timeline async throws in
            let stage = Stage(timeline, settings: .only(.spot, tokens: .required))
            stage.ec2.fail { _ in .slow(.milliseconds(1600)) }
            stage.ec2.put("{\"action\":\"terminate\",\"time\":\"2026-01-01T00:03:20Z\"}", at: "spot/instance-action")
            try await stage.play(for: .seconds(30))
            #expect(try #require(stage.firstNotice()?.moment) <= .seconds(12))
        }
    }

    /// The exchanges of half a minute.
    private func exchanges(under fault: FakeEC2.Fault?) async throws -> Int {
        try await VirtualTime.run { timeline async throws in
            let stage = Stage(timeline)
            stage.ec2.fail { exchange in exchange.method == .get ? fault : nil }
            try await stage.play(for: .seconds(30))
            return stage.ec2.exchanges.count
        }
    }
}
