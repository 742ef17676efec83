import Interruption
import Kubernetes
import Synchronization

/// One drain from its order to its report: the lanes side by side, and the loop that looks at the course whenever
/// something happened.
struct DrainRun: Sendable {
    /// How long what is written at the end may take in all.
    static let closingTime = Duration.seconds(1)

    let setting: DrainSetting
    let order: DrainOrder

    /// Drains, and returns the report.
    func run() async -> Report {
        let desk = DrainDesk(course(), timeline: setting.timeline)
        let nodeLane = NodeLane(setting: setting, order: order, desk: desk)
        let podLane = podLane(desk, from: WatchPosition())
        let requests = requestLane(desk)
        var report = await withDiscardingTaskGroup { group in
            group.addTask { await nodeLane.run() }
            group.addTask { await podLane.run() }
            let ending = await steer(desk, requests, &group)
            let report = desk.report(ending)
            group.cancelAll()
            return report
        }
        if report.ending.isOwnEnd {
            if desk.movesVolumes {
                report.volumesAttached = await NodeVolumes(of: setting.nodeName, in: setting.api)
                    .count(on: setting.timeline)
            }
            report.remarks += await nodeLane.finish(report, within: Self.closingTime)
        }
        let isKept = report.ending == .empty && movesPods
        setting.emptied.keep(isKept ? EmptiedNode.Remains(course: desk.standing, position: podLane.position) : nil)
        return report
    }

    /// Goes on where `run` left an empty node: what is bound late is asked to leave, until the deadline or the order's
    /// end.
    func keepEmpty() async {
        guard movesPods, let remains = setting.emptied.take(), !remains.position.version.isEmpty else { return }
        let desk = DrainDesk(remains.course.guarding, timeline: setting.timeline)
        let podLane = podLane(desk, from: remains.position)
        let requests = requestLane(desk)
        await withDiscardingTaskGroup { group in
            group.addTask { await podLane.run() }
            _ = await steer(desk, requests, &group)
            group.cancelAll()
        }
    }

    private var movesPods: Bool { order.plan.strategy.departures.movesPods }

    private func podLane(_ desk: DrainDesk, from position: WatchPosition) -> PodLane {
        PodLane(
            api: setting.api, nodeName: setting.nodeName, desk: desk, timeline: setting.timeline, watches: movesPods,
            seed: setting.seed &+ 1, position: position)
    }

    private func requestLane(_ desk: DrainDesk) -> RequestLane {
        RequestLane(
            api: setting.api, desk: desk,
            marks: PodMarks(
                settings: setting.marks, nodeName: setting.nodeName, notice: order.plan.notice,
                timeline: setting.timeline, anchor: setting.anchor))
    }

    private func course() -> DrainCourse {
        let now = setting.timeline.now
        let plan = order.plan
        let ledger = Ledger(
            Ledger.Terms(
                classifier: PodClassifier(nodeName: setting.nodeName, ownPod: setting.ownPod),
                strategy: plan.strategy.departures, arrival: order.arrival, anchor: setting.anchor,
                // One stream is the watch's.
                window: max(1, setting.inFlight - 1), escalates: plan.escalates, settle: setting.settle,
                seed: setting.seed,
                // Who is waited for has the time to detach afterwards.
                volumeMargin: plan.notice.hasHook ? .zero : setting.volumeMargin))
        return DrainCourse(
            DrainCourse.Order(plan: plan, arrival: order.arrival), ledger: ledger, deadline: order.deadline(), at: now)
    }

    private func steer(
        _ desk: DrainDesk, _ requests: RequestLane, _ group: inout DiscardingTaskGroup
    ) async -> Report.Ending {
        while true {
            let pass = desk.pass(deadline: order.deadline(), stop: Task.isCancelled ? .stopping : order.stop())
            for news in pass.news { order.progress(news) }
            if let ending = pass.ending { return ending }
            // The task's own end leaves no time to wait for answers.
            if Task.isCancelled { return .stopped }
            for request in pass.ledger.requests {
                requests.expect(request)
                group.addTask { await requests.make(request) }
            }
            for number in pass.ledger.abandoned { requests.giveUp(number) }
            if pass.doubtsWatch { desk.doubt.ring() }
            await desk.bell.wait(until: pass.wakeUp, on: setting.timeline)
        }
    }
}

/// What every drain of this node shares.
struct DrainSetting: Sendable {
    let api: any ClusterAPI
    let nodeName: String
    let ownPod: OwnPod?
    let marks: MarkSettings
    let timeline: any Timeline
    let anchor: WallClockAnchor
    let seed: UInt64
    let inFlight: Int
    let volumeMargin: Duration
    let settle: Duration
    let noExecuteLead: Duration
    let keeper: RecordKeeper
    let emptied = EmptiedNode()
}

/// What a drain that emptied the node leaves for whoever keeps it empty.
final class EmptiedNode: Sendable {
    /// The pods as they are known, and how far the watch has come.
    struct Remains: Sendable {
        let course: DrainCourse
        let position: WatchPosition
    }

    private let state = Mutex<Remains?>(nil)

    func keep(_ remains: Remains?) { state.withLock { $0 = remains } }

    /// Answers once.
    func take() -> Remains? {
        state.withLock { state in
            defer { state = nil }
            return state
        }
    }
}

extension Report.Ending {
    /// Whether the drain came to an end of its own, which is written down; otherwise the record stays for whoever goes
    /// on.
    var isOwnEnd: Bool {
        switch self {
        case .empty, .deadlineReached, .failed, .givenUp: true
        case .withdrawn, .stopped: false
        }
    }
}
