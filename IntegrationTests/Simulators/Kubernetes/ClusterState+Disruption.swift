extension ClusterState {
    /// The disruption controller's part in a change of a pod: the budgets concerned are looked at again.
    mutating func budgetsObserve(_ change: ObjectChange) {
        let budgets = store.all(.podDisruptionBudgets)
        guard !budgets.isEmpty else { return }
        for pod in [change.old, change.new].compactMap(\.self) {
            for budget in budgets.values
            where budget.key.namespace == pod.key.namespace && budget.budget?.selector.matches(pod.labels) == true {
                planSync(budget.key)
            }
        }
    }

    /// Has a budget looked at again, once, after the controller's delay.
    mutating func planSync(_ key: ObjectKey) {
        guard let delay = settings.disruptionDelay, pendingSyncs.insert(key).inserted else { return }
        agenda.add(.syncBudget(key), at: now + delay)
    }

    /// Counts what a budget protects and says how many may go.
    mutating func syncBudget(_ key: ObjectKey) {
        guard let budget = store[.podDisruptionBudgets, key], let figures = budget.budget else { return }
        let pods = store.all(.pods).values
            .filter { $0.key.namespace == key.namespace && figures.selector.matches($0.labels) }
        let (expected, desired) = wanted(figures, pods)
        let disrupted = stillExpected(figures, in: key.namespace)
        let healthy = pods.count { pod in
            !pod.isTerminating && disrupted[pod.key.name] == nil && pod.pod?.isReady == true
        }
        let allowed = expected > 0 ? max(0, healthy - desired) : 0
        var json = budget.json
        let previous = budget.json["status", "conditions"]?.array?.first { $0["type"] == "DisruptionAllowed" }
        let verdict: KubernetesJSON = allowed > 0 ? "True" : "False"
        let since = previous?["status"] == verdict ? previous?["lastTransitionTime"] : nil
        json["status"] = Self.canonicalBudgetStatus([
            "observedGeneration": .integer(figures.generation),
            "disruptedPods": disrupted.isEmpty ? .null : .strings(disrupted.mapValues(ClusterTimestamp.text)),
            "disruptionsAllowed": .integer(allowed), "currentHealthy": .integer(healthy),
            "desiredHealthy": .integer(desired), "expectedPods": .integer(expected),
            "conditions": [
                [
                    "type": "DisruptionAllowed", "status": verdict,
                    "observedGeneration": .integer(figures.generation), "lastTransitionTime": since ?? timestamp,
                    "reason": allowed > 0 ? "SufficientPods" : "InsufficientPods", "message": "",
                ]
            ],
        ])
        put(.podDisruptionBudgets, key, json)
        if let oldest = disrupted.values.min() { agenda.add(.syncBudget(key), at: oldest + Self.disruptedFor) }
    }

    /// How long a charged eviction counts as a loss if the pod does not terminate after all.
    private static let disruptedFor: Duration = .seconds(120)

    /// The status with its members in their order, and without what is empty.
    static func canonicalBudgetStatus(_ status: KubernetesJSON) -> KubernetesJSON {
        guard var members = status.members else { return status }
        if members["disruptedPods"] == .null || members["disruptedPods"]?.members?.isEmpty == true {
            members["disruptedPods"] = nil
        }
        return .object(
            members.ordered(by: [
                "observedGeneration", "disruptedPods", "disruptionsAllowed", "currentHealthy", "desiredHealthy",
                "expectedPods", "conditions",
            ]))
    }

    // maxUnavailable and percentages count what controllers want; pods without one are then not counted at all.
    private func wanted(_ budget: BudgetFacts, _ pods: [StoredObject]) -> (expected: Int, desired: Int) {
        if let maximum = budget.maxUnavailable {
            let expected = scale(of: pods)
            return (expected, max(0, expected - amount(maximum, of: expected)))
        }
        if case .string? = budget.minAvailable {
            let expected = scale(of: pods)
            return (expected, amount(budget.minAvailable ?? 0, of: expected))
        }
        return (pods.count, budget.minAvailable?.integer ?? 1)
    }

    private func scale(of pods: [StoredObject]) -> Int {
        var seen: Set<String> = []
        var sum = 0
        for pod in pods {
            guard let owner = pod.pod?.ownerUID, pod.pod?.ownerKind != "Node", seen.insert(owner).inserted else {
                continue
            }
            sum += workloads[owner]?.replicas ?? pods.count { $0.pod?.ownerUID == owner }
        }
        return sum
    }

    private func amount(_ value: KubernetesJSON, of total: Int) -> Int {
        if let number = value.integer { return number }
        guard let text = value.string, text.hasSuffix("%"), let percent = Int(text.dropLast()) else { return 0 }
        return (percent * total + 99) / 100
    }

    // Once the pod terminates it is no longer counted as healthy anyway.
    private func stillExpected(_ budget: BudgetFacts, in namespace: String) -> [String: Duration] {
        budget.disruptedPods.filter { name, since in
            since + Self.disruptedFor > now && store[.pods, ObjectKey(namespace, name)]?.isTerminating == false
        }
    }
}
