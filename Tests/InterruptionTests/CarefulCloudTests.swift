import Interruption
import Synchronization
import TestSupport
import Testing

/// What stands between a handler and every cloud.
struct CarefulCloudTests {
    @Test(arguments: [
        (NoticeKind.reclaim, false, true), (.maintenance, false, true), (.scaleIn, false, true),
        (.rebalance, false, false), (.maintenance, true, false), (.reclaim, true, false),
    ])
    func `only a machine that is certainly lost leaves its group`(kind: NoticeKind, returns: Bool, leaves: Bool) {
        #expect((DetachScope().objection(to: .sample(kind, returns: returns)) == nil) == leaves)
    }

    @Test func `what is named leaves, too`() {
        let scope = DetachScope(kinds: [.rebalance], includesReturning: true)
        #expect(scope.objection(to: .sample(.rebalance, returns: true)) == nil)
        #expect(scope.objection(to: .sample(.reclaim, returns: false)) != nil)
    }

    @Test func `a group is not asked out of scope`() async throws {
        try await VirtualTime.run { timeline async throws in
            let cloud = FakeCloud(on: timeline)
            let careful = cloud.careful()
            _ = await careful.group?.detach(for: .sample(.rebalance), until: .sample)
            #expect(cloud.asked.isEmpty)
            _ = await careful.group?.detach(for: .sample(.reclaim), until: .sample)
            #expect(cloud.asked == ["detach"])
        }
    }

    @Test func `a hook is held until the volumes are detached, and completed then`() async throws {
        try await VirtualTime.run { timeline async throws in
            let cloud = FakeCloud(on: timeline, attached: [["a", "b"], ["a"], []])
            let outcome = await cloud.careful().hook?.complete(for: .sample(.scaleIn), until: .sample)
            #expect(outcome == .done("completed"))
            #expect(timeline.now == Moment(sinceOrigin: .seconds(3)))
            #expect(cloud.asked == ["hold", "complete"])
            #expect(cloud.news == [.attached(2), .attached(1), .attached(0)])
        }
    }

    @Test(arguments: [[["a"]], []])
    func `nothing holds a hook for longer than its limit`(answers: [[String]]) async throws {
        try await VirtualTime.run { timeline async throws in
            let cloud = FakeCloud(on: timeline, attached: answers)
            _ = await cloud.careful().hook?.complete(for: .sample(.scaleIn), until: .sample)
            #expect(timeline.now <= Moment(sinceOrigin: .seconds(60)))
            #expect(timeline.now > Moment(sinceOrigin: .seconds(50)))
            #expect(cloud.asked.last == "complete")
            #expect(cloud.news.last == .remain(answers.first ?? []))
        }
    }

    @Test func `without a limit nobody looks at volumes`() async throws {
        try await VirtualTime.run { timeline async throws in
            let cloud = FakeCloud(on: timeline, attached: [["a"]])
            _ = await cloud.careful(limit: .zero).hook?.complete(for: .sample(.scaleIn), until: .sample)
            #expect(cloud.asked == ["complete"])
            #expect(cloud.news.isEmpty)
        }
    }

    @Test func `a dry run asks neither hook nor group, and says what it would have asked`() async throws {
        try await VirtualTime.run { timeline async throws in
            let cloud = FakeCloud(on: timeline)
            let words = Words()
            let dry = DryRunCloud(cloud) { words.add($0) }
            await dry.hook?.hold(for: .sample(.scaleIn), until: .sample)
            let completed = await dry.hook?.complete(for: .sample(.scaleIn), until: .sample)
            let detached = await dry.group?.detach(for: .sample(.reclaim), until: .sample)
            #expect(cloud.asked.isEmpty)
            #expect(words.all.count == 3)
            guard case .rehearsed? = completed, case .rehearsed? = detached else {
                Issue.record("\(String(describing: completed)), \(String(describing: detached))")
                return
            }
        }
    }

    @Test func `a cloud without hook and group has none in a dry run either`() {
        let dry = DryRunCloud(FakeCloud(hasParts: false)) { _ in }
        #expect(dry.hook == nil && dry.group == nil)
    }

    @Test func `a dry run's messages are marked, a person's test is not`() {
        let notice = Notice.sample(.reclaim)
        let seen = Notification(
            event: .withdrawn(notice, because: "gone", leftovers: [], standing: nil), nodeName: "n", cluster: nil,
            machine: MachineIdentity(), time: WallTime(sinceEpoch: .zero))
        let test = Notification(
            event: .test, nodeName: "n", cluster: nil, machine: MachineIdentity(), time: WallTime(sinceEpoch: .zero))
        #expect(!seen.isRehearsal && seen.rehearsed.isRehearsal)
        #expect(!test.rehearsed.isRehearsal)
    }
}

private final class Words: Sendable {
    private let lines = Mutex<[String]>([])
    var all: [String] { lines.withLock { $0 } }
    func add(_ line: String) { lines.withLock { $0.append(line) } }
}

/// A cloud that notes what it is asked; its hook waits for ever, and its volumes are those of the list, one after the other.
private final class FakeCloud: CloudProvider, TerminationHook, MachineGroup, AttachedVolumes {
    struct Silence: Error {}

    private let state: Mutex<(asked: [String], attached: [[String]], news: [VolumeNews])>
    private let hasParts: Bool
    private let timeline: any Timeline
    let name = "fake"
    let sources: [any InterruptionSource] = []

    init(on timeline: any Timeline = SystemTimeline(), attached: [[String]] = [], hasParts: Bool = true) {
        self.timeline = timeline
        state = Mutex(([], attached, []))
        self.hasParts = hasParts
    }

    var hook: (any TerminationHook)? { hasParts ? self : nil }
    var group: (any MachineGroup)? { hasParts ? self : nil }
    var asked: [String] { state.withLock { $0.asked } }
    var news: [VolumeNews] { state.withLock { $0.news } }

    func careful(limit: Duration = .seconds(60)) -> CarefulCloud {
        CarefulCloud(
            self, detaching: DetachScope(),
            waiting: CarefulCloud.VolumeWait(for: self, atMost: limit, timeline: timeline) { news in
                self.state.withLock { $0.news.append(news) }
            })
    }

    func identity() async -> MachineIdentity { MachineIdentity() }

    func hold(for notice: Notice, until deadline: Deadline) async {
        state.withLock { $0.asked.append("hold") }
        // Ends by cancellation.
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self)
        for await _ in stream {}
        withExtendedLifetime(continuation) {}
    }

    func complete(for notice: Notice, until deadline: Deadline) async -> CloudOutcome {
        state.withLock { $0.asked.append("complete") }
        return .done("completed")
    }

    func detach(for notice: Notice, until deadline: Deadline) async -> CloudOutcome {
        state.withLock { $0.asked.append("detach") }
        return .done("detached")
    }

    func names(otherThan known: [String]?) async throws -> [String] {
        let next: [String]? = state.withLock { state in
            if known != nil, !state.attached.isEmpty { state.attached.removeFirst() }
            return state.attached.first
        }
        if known != nil { try await timeline.sleep(for: next == nil ? .seconds(3600) : .seconds(1.5)) }
        guard let next else { throw Silence() }
        return next
    }
}

extension Notice {
    fileprivate static func sample(_ kind: NoticeKind, returns: Bool = false) -> Notice {
        Notice(
            id: NoticeID(rawValue: "n"), kind: kind, deadline: .sample, words: "words", hasHook: kind == .scaleIn,
            returns: returns)
    }
}

extension Deadline {
    fileprivate static let sample = Deadline(
        moment: Moment(sinceOrigin: .seconds(300)), wall: WallTime(sinceEpoch: .seconds(300)), certainty: .announced)
}
