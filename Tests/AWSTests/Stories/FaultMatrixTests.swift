import Interruption
import TestSupport
import Testing
import Transport

@testable import AWS

/// Whatever the metadata service does for a while: no source ends, it is told as degraded and healthy again, nothing is made up, and a
/// notice that is there afterwards is seen within two poll intervals.
struct FaultMatrixTests {
    enum Place: String, CaseIterable, Sendable {
        case token, path, both

        func hits(_ exchange: FakeEC2.Exchange) -> Bool {
            switch self {
            case .token: exchange.method == .put
            case .path: exchange.method == .get
            case .both: true
            }
        }
    }

    struct Row: Sendable, CustomTestStringConvertible {
        var name: String
        var fault: FakeEC2.Fault
        var testDescription: String { name }
        init(_ name: String, _ fault: FakeEC2.Fault) {
            self.name = name
            self.fault = fault
        }
    }

    static let rows = [
        Row("refuse", .refuse), Row("hang", .hang), Row("hang connecting", .hangConnecting), Row("reset", .lose),
        Row("slow", .slow(.seconds(3))), Row("400", .status(400)), Row("401", .status(401)), Row("403", .status(403)),
        Row("429", .status(429)), Row("500", .status(500)), Row("503", .status(503)), Row("10 MiB", .oversized),
        Row("empty", .answer(HTTPResponse(status: 200))),
        Row("HTML", .answer(HTTPResponse(status: 200, body: Array("<html>sign in</html>".utf8)))),
        Row("redirect", .status(302)),
    ]

    @Test(arguments: rows, Place.allCases)
    func `no fault of the metadata service costs a notice`(row: Row, place: Place) async throws {
        try await VirtualTime.run { timeline async throws in
            let stage = Stage(timeline, settings: .only(.spot, .rebalance, .maintenance, tokens: .required))
            let start = Moment.seconds(20)
            let end = Moment.seconds(80)
            stage.ec2.letTokensLive(.seconds(15))
            stage.ec2.fail { place.hits($0) && $0.moment >= start && $0.moment < end ? row.fault : nil }
            try await stage.play(for: .seconds(120)) {
                try await timeline.sleep(until: end)
                stage.ec2.put(
                    "{\"action\":\"terminate\",\"time\":\"2026-01-01T00:03:20Z\"}", at: "spot/instance-action")
            }
            #expect(stage.notices.map(\.id.rawValue) == ["spot-i-0bb697ef2705e5b37"])
            let seen = try #require(stage.firstNotice()?.moment)
            #expect(seen >= end)
            // A token request that still hangs when the service comes back is waited for first.
            let isHangingToken = place != .path && (row.name.hasPrefix("hang") || row.name == "slow")
            #expect(end.duration(to: seen) <= (isHangingToken ? .seconds(3) : .seconds(2)))
            #expect(stage.withdrawals.isEmpty)
            let spot = stage.health.filter { if case .healthy("spot") = $0 { true } else { false } }
            #expect(spot.count == 2)
            let words = stage.health.filter { if case .degraded("spot", _) = $0 { true } else { false } }
            #expect(!words.isEmpty && words.count <= 3)
        }
    }

    @Test(arguments: [0.1, 0.5, 1.0, 1.7])
    func `a service that is always slow is still read`(seconds: Double) async throws {
        try await VirtualTime.run { timeline async throws in
            let stage = Stage(timeline, settings: .only(.spot))
            stage.ec2.fail { $0.method == .get ? .slow(.seconds(seconds)) : nil }
            try await stage.play(for: .seconds(60)) {
                try await timeline.sleep(for: .seconds(30))
                stage.ec2.put(
                    "{\"action\":\"terminate\",\"time\":\"2026-01-01T00:03:20Z\"}", at: "spot/instance-action")
            }
            let seen = try #require(stage.firstNotice()?.moment)
            #expect(seen <= .seconds(34))
            let reads = stage.remarks.filter { $0 == .metadataRead(path: "spot/instance-action", .timedOut) }
            #expect(reads.count <= 2)
        }
    }

    @Test(arguments: [FakeEC2.Fault.status(503), .hang, .refuse, .status(401)])
    func `a fault never withdraws a notice that stands`(fault: FakeEC2.Fault) async throws {
        try await VirtualTime.run { timeline async throws in
            let stage = Stage(timeline, settings: .only(.spot, .rebalance, .maintenance, .scaleIn))
            stage.ec2.put("{\"action\":\"terminate\",\"time\":\"2026-01-01T00:03:20Z\"}", at: "spot/instance-action")
            stage.ec2.put("{\"noticeTime\":\"2026-01-01T00:00:00Z\"}", at: "events/recommendations/rebalance")
            stage.ec2.put("Terminated", at: "autoscaling/target-lifecycle-state")
            stage.ec2.fail { $0.moment > .seconds(20) ? fault : nil }
            try await stage.play(for: .seconds(90))
            #expect(Set(stage.notices.map(\.kind)) == [.reclaim, .rebalance, .scaleIn])
            #expect(stage.withdrawals.isEmpty)
        }
    }

    @Test func `an announcement that is withdrawn is told once, after two good answers`() async throws {
        try await VirtualTime.run { timeline async throws in
            let stage = Stage(timeline, settings: .only(.spot))
            stage.ec2.put("{\"action\":\"stop\",\"time\":\"2026-01-01T00:03:20Z\"}", at: "spot/instance-action")
            stage.ec2.fail { $0.moment > .seconds(11) && $0.moment < .seconds(14) ? .status(503) : nil }
            try await stage.play(for: .seconds(60)) {
                try await timeline.sleep(until: .seconds(10.5))
                stage.ec2.put(nil, at: "spot/instance-action")
            }
            #expect(stage.withdrawals.map(\.rawValue) == ["spot-i-0bb697ef2705e5b37"])
        }
    }

    @Test(arguments: [-3600, 3600])
    func `a node whose clock is off by an hour has the right deadline`(offset: Int) async throws {
        try await VirtualTime.run { timeline async throws in
            let real = WallClockAnchor(wall: FakeEC2.wall, moment: .seconds(0))
            let wrong = WallClockAnchor(wall: FakeEC2.wall.advanced(by: .seconds(offset)), moment: .seconds(0))
            let stage = Stage(timeline, settings: .only(.spot), anchor: wrong)
            stage.ec2.sendDate(offBy: .zero)
            stage.ec2.put("{\"action\":\"terminate\",\"time\":\"2026-01-01T00:02:00Z\"}", at: "spot/instance-action")
            try await stage.play(for: .seconds(5))
            let deadline = try #require(stage.notices.first?.deadline)
            #expect(deadline.wall == real.wall.advanced(by: .seconds(120)))
            #expect(abs(deadline.moment.sinceOrigin.components.seconds - 120) <= 1)
            #expect(stage.notices.count == 1)
            #expect(stage.remarks.filter { if case .clockCorrected = $0 { true } else { false } }.count == 1)
            #expect(stage.provider.anchor != wrong)
        }
    }

    @Test func `a time that moves at each request is one notice`() async throws {
        try await VirtualTime.run { timeline async throws in
            let stage = Stage(timeline, settings: .only(.spot))
            let anchor = stage.ec2.anchor
            stage.ec2.fail { exchange in
                guard exchange.path.hasPrefix("spot/") else { return nil }
                let time = anchor.wall(at: exchange.moment).advanced(by: .seconds(120)).rfc3339
                let body =
                    exchange.path == "spot/instance-action" ? "{\"action\":\"terminate\",\"time\":\"\(time)\"}" : time
                return .answer(HTTPResponse(status: 200, body: Array(body.utf8)))
            }
            try await stage.play(for: .seconds(60))
            #expect(stage.notices.count == 1)
        }
    }

    @Test func `a hop limit of 1 is told as degraded, in words that help`() async throws {
        try await VirtualTime.run { timeline async throws in
            let stage = Stage(timeline, settings: .only(.spot))
            stage.ec2.fail { $0.method == .put ? .hang : nil }
            try await stage.play(for: .seconds(60))
            guard case .degraded(_, let words)? = stage.health.first else {
                Issue.record("nothing was told")
                return
            }
            #expect(words.contains("hop limit") && words.contains("hostNetwork"))
            #expect(stage.health.count == 1)
            #expect(stage.ec2.exchanges(to: "spot/instance-action").count <= 2)
        }
    }

    @Test func `a machine that is on-demand reads the spot paths lazily`() async throws {
        try await VirtualTime.run { timeline async throws in
            let stage = Stage(timeline, settings: .only(.spot))
            stage.ec2.put("on-demand", at: "instance-life-cycle")
            try await stage.play(for: .seconds(100))
            #expect(stage.ec2.exchanges(to: "spot/instance-action").count <= 22)
        }
    }

    @Test func `an idle minute is one read a second and a few more, one at a time, with one token`() async throws {
        try await VirtualTime.run { timeline async throws in
            let stage = Stage(timeline)
            stage.ec2.fail { _ in .slow(.milliseconds(2)) }
            try await stage.play(for: .seconds(60))
            #expect((59...61).contains(stage.ec2.exchanges(to: "spot/instance-action").count))
            #expect((12...13).contains(stage.ec2.exchanges(to: "spot/termination-time").count))
            #expect((12...13).contains(stage.ec2.exchanges(to: "events/recommendations/rebalance").count))
            #expect((12...13).contains(stage.ec2.exchanges(to: "events/maintenance/scheduled").count))
            #expect((11...13).contains(stage.ec2.exchanges(to: "autoscaling/target-lifecycle-state").count))
            #expect(stage.ec2.tokenRequests.count == 1)
            #expect(stage.ec2.mostUnderway == 1)
            #expect(stage.ec2.exchanges.first?.moment == .seconds(0))
            #expect(stage.health.count == 4)
        }
    }
}
