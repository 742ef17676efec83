import Interruption
import Kubernetes
import Synchronization

@testable import Drain

/// The wall clock of all tests: origin of the timeline is this time of day.
let anchor = WallClockAnchor(
    wall: WallTime(sinceEpoch: .seconds(1_795_000_000)), moment: Moment(sinceOrigin: .zero))

/// The moment so many seconds behind the origin.
func second(_ count: Double) -> Moment { Moment(sinceOrigin: .seconds(count)) }

/// What the clouds say at the moment so many seconds behind the origin.
func deadlineAt(_ seconds: Double, _ certainty: Deadline.Certainty = .announced) -> Deadline {
    Deadline(moment: second(seconds), wall: anchor.wall(at: second(seconds)), certainty: certainty)
}

extension Notice {
    static func sample(
        _ kind: NoticeKind = .reclaim, id: String = "spot-1", deadlineAt seconds: Double = 120, returns: Bool = false
    ) -> Notice {
        Notice(
            id: NoticeID(rawValue: id), kind: kind, deadline: deadlineAt(seconds), words: "spot terminate",
            returns: returns)
    }
}

extension Plan {
    static func sample(
        _ strategy: Strategy = .evict, notice: Notice = .sample(), escalates: Bool = true, limit: Duration? = nil,
        margin: Duration = .seconds(5)
    ) -> Plan {
        Plan(notice: notice, strategy: strategy, escalates: escalates, graceLimit: limit, margin: margin)
    }
}

extension Pod {
    /// A pod of `node-a` whose uid is made of its name.
    static func sample(
        _ name: String, uid: String? = nil, namespace: String = "web", node: String = "node-a", grace: Int = 30,
        priority: Int = 0, controller: String? = "Job", owner: String = "owner", phase: String = "Running",
        labels: [String: String] = [:],
        annotations: [String: String] = [:], finalizers: [String] = []
    ) -> Pod {
        Pod(
            reference: PodReference(namespace: namespace, name: name, uid: uid ?? "uid-\(name)"), nodeName: node,
            phase: phase, priority: priority, gracePeriod: .seconds(grace),
            controller: controller.map {
                OwnerReference(apiVersion: $0 == "Job" ? "batch/v1" : "apps/v1", kind: $0, name: owner)
            },
            labels: labels, annotations: annotations, finalizers: finalizers)
    }

    /// The same pod, asked to leave: its grace of `grace` seconds ends at `end`.
    func terminating(until end: Moment, grace: Int) -> Pod {
        var pod = self
        pod.deletionTimestamp = anchor.wall(at: end).rfc3339
        pod.deletionGracePeriod = .seconds(grace)
        return pod
    }
}

extension Ledger {
    /// A ledger of `node-a` whose notice came at the origin.
    static func sample(
        _ strategy: Strategy = .evict, escalates: Bool = true, window: Int = 99, settle: Duration = .zero,
        seed: UInt64 = 1
    ) -> Ledger {
        Ledger(
            Terms(
                classifier: PodClassifier(
                    nodeName: "node-a", ownPod: OwnPod(namespace: "kube-system", name: "handler")),
                strategy: strategy.departures, arrival: second(0), anchor: anchor, window: window, escalates: escalates,
                settle: settle, seed: seed))
    }
}

extension GracePlan {
    static func sample(
        deadlineAt seconds: Double = 120, margin: Duration = .seconds(5), limit: Duration? = nil, escalates: Bool = true
    ) -> GracePlan {
        GracePlan(deadline: second(seconds), margin: margin, limit: limit, escalates: escalates)
    }
}

/// An order whose deadline and end a test can change, and which keeps the news.
final class SampleOrder: Sendable {
    private let state: Mutex<(deadline: Deadline, stop: DrainOrder.StopReason?, news: [DrainProgress])>
    private let plan: Plan
    private let arrival: Moment

    init(_ plan: Plan, arrival: Moment = second(0)) {
        self.plan = plan
        self.arrival = arrival
        state = Mutex((plan.notice.deadline, nil, []))
    }

    var news: [DrainProgress] { state.withLock { $0.news } }

    func tighten(to deadline: Deadline) { state.withLock { $0.deadline = deadline } }
    func end(_ reason: DrainOrder.StopReason) { state.withLock { $0.stop = reason } }

    var order: DrainOrder {
        DrainOrder(
            plan: plan, arrival: arrival, deadline: { self.state.withLock { $0.deadline } },
            stop: { self.state.withLock { $0.stop } },
            progress: { progress in self.state.withLock { $0.news.append(progress) } })
    }
}
