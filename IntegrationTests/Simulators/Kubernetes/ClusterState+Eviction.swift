extension ClusterState {
    /// Evicts a pod, if its budget allows.
    ///
    /// The order is the real server's: the budget is asked, and charged, before the preconditions are looked at.
    mutating func evict(_ key: ObjectKey, _ options: DeletionOptions) throws(APIStatus) {
        guard let pod = store[.pods, key], let facts = pod.pod else { throw .notFound(.pods, key.name) }
        if !ignoresBudgets(pod, facts) {
            let budgets = budgets(of: pod)
            if budgets.count > 1 { throw .twoBudgets }
            if let budget = budgets.first, let figures = budget.budget, !mayGoUnready(facts, figures) {
                try charge(budget, figures, for: pod, isDryRun: options.isDryRun)
            }
        }
        try check(options, on: pod)
        if options.isDryRun { return }
        markDisrupted(pod)
        _ = try deletePod(key, options)
    }

    /// How often the server tries to change a budget, and how long it sleeps in between.
    static let budgetTries = 20
    private static let nap = 500

    /// Half a second and up to a tenth more.
    mutating func budgetNap() -> Duration {
        .milliseconds(Int.random(in: Self.nap...Self.nap + Self.nap / 10, using: &random))
    }

    /// The version of the budget that an eviction of the pod would change; nil when it would change none.
    func budgetVersion(for key: ObjectKey) -> Int? {
        guard let pod = store[.pods, key], let facts = pod.pod, !ignoresBudgets(pod, facts) else { return nil }
        let budgets = budgets(of: pod)
        guard budgets.count == 1, let figures = budgets[0].budget, figures.disruptionsAllowed > 0 else { return nil }
        return budgets[0].resourceVersion
    }

    /// Whether nobody changed that budget since that version.
    func wroteBudget(for key: ObjectKey, since version: Int) -> Bool {
        budgetVersion(for: key).map { $0 == version } ?? true
    }

    private func ignoresBudgets(_ pod: StoredObject, _ facts: PodFacts) -> Bool {
        pod.isTerminating || facts.isTerminal || facts.phase == "Pending" || facts.phase.isEmpty
    }

    private func mayGoUnready(_ facts: PodFacts, _ budget: BudgetFacts) -> Bool {
        if facts.isReady { return false }
        if budget.alwaysAllowsUnhealthy { return true }
        return budget.currentHealthy >= budget.desiredHealthy && budget.desiredHealthy > 0
    }

    /// The budgets whose selector matches a pod.
    func budgets(of pod: StoredObject) -> [StoredObject] {
        store.all(.podDisruptionBudgets).values
            .filter { $0.key.namespace == pod.key.namespace && $0.budget?.selector.matches(pod.labels) == true }
            .sorted { $0.key < $1.key }
    }

    private mutating func charge(
        _ budget: StoredObject, _ figures: BudgetFacts, for pod: StoredObject, isDryRun: Bool
    ) throws(APIStatus) {
        let name = budget.key.name
        if figures.observedGeneration < figures.generation {
            throw .budget("The disruption budget \(name) is still being processed by the server.", retryAfter: 10)
        }
        if figures.disruptionsAllowed < 0 {
            throw .forbidden("poddisruptionbudgets", group: "policy", name, "pdb disruptions allowed is negative")
        }
        if figures.disruptedPods.count > 2000 {
            throw .forbidden(
                "poddisruptionbudgets", group: "policy", name,
                "DisruptedPods map too big - too many evictions not confirmed by PDB controller")
        }
        if figures.disruptionsAllowed == 0 {
            if let failure = figures.syncFailure {
                throw .budget(
                    "The disruption budget \(name) does not allow evicting pods currently because it failed sync: "
                        + failure)
            }
            if figures.currentHealthy <= figures.desiredHealthy {
                throw .budget(
                    "The disruption budget \(name) needs \(figures.desiredHealthy) healthy pods and has "
                        + "\(figures.currentHealthy) currently")
            }
            throw .budget("The disruption budget \(name) does not allow evicting pods currently")
        }
        if isDryRun { return }
        var json = budget.json
        let disrupted = timestamp
        json.update("status") { status in
            status["disruptionsAllowed"] = .integer(figures.disruptionsAllowed - 1)
            status.update("disruptedPods") { $0[pod.key.name] = disrupted }
            status = Self.canonicalBudgetStatus(status)
        }
        put(.podDisruptionBudgets, budget.key, json)
    }

    /// Sets the condition by which a Job's failure policy tells a disruption from a failure.
    private mutating func markDisrupted(_ pod: StoredObject) {
        var conditions = pod.json["status", "conditions"]?.array ?? []
        let index = conditions.firstIndex { $0["type"] == "DisruptionTarget" }
        let since = index.flatMap { conditions[$0]["status"] == "True" ? conditions[$0]["lastTransitionTime"] : nil }
        let condition: KubernetesJSON = [
            "type": "DisruptionTarget", "status": "True", "lastProbeTime": .null,
            "lastTransitionTime": since ?? timestamp, "reason": "EvictionByEvictionAPI",
            "message": "Eviction API: evicting",
        ]
        if let index { conditions[index] = condition } else { conditions.append(condition) }
        var json = pod.json
        json.update("status") { status in
            status["conditions"] = .array(conditions)
        }
        put(.pods, pod.key, json)
    }
}
