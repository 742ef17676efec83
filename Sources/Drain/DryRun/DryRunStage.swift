import Interruption
import Kubernetes

/// What a dry run pretends: which pods were asked to leave, and when each would be gone.
struct DryRunStage: Sendable {
    /// What the API server sets where a pod names no grace.
    private static let usualGrace = Duration.seconds(30)

    private var graces: [PodReference: Duration] = [:]
    private var departures: [PodReference: Moment] = [:]
    /// Whether the node would be unschedulable by now; `nil` while nobody would have touched that.
    var isUnschedulable: Bool?

    /// The pods are where they are: nobody was asked to leave.
    mutating func forgetPods() {
        graces = [:]
        departures = [:]
    }

    /// These pods were seen.
    mutating func learn(_ pods: [Pod]) {
        for pod in pods { graces[pod.reference] = pod.gracePeriod }
    }

    /// The pod was asked, with that grace or its own; asked again, the earlier end counts, as the API server has it.
    mutating func leaves(_ pod: PodReference, within grace: Duration?, at now: Moment) {
        let end = now.advanced(by: grace ?? graces[pod] ?? DryRunStage.usualGrace)
        departures[pod] = min(departures[pod] ?? end, end)
    }

    /// Whether the pod was asked to leave.
    func wasAsked(_ pod: PodReference) -> Bool { departures[pod] != nil }

    /// Whether the pod would be gone.
    func isGone(_ pod: PodReference, at now: Moment) -> Bool {
        departures[pod].map { $0 <= now } ?? false
    }

    /// The pods that would be gone.
    func gone(at now: Moment) -> Set<PodReference> {
        Set(departures.filter { $0.value <= now }.keys)
    }

    /// When the next pod would be gone.
    func nextDeparture(after now: Moment) -> Moment? {
        departures.values.filter { $0 > now }.min()
    }
}
