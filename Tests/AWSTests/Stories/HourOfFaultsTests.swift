import Interruption
import TestSupport
import Testing

@testable import AWS

/// The fault that ended the reference system: rare, single failures, for a long time.
struct HourOfFaultsTests {
    @Test(arguments: Array(1...10) as [UInt64])
    func `an hour with 2 % errors and 2 % timeouts costs no notice and no time`(seed: UInt64) async throws {
        try await VirtualTime.run { timeline async throws in
            let stage = Stage(timeline, settings: .only(.spot), seed: seed)
            let dice = Jitter(SeededGenerator(seed: seed &* 7919))
            stage.ec2.fail { _ in
                let draw = dice.upTo(.seconds(100))
                return draw < .seconds(2) ? .status(503) : draw < .seconds(4) ? .hang : nil
            }
            let announced = Shelf<Moment>()
            try await stage.play(for: .seconds(3600)) {
                // A notice every minute and a bit, at all phases of the poll.
                while true {
                    try await timeline.sleep(for: .seconds(40) + dice.upTo(.seconds(10)))
                    announced.add(timeline.now)
                    let time = stage.ec2.anchor.wall(at: timeline.now).advanced(by: .seconds(120)).rfc3339
                    stage.ec2.put("{\"action\":\"terminate\",\"time\":\"\(time)\"}", at: "spot/instance-action")
                    try await timeline.sleep(for: .seconds(20))
                    stage.ec2.put(nil, at: "spot/instance-action")
                }
            }
            let notices = stage.reports.filter { if case .notice = $0.report { true } else { false } }.map(\.moment)
            let latencies = announced.items.dropLast().map { moment in
                notices.first { $0 >= moment }.map { moment.duration(to: $0) } ?? .seconds(9999)
            }
            #expect(latencies.count > 50)
            // Who is throttled asks no more often than usual, so one that is throttled and hangs besides costs another interval.
            #expect(latencies.allSatisfy { $0 <= .seconds(3.5) }, "\(latencies.max() ?? .zero)")
            #expect(latencies.count { $0 > .seconds(2) } <= 2)
            #expect(stage.withdrawals.count >= latencies.count - 1)
            let failures = stage.remarks.filter {
                if case .metadataRead(_, .throttled) = $0 {
                    true
                } else if case .metadataRead(_, .timedOut) = $0 {
                    true
                } else {
                    false
                }
            }
            #expect(failures.count > 100)
            #expect(stage.health.count < 10)
        }
    }
}
