import Kubernetes

/// What a drain would mean for the pods of one budget: a try of each alone says nothing of all of them together.
public struct BudgetForecast: Sendable, Hashable {
    /// The budget's namespace.
    public var namespace: String
    /// The budget's name.
    public var name: String
    /// How many of its pods would have to leave the node.
    public var pods: Int
    /// How many of its pods it lets go now.
    public var allowed: Int

    /// How many have to wait until others have come up elsewhere.
    public var waiting: Int { max(0, pods - allowed) }

    /// What that means for a pod that has to wait, in words for people.
    var words: String { "budget \(name): \(pods) pods here, it lets \(allowed) go at a time" }
}

/// A budget, and which of the pods that leave are its.
struct BudgetCover: Sendable {
    var budget: Budget
    var uids: Set<String>

    /// The pods that have to wait for others, if those in front go first.
    func waiting(among order: [Pod]) -> Set<String> {
        let mine = order.map(\.reference.uid).filter(uids.contains)
        return Set(mine.dropFirst(max(0, budget.disruptionsAllowed)))
    }

    /// The sum of it.
    func forecast(among order: [Pod]) -> BudgetForecast {
        BudgetForecast(
            namespace: budget.namespace, name: budget.name,
            pods: order.count { uids.contains($0.reference.uid) }, allowed: max(0, budget.disruptionsAllowed))
    }
}
