import Interruption
import Synchronization
import TestSupport
import Transport

@testable import AWS

/// A provider in a virtual world, and what it says.
final class Stage: Sendable {
    /// A report and when it came.
    struct Told: Sendable {
        var moment: Moment
        var report: SourceReport
    }

    let timeline: ManualTimeline
    let ec2: FakeEC2
    let provider: AWSProvider
    private let told = Mutex<[Told]>([])
    private let remarked: Shelf<AWSRemark>

    init(
        _ timeline: ManualTimeline, settings: AWSSettings = AWSSettings(), variables: [String: String] = [:],
        files: [String: String] = [:], seed: UInt64 = 1, anchor: WallClockAnchor? = nil
    ) {
        self.timeline = timeline
        let ec2 = FakeEC2(timeline)
        let shelf = Shelf<AWSRemark>()
        ec2.put("i-0bb697ef2705e5b37", at: "instance-id")
        ec2.put("spot", at: "instance-life-cycle")
        ec2.put("eu-west-1", at: "placement/region")
        provider = AWSProvider(
            settings: settings, transport: ec2, timeline: timeline, anchor: anchor ?? ec2.anchor,
            surroundings: .fake(variables: variables, files: files), jitter: Jitter(SeededGenerator(seed: seed)),
            remark: { shelf.add($0) })
        self.ec2 = ec2
        remarked = shelf
    }

    /// Runs every source for `duration`; `script` runs beside them.
    func play(for duration: Duration, _ script: @escaping @Sendable () async throws -> Void = {}) async throws {
        try await withThrowingTaskGroup { group in
            for source in provider.sources {
                group.addTask { [self] in
                    await source.run { report in
                        self.told.withLock { $0.append(Told(moment: self.timeline.now, report: report)) }
                    }
                }
            }
            group.addTask { try await script() }
            try await timeline.sleep(for: duration)
            group.cancelAll()
        }
    }

    var reports: [Told] { told.withLock { $0 } }
    var remarks: [AWSRemark] { remarked.items }

    /// The notices that were told, repetitions left out.
    var notices: [Notice] {
        var notices: [Notice] = []
        for case .notice(let notice) in reports.map(\.report) where notices.last != notice { notices.append(notice) }
        return notices
    }

    var withdrawals: [NoticeID] {
        reports.compactMap { if case .withdrawn(let id, _) = $0.report { id } else { nil } }
    }

    /// Healths and faults in their order.
    var health: [SourceReport] {
        reports.map(\.report).filter {
            switch $0 {
            case .healthy, .degraded: true
            default: false
            }
        }
    }

    func firstNotice() -> Told? {
        reports.first { if case .notice = $0.report { true } else { false } }
    }
}

/// Things in the order in which they came.
final class Shelf<Item: Sendable>: Sendable {
    private let state = Mutex<[Item]>([])
    var items: [Item] { state.withLock { $0 } }
    func add(_ item: Item) { state.withLock { $0.append(item) } }
}

/// SplitMix64: the same numbers for the same seed.
struct SeededGenerator: RandomNumberGenerator, Sendable {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

extension Surroundings {
    struct NoSuchFile: Error {}

    static func fake(variables: [String: String] = [:], files: [String: String] = [:]) -> Surroundings {
        Surroundings(
            variable: { variables[$0] },
            readFile: { path in
                guard let text = files[path] else { throw NoSuchFile() }
                return Array(text.utf8)
            })
    }
}

extension AWSSettings {
    /// Only these sources.
    static func only(_ sources: AWSSource..., tokens: TokenMode = .optional) -> AWSSettings {
        AWSSettings(tokens: tokens, sources: Set(sources))
    }
}

extension Moment {
    static func seconds(_ seconds: Double) -> Moment { Moment(sinceOrigin: .seconds(seconds)) }
}
