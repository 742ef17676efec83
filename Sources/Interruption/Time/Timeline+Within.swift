extension Timeline {
    /// What `body` answers; `nil` when it takes longer than `time`, and then it is cancelled.
    public func answer<Value: Sendable>(
        within time: Duration, of body: @escaping @Sendable () async -> Value
    ) async -> Value? {
        await withTaskGroup(of: Value?.self) { group in
            group.addTask { await body() }
            group.addTask {
                // Ends early only by cancellation, when the answer is there.
                try? await self.sleep(for: time)
                return nil
            }
            defer { group.cancelAll() }
            return await group.next() ?? nil
        }
    }
}
