import Interruption
import TestSupport
import Testing

@testable import AWS

struct ProviderContractTests {
    struct Announcement: Sendable, CustomTestStringConvertible {
        var source: AWSSource
        var path: String
        var value: String
        var interval: Duration
        /// What the path says instead when the announcement is taken back; `nil` for 404.
        var silence: String?
        var testDescription: String { source.rawValue }
    }

    static let announcements = [
        Announcement(
            source: .spot, path: "spot/instance-action",
            value: "{\"action\":\"terminate\",\"time\":\"2026-01-01T01:00:00Z\"}",
            interval: .seconds(1)),
        Announcement(
            source: .spot, path: "spot/termination-time", value: "2026-01-01T01:00:00Z", interval: .seconds(5)),
        Announcement(
            source: .rebalance, path: "events/recommendations/rebalance",
            value: "{\"noticeTime\":\"2026-01-01T00:00:00Z\"}",
            interval: .seconds(5)),
        Announcement(
            source: .maintenance, path: "events/maintenance/scheduled",
            value: """
                [{"NotBefore":"1 Jan 2026 00:20:00 GMT","Code":"system-reboot","Description":"reboot","EventId":"e-1","State":"active"}]
                """, interval: .seconds(5)),
        Announcement(
            source: .scaleIn, path: "autoscaling/target-lifecycle-state", value: "Terminated", interval: .seconds(5),
            silence: "InService"),
    ]

    @Test(arguments: announcements, CloudProviderContract.Clause.allCases)
    func `the contract of every provider is kept`(
        announcement: Announcement, clause: CloudProviderContract.Clause
    ) async throws {
        let contract = CloudProviderContract { timeline in
            let stage = Stage(timeline, settings: AWSSettings(sources: [announcement.source], completesHooks: false))
            return CloudProviderContract.World(
                provider: stage.provider,
                announce: { stage.ec2.put($0 ? announcement.value : announcement.silence, at: announcement.path) },
                fail: { isFailing in stage.ec2.fail(isFailing ? { @Sendable _ in .status(500) } : nil) },
                interval: announcement.interval)
        }
        let violations = try await contract.violations(of: clause)
        #expect(violations.isEmpty)
    }
}
