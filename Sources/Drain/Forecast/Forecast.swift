public import Interruption
import Kubernetes

/// What a drain would meet: each pod with its turn, its grace, and who would stand in its way. Plain values, for people
/// and machines.
public struct Forecast: Sendable, Hashable {
    /// The node.
    public var nodeName: String
    /// How the node would be emptied.
    public var strategy: Strategy
    /// How long the drain would have.
    public var timeLeft: Duration
    /// The pods in the order in which they would be asked, those that stay last.
    public var pods: [PodForecast]
    /// How many volumes are attached to the node now; `nil` when no pod that leaves has any, or when that was not told.
    public var volumesAttached: Int?
    /// The budgets of which not all pods may go at once.
    public var budgets: [BudgetForecast]
    /// What could not be found out, in words for people.
    public var remarks: [String]

    /// Whether every pod that leaves would be out in time with its whole grace.
    public var isSmooth: Bool { pods.allSatisfy(\.prospect.isSmooth) }

    /// How many pods have that prospect.
    public func count(_ prospect: PodForecast.Prospect) -> Int {
        pods.count { $0.prospect == prospect }
    }
}

/// What the API server said of the pods of a node.
struct ForecastFindings: Sendable {
    var pods: [Pod]
    /// What it answered when their evictions were tried (`nil`: it would be accepted), by uid.
    var answers: [String: KubernetesError?] = [:]
    var covers: [BudgetCover] = []
    var remarks: [String] = []
}

extension Forecast {
    /// A forecast from what was found. Pure.
    init(nodeName: String, _ found: ForecastFindings, plan: Plan, desk: ForecastDesk) {
        self.nodeName = nodeName
        strategy = plan.strategy
        timeLeft = plan.notice.deadline.timeLeft(at: desk.now)
        let order = found.pods.filter(desk.wouldBeAsked).sorted(by: ForecastDesk.comesBefore)
        let covers = plan.strategy == .evict ? found.covers : []
        var waiting: [String: String] = [:]
        for cover in covers {
            let words = cover.forecast(among: order).words
            for uid in cover.waiting(among: order) { waiting[uid] = words }
        }
        pods = found.pods.compactMap { pod in
            let uid = pod.reference.uid
            let answer = plan.strategy == .evict ? found.answers[uid] ?? nil : nil
            return desk.forecast(of: pod, answer: answer, waitsFor: waiting[uid])
        }.sorted(by: PodForecast.comesBefore)
        volumesAttached = nil
        budgets = covers.map { $0.forecast(among: order) }.filter { $0.waiting > 0 }
        remarks = found.remarks
    }
}
