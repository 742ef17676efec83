/// What a person's forecast reads besides what a drain does; the daemon needs none of it.
public protocol ForecastAPI: Sendable {
    /// Maps to `GET /apis/policy/v1/namespaces/NS/poddisruptionbudgets`.
    func budgets(in namespace: String) async throws(KubernetesError) -> [Budget]

    /// Maps to `GET /api/v1/namespaces/NS/pods` with the budget's selector: the uids of its pods on that node.
    func pods(of budget: Budget, onNode name: String) async throws(KubernetesError) -> Set<String>

    /// Maps to `GET /api/v1/nodes?labelSelector=LABELS`: their names.
    func nodeNames(matching selector: String) async throws(KubernetesError) -> [String]
}

/// A PodDisruptionBudget, as a forecast reads it.
public struct Budget: Sendable, Hashable {
    /// Its namespace.
    public var namespace: String
    /// Its name.
    public var name: String
    /// Which pods it protects, as a query says it: `app=web,tier in (a,b)`; empty for all.
    public var selector: String
    /// How many of them may go now.
    public var disruptionsAllowed: Int

    /// A budget from its parts.
    public init(namespace: String, name: String, selector: String, disruptionsAllowed: Int) {
        self.namespace = namespace
        self.name = name
        self.selector = selector
        self.disruptionsAllowed = disruptionsAllowed
    }
}
