import Interruption
import Synchronization
import TestSupport
import Testing

/// Stories of the handler over scripted ports, in virtual time.
@Suite struct `The node's handler` {
    @Test func `a notice is drained for, both messages are posted, and a stop returns`() async throws {
        let world = Ports()
        try await VirtualTime.run { timeline in
            let handler = world.handler(timeline, source: [(.seconds(3), .notice(spot))])
            async let run: Void = handler.run()
            try await timeline.sleep(for: .seconds(60))
            handler.stop()
            await run
        }
        #expect(world.posted == ["seen spot", "outcome spot empty"])
        #expect(world.drains.map(\.plan.notice) == [spot])
        #expect(world.news.contains(.detached(.done("detached"))))
    }

    @Test func `a stop in the middle of a drain ends it and returns without an outcome`() async throws {
        let world = Ports(drainTime: .seconds(1000))
        let end = try await VirtualTime.run { timeline in
            let handler = world.handler(timeline, source: [(.seconds(1), .notice(spot))])
            async let run: Void = handler.run()
            try await timeline.sleep(for: .seconds(10))
            handler.stop()
            await run
            return timeline.now
        }
        #expect(end < Moment(sinceOrigin: .seconds(12)))
        #expect(world.posted == ["seen spot"])
    }

    /// A cordon that takes some time, a stop after some time, and what was posted until then.
    @Test(arguments: [
        (Duration.seconds(3), Duration.milliseconds(500), [String]()),
        (.seconds(1), .milliseconds(1500), ["seen spot"]),
        (.seconds(1000), .milliseconds(500), []), (.seconds(1000), .milliseconds(2100), ["seen spot"]),
    ])
    func `the first message waits for the record that keeps a next life from saying it again, for two seconds at most`(
        cordon: Duration, stop: Duration, posted: [String]
    ) async throws {
        let world = Ports(drainTime: .seconds(2000), cordonTime: cordon)
        try await VirtualTime.run { timeline in
            let handler = world.handler(timeline, source: [(.zero, .notice(spot))])
            async let run: Void = handler.run()
            try await timeline.sleep(for: stop)
            handler.stop()
            await run
        }
        #expect(world.posted == posted)
    }

    @Test func `a drain that ends before there is a record is told of in the right order`() async throws {
        let world = Ports(drainTime: .seconds(1), cordonTime: .seconds(5))
        try await VirtualTime.run { timeline in
            let handler = world.handler(timeline, source: [(.zero, .notice(spot))])
            async let run: Void = handler.run()
            try await timeline.sleep(for: .seconds(10))
            handler.stop()
            await run
        }
        #expect(world.posted == ["seen spot", "outcome spot empty"])
    }

    @Test func `a record found at start is drained on, and nobody is told twice`() async throws {
        let record = NodeRecord(notices: [entry(spot)])
        let world = Ports(found: .success(FoundRecord(record: record, hasRebooted: false)))
        try await VirtualTime.run { timeline in
            let handler = world.handler(timeline, source: [(.zero, .notice(spot)), (.seconds(1), .notice(spot))])
            async let run: Void = handler.run()
            try await timeline.sleep(for: .seconds(60))
            handler.stop()
            await run
        }
        #expect(world.posted == ["outcome spot empty"])
        #expect(world.drains.count == 1)
    }

    @Test func `a recorded notice that nobody announces again is given back`() async throws {
        let record = NodeRecord(notices: [entry(spot, .empty)])
        let world = Ports(found: .success(FoundRecord(record: record, hasRebooted: false)))
        try await VirtualTime.run { timeline in
            let handler = world.handler(timeline, source: [(.zero, .healthy(source: "test"))])
            async let run: Void = handler.run()
            try await timeline.sleep(for: .seconds(90))
            handler.stop()
            await run
        }
        #expect(world.givenBack == ["no longer announced"])
    }

    @Test func `while a source is degraded silence is no withdrawal`() async throws {
        let record = NodeRecord(notices: [entry(spot, .empty)])
        let world = Ports(found: .success(FoundRecord(record: record, hasRebooted: false)))
        try await VirtualTime.run { timeline in
            let handler = world.handler(timeline, source: [(.zero, .degraded(source: "test", because: "503"))])
            async let run: Void = handler.run()
            try await timeline.sleep(for: .seconds(900))
            handler.stop()
            await run
        }
        #expect(world.givenBack.isEmpty)
    }

    @Test func `a record of another boot is given back`() async throws {
        let record = NodeRecord(notices: [entry(spot)])
        let world = Ports(found: .success(FoundRecord(record: record, hasRebooted: true)))
        try await VirtualTime.run { timeline in
            let handler = world.handler(timeline, source: [])
            async let run: Void = handler.run()
            try await timeline.sleep(for: .seconds(5))
            handler.stop()
            await run
        }
        #expect(world.givenBack == ["the machine was started anew"])
    }

    @Test func `an API server that cannot be asked for the record does not keep a notice waiting`() async throws {
        let world = Ports(found: .failure(Unreachable()))
        try await VirtualTime.run { timeline in
            let handler = world.handler(timeline, source: [(.zero, .notice(spot))])
            async let run: Void = handler.run()
            try await timeline.sleep(for: .seconds(60))
            handler.stop()
            await run
        }
        #expect(world.drains.map(\.arrival) == [Moment(sinceOrigin: .zero)])
    }

    @Test func `an API server that hangs at start keeps a notice waiting for a second at most`() async throws {
        let world = Ports(recordTime: .seconds(100))
        try await VirtualTime.run { timeline in
            let handler = world.handler(timeline, source: [(.zero, .notice(spot))])
            async let run: Void = handler.run()
            try await timeline.sleep(for: .seconds(20))
            #expect(world.drains.map(\.arrival) == [Moment(sinceOrigin: .seconds(1))])
            handler.stop()
            await run
        }
    }

    @Test func `the cloud is held while the drain runs and told to go on afterwards`() async throws {
        let world = Ports()
        let hooked = notice("asg", .scaleIn, at: 120, hook: true, source: nil)
        try await VirtualTime.run { timeline in
            let handler = world.handler(timeline, source: [(.zero, .notice(hooked))])
            async let run: Void = handler.run()
            try await timeline.sleep(for: .seconds(60))
            handler.stop()
            await run
        }
        #expect(world.news.contains(.hookCompleted(.done("completed"))))
    }

    @Test func `a person's uncordon in the middle of a drain for maintenance ends it`() async throws {
        let world = Ports(drainTime: .seconds(1000), uncordon: .seconds(20))
        let work = notice("work", .maintenance, at: 1800, source: nil)
        try await VirtualTime.run { timeline in
            let handler = world.handler(timeline, source: [(.zero, .notice(work))])
            async let run: Void = handler.run()
            try await timeline.sleep(for: .seconds(30))
            #expect(world.posted == ["seen work", "uncordoned [\"work\"] -", "outcome work given-up"])
            handler.stop()
            await run
        }
    }

    @Test func `a withdrawal in the middle stops the drain, gives back and says so`() async throws {
        let world = Ports(drainTime: .seconds(1000))
        try await VirtualTime.run { timeline in
            let script: [(Duration, SourceReport)] = [
                (.zero, .notice(spot)), (.seconds(5), .withdrawn(spot.id, because: "stale")),
            ]
            let handler = world.handler(timeline, source: script)
            async let run: Void = handler.run()
            try await timeline.sleep(for: .seconds(30))
            handler.stop()
            await run
        }
        #expect(world.posted == ["seen spot", "withdrawn spot"])
        #expect(world.givenBack == ["stale"])
    }
}

private struct Unreachable: Error {}

private let spot = notice("spot", .reclaim, at: 120, source: "test")

/// Every port at once, scripted; records what the handler did with them.
private final class Ports: CloudProvider, NodeDrainer, NotificationSink, TerminationHook, MachineGroup {
    private struct Seen {
        var posted: [String] = []
        // Not the orders: their closures hold the handler, and that holds this world.
        var drains: [(plan: Plan, arrival: Moment)] = []
        var givenBack: [String] = []
        var news: [NodeNews] = []
        var timeline: ManualTimeline?
        var script: [(Duration, SourceReport)] = []
    }

    private let seen = Mutex(Seen())
    private let drainTime: Duration
    private let cordonTime: Duration
    private let recordTime: Duration
    private let uncordon: Duration?
    private let found: Result<FoundRecord?, Unreachable>

    init(
        drainTime: Duration = .seconds(10), cordonTime: Duration = .zero, recordTime: Duration = .zero,
        uncordon: Duration? = nil, found: Result<FoundRecord?, Unreachable> = .success(nil)
    ) {
        self.drainTime = drainTime
        self.cordonTime = cordonTime
        self.recordTime = recordTime
        self.uncordon = uncordon
        self.found = found
    }

    var posted: [String] { seen.withLock { $0.posted } }
    var drains: [(plan: Plan, arrival: Moment)] { seen.withLock { $0.drains } }
    var givenBack: [String] { seen.withLock { $0.givenBack } }
    var news: [NodeNews] { seen.withLock { $0.news } }

    func handler(_ timeline: ManualTimeline, source script: [(Duration, SourceReport)]) -> NodeHandler {
        seen.withLock {
            $0.timeline = timeline
            $0.script = script
        }
        return NodeHandler(
            subject: NodeHandler.Subject(nodeName: "n", cluster: nil, machine: { MachineIdentity() }), provider: self,
            drainer: self, notifications: self, policy: DrainPolicy(), timeline: timeline,
            anchor: WallClockAnchor(wall: WallTime(sinceEpoch: .zero), moment: Moment(sinceOrigin: .zero)),
            observe: { news in self.seen.withLock { $0.news.append(news) } })
    }

    private var timeline: ManualTimeline { seen.withLock { $0.timeline ?? ManualTimeline() } }

    let name = "test"
    var sources: [any InterruptionSource] { [Script(steps: seen.withLock { $0.script }, timeline: timeline)] }
    var hook: (any TerminationHook)? { self }
    var group: (any MachineGroup)? { self }
    func identity() async -> MachineIdentity { MachineIdentity() }

    func record() async throws -> FoundRecord? {
        if recordTime > .zero { try await timeline.sleep(for: recordTime) }
        return try found.get()
    }

    func note(_ plan: Plan) async {}
    func forget(_ id: NoticeID) async {}
    func noteUncordon(givingUp ids: [NoticeID], insistingOn plan: Plan?) async {
        seen.withLock { $0.posted.append("uncordoned \(ids.map(\.rawValue)) \(plan?.notice.id.rawValue ?? "-")") }
    }

    func untilUncordoned() async -> Bool {
        guard let uncordon, (try? await timeline.sleep(until: Moment(sinceOrigin: uncordon))) != nil else {
            try? await timeline.sleep(for: .seconds(1_000_000))  // ends by cancellation
            return false
        }
        return true
    }

    func drain(_ order: DrainOrder) async -> Report {
        seen.withLock { $0.drains.append((order.plan, order.arrival)) }
        let end = timeline.now.advanced(by: drainTime)
        let cordon = timeline.now.advanced(by: cordonTime)
        var isCordoned = false
        while timeline.now < end {
            if !isCordoned, timeline.now >= cordon {
                isCordoned = true
                order.progress(.cordoned(after: cordonTime, alreadyCordoned: false))
            }
            if let reason = order.stop() {
                let ending: Report.Ending =
                    reason == .withdrawn ? .withdrawn : reason == .unwanted ? .givenUp : .stopped
                return Report(notice: order.plan.notice, strategy: order.plan.strategy, ending: ending)
            }
            guard (try? await timeline.sleep(for: .seconds(1))) != nil else { break }
        }
        return Report(notice: order.plan.notice, strategy: order.plan.strategy, ending: .empty)
    }

    func giveBack(because reason: String, keeping: Set<NoticeID>) async throws -> [String] {
        seen.withLock { $0.givenBack.append(reason) }
        return []
    }

    func post(_ notification: Notification) {
        let line =
            switch notification.event {
            case .seen(let plan, _): "seen \(plan.notice.id)"
            case .outcome(let report): "outcome \(report.notice.id) \(report.ending.rawValue)"
            case .withdrawn(let notice, _, _, _): "withdrawn \(notice.id)"
            case .test: "test"
            }
        seen.withLock { $0.posted.append(line) }
    }

    func finish(by moment: Moment) async {}

    func hold(for notice: Notice, until deadline: Deadline) async {
        try? await timeline.sleep(until: deadline.moment)  // cancelled: the drain ended first
    }

    func complete(for notice: Notice, until deadline: Deadline) async -> CloudOutcome { .done("completed") }
    func detach(for notice: Notice, until deadline: Deadline) async -> CloudOutcome { .done("detached") }
}

/// A source that reports by a script, then stays silent.
private struct Script: InterruptionSource {
    let name = "test"
    let steps: [(Duration, SourceReport)]
    let timeline: ManualTimeline

    func run(reporting report: @escaping @Sendable (SourceReport) async -> Void) async {
        for (moment, step) in steps {
            guard (try? await timeline.sleep(until: Moment(sinceOrigin: moment))) != nil else { return }
            await report(step)
        }
        try? await timeline.sleep(for: .seconds(1_000_000))  // ends by cancellation
    }
}
