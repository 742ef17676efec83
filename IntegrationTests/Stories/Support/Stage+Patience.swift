import Simulators

/// What `body` answers, or `nil` when that takes longer than `limit`. A story that waits for what never comes says so itself, and does not
/// stand still until its suite's time is over.
func answer<Value: Sendable>(
    within limit: Duration, of body: @escaping @Sendable () async -> Value?
) async -> Value? {
    await withTaskGroup(of: Value?.self) { group in
        group.addTask { await body() }
        group.addTask {
            // Ends early by cancellation, when there is an answer.
            try? await ContinuousClock().sleep(for: limit)
            return nil
        }
        defer { group.cancelAll() }
        return await group.next() ?? nil
    }
}

extension Stage {
    /// How long something may take that must follow at once: a few polls, on a machine that plays two other stories.
    static let atOnce = Duration.seconds(4)

    /// Whether it becomes so within `limit`; looks each time that the handler asks the metadata service.
    func comes(within limit: Duration, _ isSo: @escaping @Sendable (Stage) -> Bool) async -> Bool {
        await answer(within: limit) {
            await until(isSo)
            // The wait was given up, or has ended as it should.
            return isSo(self)
        } ?? false
    }

    /// Whether it is so, and stays so while the handler asks the metadata service that often; about ten reads are a second.
    func stays(during reads: Int = 30, _ isSo: @Sendable (Stage) -> Bool) async -> Bool {
        for _ in 0..<reads where !Task.isCancelled {
            guard isSo(self) else { return false }
            await untilAsked(1)
        }
        return isSo(self)
    }

    /// Returns when the handler has asked for that path `count` more times, with an answer to all but the last.
    func untilRead(_ path: String, _ count: Int = 2) async {
        let before = lab.metadata.log.entries.count { $0.request.path.hasSuffix(path) }
        await until { stage in
            stage.lab.metadata.log.entries.count { $0.request.path.hasSuffix(path) } >= before + count
        }
    }
}

extension RunningProgram {
    /// The first line with all of `texts` in it, written already or within `limit`.
    func says(_ texts: String..., within limit: Duration = .seconds(20)) async -> String? {
        await answer(within: limit) {
            await self.line { line in texts.allSatisfy { line.contains($0) } }
        }
    }
}
