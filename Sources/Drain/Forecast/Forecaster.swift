import Interruption
import Kubernetes

/// Asks the API server what it would answer, some pods at a time.
struct Forecaster: Sendable {
    /// How many questions are under way at once.
    static let width = 32

    let setting: DrainSetting

    /// Lists the pods, tries the evictions, and puts the answers together.
    func forecast(_ plan: Plan) async throws(KubernetesError) -> Forecast {
        let classifier = PodClassifier(nodeName: setting.nodeName, ownPod: setting.ownPod)
        let list = try await setting.api.pods(onNode: setting.nodeName)
        let leaving = list.pods.filter {
            if case .leaves = classifier.standing(of: $0) { true } else { false }
        }
        let answers = plan.strategy == .evict ? await answers(for: leaving) : [:]
        var forecast = Forecast(
            nodeName: setting.nodeName, pods: list.pods, answers: answers, plan: plan, classifier: classifier,
            volumeMargin: setting.volumeMargin, at: setting.timeline.now)
        if leaving.contains(where: \.hasAttachableVolumes) {
            forecast.volumesAttached = await NodeVolumes(of: setting.nodeName, in: setting.api)
                .count(on: setting.timeline)
        }
        return forecast
    }

    private func answers(for pods: [Pod]) async -> [String: KubernetesError?] {
        await withTaskGroup(of: (String, KubernetesError?).self) { group in
            var answers: [String: KubernetesError?] = [:]
            var waiting = pods[...]
            for pod in waiting.prefix(Self.width) { group.addTask { await answer(for: pod) } }
            waiting = waiting.dropFirst(Self.width)
            while let (uid, answer) = await group.next() {
                answers[uid] = .some(answer)
                if let pod = waiting.popFirst() { group.addTask { await self.answer(for: pod) } }
            }
            return answers
        }
    }

    private func answer(for pod: Pod) async -> (String, KubernetesError?) {
        let answer = await outcome { () throws(KubernetesError) in
            try await setting.api.evict(pod.reference, grace: nil, dryRun: true)
        }
        switch answer {
        // Gone meanwhile: nothing stands in its way.
        case .success, .failure(.notFound), .failure(.otherUID): return (pod.reference.uid, nil)
        case .failure(let error): return (pod.reference.uid, error)
        }
    }
}
