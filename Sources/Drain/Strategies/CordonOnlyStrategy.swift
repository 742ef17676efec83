/// Moves no pod.
struct CordonOnlyStrategy: DepartureStrategy {
    let movesPods = false

    func departure(of pod: DepartingPod) -> Departure? {
        nil
    }
}
