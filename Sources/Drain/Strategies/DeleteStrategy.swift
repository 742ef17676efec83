/// Deletes; budgets are not asked.
struct DeleteStrategy: DepartureStrategy {
    let movesPods = true

    func departure(of pod: DepartingPod) -> Departure? {
        .delete
    }
}
