public import Interruption
import Synchronization

/// What every cloud's provider must keep, whatever its protocol: run by each provider's own tests, in virtual time.
///
/// Each clause returns what was violated, in words; nothing means that it is kept.
public struct CloudProviderContract: Sendable {
    /// A provider in a world that the contract can move.
    public struct World: Sendable {
        /// The provider, its settings such that `announce` makes exactly one notice.
        public var provider: any CloudProvider
        /// Makes the cloud announce one interruption, or take it back.
        public var announce: @Sendable (Bool) -> Void
        /// Makes the cloud's service fail, or work again.
        public var fail: @Sendable (Bool) -> Void
        /// The longest time between two looks of the sources.
        public var interval: Duration

        /// A world from its parts.
        public init(
            provider: any CloudProvider, announce: @escaping @Sendable (Bool) -> Void,
            fail: @escaping @Sendable (Bool) -> Void,
            interval: Duration
        ) {
            self.provider = provider
            self.announce = announce
            self.fail = fail
            self.interval = interval
        }
    }

    /// Something that every provider must keep.
    public enum Clause: String, Sendable, CaseIterable {
        /// Nothing is reported as a notice while nothing is announced.
        case silentWithoutAnnouncement
        /// The same announcement, read again and again, is one equal notice.
        case sameAnnouncementIsEqual
        /// A notice's identity fits into a label, and its deadline is ahead.
        case noticeIsUsable
        /// Another provider that reads the same announcement later gives it the same identity, as after a restart.
        case identitySurvivesRestart
        /// A service that fails for minutes ends no source, withdraws nothing and makes nothing up.
        case failureIsNoNews
        /// A notice that is there when the service works again is seen within two intervals.
        case seenAfterFailure
        /// What is taken back is withdrawn once.
        case withdrawnOnce
        /// A cancelled source returns without time passing.
        case cancellationEndsRun
        /// The identity is answered within a few seconds even when the service fails.
        case identityIsBounded
    }

    private let make: @Sendable (ManualTimeline) -> World

    /// A contract for the provider that `make` puts into a world of its own.
    public init(_ make: @escaping @Sendable (ManualTimeline) -> World) {
        self.make = make
    }

    /// What is violated of `clause`.
    public func violations(of clause: Clause) async throws -> [String] {
        try await VirtualTime.run { timeline async throws in
            try await self.violations(of: clause, on: timeline)
        }
    }

    private func violations(of clause: Clause, on timeline: ManualTimeline) async throws -> [String] {
        let world = make(timeline)
        switch clause {
        case .silentWithoutAnnouncement:
            let told = try await play(world, timeline, intervals: 20)
            return violation(!told.notices.isEmpty || !told.withdrawals.isEmpty, "something was made up")
        case .sameAnnouncementIsEqual:
            world.announce(true)
            let told = try await play(world, timeline, intervals: 20)
            return violation(told.notices.count < 3, "the notice is not told again")
                + violation(
                    Set(told.notices).count != 1, "one announcement made \(Set(told.notices).count) different notices")
        case .noticeIsUsable:
            world.announce(true)
            let begin = timeline.now
            guard let notice = try await play(world, timeline, intervals: 3).notices.first else {
                return ["no notice was told"]
            }
            let id = notice.id.rawValue
            let fits =
                (1...63).contains(id.utf8.count)
                && id.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-._".contains($0)) }
            return violation(!fits, "the identity \(id) does not fit into a label")
                + violation(notice.deadline.moment <= begin, "the deadline is not ahead")
                + violation(notice.words.isEmpty, "the notice has no words")
        case .identitySurvivesRestart:
            world.announce(true)
            let first = try await play(world, timeline, intervals: 3).notices.first
            let other = make(timeline)
            other.announce(true)
            let second = try await play(other, timeline, intervals: 3).notices.first
            return violation(first == nil || first?.id != second?.id, "the identity changed with a restart")
        case .failureIsNoNews:
            world.announce(true)
            let told = try await play(world, timeline, intervals: 80) {
                try await timeline.sleep(for: world.interval * 10)
                world.fail(true)
                try await timeline.sleep(for: world.interval * 60)
                world.fail(false)
            }
            return violation(!told.withdrawals.isEmpty, "a failure withdrew a notice")
                + violation(Set(told.notices.map(\.id)).count != 1, "a failure made another notice")
                + violation(told.degraded == 0, "a failure of minutes was not told")
                + violation(told.endedEarly > 0, "\(told.endedEarly) sources ended")
        case .seenAfterFailure:
            world.fail(true)
            let recovery = timeline.now.advanced(by: world.interval * 60)
            let told = try await play(world, timeline, intervals: 80) {
                try await timeline.sleep(until: recovery, tolerance: nil)
                world.announce(true)
                world.fail(false)
            }
            guard let seen = told.firstNotice else { return ["the notice was never seen"] }
            return violation(
                recovery.duration(to: seen) > world.interval * 2, "seen \(recovery.duration(to: seen)) after recovery")
        case .withdrawnOnce:
            world.announce(true)
            let told = try await play(world, timeline, intervals: 60) {
                try await timeline.sleep(for: world.interval * 10)
                world.announce(false)
            }
            return violation(told.withdrawals.count != 1, "withdrawn \(told.withdrawals.count) times")
                + violation(told.withdrawals.first != told.notices.first?.id, "another identity was withdrawn")
        case .cancellationEndsRun:
            let begin = timeline.now
            let limit = world.interval * 3
            _ = try await play(world, timeline, intervals: 3)
            return violation(begin.duration(to: timeline.now) > limit, "cancelled sources took their time")
        case .identityIsBounded:
            world.fail(true)
            let begin = timeline.now
            _ = await world.provider.identity()
            return violation(
                begin.duration(to: timeline.now) > .seconds(5), "the identity took \(begin.duration(to: timeline.now))")
        }
    }

    private func violation(_ isViolated: Bool, _ words: String) -> [String] { isViolated ? [words] : [] }

    /// What was told while the sources ran for `intervals`, `script` beside them.
    private func play(
        _ world: World, _ timeline: ManualTimeline, intervals: Int,
        _ script: @escaping @Sendable () async throws -> Void = {}
    ) async throws -> Told {
        let record = Record()
        let end = timeline.now.advanced(by: world.interval * intervals)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for source in world.provider.sources {
                group.addTask {
                    await source.run { record.add($0, at: timeline.now) }
                    if timeline.now < end { record.addEnd() }
                }
            }
            group.addTask { try await script() }
            try await timeline.sleep(until: end, tolerance: nil)
            group.cancelAll()
        }
        return record.told
    }

    private struct Told: Sendable {
        var notices: [Notice] = []
        var withdrawals: [NoticeID] = []
        var degraded = 0
        var endedEarly = 0
        var firstNotice: Moment?
    }

    private final class Record: Sendable {
        private let state = Mutex(Told())
        var told: Told { state.withLock { $0 } }
        func addEnd() { state.withLock { $0.endedEarly += 1 } }

        func add(_ report: SourceReport, at moment: Moment) {
            state.withLock { told in
                switch report {
                case .notice(let notice):
                    told.notices.append(notice)
                    told.firstNotice = told.firstNotice ?? moment
                case .withdrawn(let id, _): told.withdrawals.append(id)
                case .degraded: told.degraded += 1
                case .healthy: break
                }
            }
        }
    }
}
