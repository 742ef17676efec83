import Interruption
import Kubernetes

/// Asks the API server what it would answer, some pods at a time.
struct Forecaster: Sendable {
    let setting: DrainSetting
    /// Where budgets are read; `nil` where only evictions are tried.
    var reader: (any ForecastAPI)?
    /// How many questions are under way at once.
    var width = 32

    /// Lists the pods, tries the evictions, counts for each budget, and puts it all together.
    func forecast(_ plan: Plan) async throws(KubernetesError) -> Forecast {
        let classifier = PodClassifier(nodeName: setting.nodeName, ownPod: setting.ownPod)
        var found = ForecastFindings(pods: try await setting.api.pods(onNode: setting.nodeName).pods)
        let leaving = found.pods.filter {
            if case .leaves = classifier.standing(of: $0) { !$0.isTerminating } else { false }
        }
        if plan.strategy == .evict {
            found.answers = await answers(for: leaving)
            (found.covers, found.remarks) = await covers(of: leaving)
        }
        let desk = ForecastDesk(
            plan: plan, classifier: classifier, anchor: setting.anchor,
            volumeMargin: plan.notice.hasHook ? .zero : setting.volumeMargin, now: setting.timeline.now)
        var forecast = Forecast(nodeName: setting.nodeName, found, plan: plan, desk: desk)
        if leaving.contains(where: \.hasAttachableVolumes) {
            forecast.volumesAttached = await NodeVolumes(of: setting.nodeName, in: setting.api)
                .count(on: setting.timeline)
        }
        return forecast
    }

    /// The budgets of those pods; what may not be read is told and costs no more than that.
    private func covers(of pods: [Pod]) async -> ([BudgetCover], [String]) {
        guard let reader else { return ([], []) }
        var covers: [BudgetCover] = []
        do throws(KubernetesError) {
            for namespace in Set(pods.map(\.reference.namespace)).sorted() {
                for budget in try await reader.budgets(in: namespace) {
                    let uids = try await reader.pods(of: budget, onNode: setting.nodeName)
                    if !uids.isEmpty { covers.append(BudgetCover(budget: budget, uids: uids)) }
                }
            }
        } catch {
            return (
                covers, ["budgets could not be read, so pods of one budget are not counted together: \(error.words)"]
            )
        }
        return (covers, [])
    }

    private func answers(for pods: [Pod]) async -> [String: KubernetesError?] {
        await withTaskGroup(of: (String, KubernetesError?).self) { group in
            var answers: [String: KubernetesError?] = [:]
            var waiting = pods[...]
            for pod in waiting.prefix(width) { group.addTask { await answer(for: pod) } }
            waiting = waiting.dropFirst(width)
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
