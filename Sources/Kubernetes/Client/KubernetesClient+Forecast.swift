import JSON

extension KubernetesClient: ForecastAPI {
    /// Maps to `GET /apis/policy/v1/namespaces/NS/poddisruptionbudgets`.
    public func budgets(in namespace: String) async throws(KubernetesError) -> [Budget] {
        let call = Call(
            path: Call.path("apis", "policy", "v1", "namespaces", namespace, "poddisruptionbudgets"),
            limit: limits.list)
        return try await exchange(call, expecting: BudgetListBody.self).items.compactMap { item in
            var budget = item.budget
            budget?.namespace = namespace
            return budget
        }
    }

    /// Maps to `GET /api/v1/namespaces/NS/pods` with the budget's selector: the uids of its pods on that node.
    public func pods(of budget: Budget, onNode name: String) async throws(KubernetesError) -> Set<String> {
        let list = try await allPages(
            of: Call.path("api", "v1", "namespaces", budget.namespace, "pods"),
            [("fieldSelector", "spec.nodeName=" + name)]
                + (budget.selector.isEmpty ? [] : [("labelSelector", budget.selector)]))
        return Set(list.pods.map(\.reference.uid))
    }

    /// Maps to `GET /api/v1/nodes?labelSelector=LABELS`: their names.
    public func nodeNames(matching selector: String) async throws(KubernetesError) -> [String] {
        var names: [String] = []
        var next: String?
        repeat {
            // A node is some kilobytes long, most of it the images that it holds.
            var query = [(name: "limit", value: "20")]
            if !selector.isEmpty { query.append((name: "labelSelector", value: selector)) }
            if let next { query.append((name: "continue", value: next)) }
            let call = Call(path: Call.path("api", "v1", "nodes"), query: query, limit: limits.list)
            let page = try await exchange(call, expecting: NodeNamesBody.self)
            names += page.items.map(\.metadata.name)
            next = page.metadata?.next.flatMap { $0.isEmpty ? nil : $0 }
        } while next != nil
        return names
    }
}
