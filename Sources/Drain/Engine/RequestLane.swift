import Interruption
import Kubernetes
import Synchronization

/// Makes the requests that the ledger asks for, each once, and tells the desk what was answered.
final class RequestLane: Sendable {
    private let api: any ClusterAPI
    private let desk: DrainDesk
    private let marks: PodMarks
    /// The bells of requests that may be given up while they are under way.
    private let bells = Mutex<[Int: Bell]>([:])

    init(api: any ClusterAPI, desk: DrainDesk, marks: PodMarks) {
        self.api = api
        self.desk = desk
        self.marks = marks
    }

    /// Must be told of a request before it is made, so that giving it up cannot come too early.
    func expect(_ request: LeaveRequest) {
        if case .delete = request.action { return }
        bells.withLock { $0[request.number] = Bell() }
    }

    /// Stops waiting for a request.
    func giveUp(_ number: Int) {
        bells.withLock { $0[number] }?.ring()
    }

    /// Makes a request and reports its answer.
    func make(_ request: LeaveRequest) async {
        let bell = bells.withLock { $0[request.number] }
        let answer: Result<Void, KubernetesError>
        if let bell {
            answer = await racing(against: { await bell.wait() }) { await self.answer(to: request) }
        } else {
            answer = await self.answer(to: request)
        }
        bells.withLock { $0[request.number] = nil }
        desk.answered(request, answer)
        if case .success = answer, let note = marks.event(for: request) {
            if case .failure(let error) = await outcome(of: { () throws(KubernetesError) in try await api.post(note) })
            {
                desk.remark("events on pods: \(error.words)")
            }
        }
    }

    private func answer(to request: LeaveRequest) async -> Result<Void, KubernetesError> {
        await outcome { () throws(KubernetesError) in
            switch request.action {
            case .evict(let grace):
                try await api.evict(request.pod, grace: grace, dryRun: false)
            case .delete(let grace, _):
                try await api.delete(request.pod, grace: grace, dryRun: false)
            case .noteDisruption:
                try await api.patchPodStatus(request.pod, marks.disruption(of: request.pod))
            }
        }
    }
}
