import Interruption
import Kubernetes

/// Makes a call that ends early when `limit` returns first: the call is cancelled, and counts as timed out unless it
/// had succeeded after all.
func racing<Value: Sendable>(
    against limit: @escaping @Sendable () async -> Void,
    _ call: @escaping @Sendable () async -> Result<Value, KubernetesError>
) async -> Result<Value, KubernetesError> {
    await withTaskGroup(of: Result<Value, KubernetesError>?.self) { group in
        group.addTask { await call() }
        group.addTask {
            await limit()
            return nil
        }
        var outcome: Result<Value, KubernetesError>?
        for await result in group {
            outcome = outcome ?? result
            group.cancelAll()
        }
        guard let outcome else { return .failure(.timedOut) }
        if case .failure(let error) = outcome, error.isCancellation, !Task.isCancelled { return .failure(.timedOut) }
        return outcome
    }
}

/// Makes a call that may take `duration` at most.
func bounded<Value: Sendable>(
    by duration: Duration, on timeline: any Timeline,
    _ call: @escaping @Sendable () async -> Result<Value, KubernetesError>
) async -> Result<Value, KubernetesError> {
    let limit = timeline.now.advanced(by: duration)
    return await racing(
        against: {
            // A cancelled sleep means that the call was first.
            try? await timeline.sleep(until: limit, tolerance: nil)
        }, call)
}

/// The outcome of a call as a value: typed errors do not pass through task groups.
func outcome<Value: Sendable>(
    of call: () async throws(KubernetesError) -> Value
) async -> Result<Value, KubernetesError> {
    do {
        return .success(try await call())
    } catch {
        return .failure(error)
    }
}
