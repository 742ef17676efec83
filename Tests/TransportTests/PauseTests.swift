import TestSupport
import Testing

@testable import Transport

@Suite(.timeLimit(.minutes(1))) struct PauseTests {
    @Test func `a pause ends at its time, not before`() async throws {
        let transport = try CurlTransport()
        defer { transport.close() }
        let clock = ContinuousClock()
        for milliseconds in [0, 1, 3, 7] {
            let start = clock.now
            try await transport.pause(for: .milliseconds(milliseconds))
            #expect(start.duration(to: clock.now) >= .milliseconds(milliseconds))
        }
    }

    @Test func `pauses end in the order of their times`() async throws {
        let transport = try CurlTransport()
        defer { transport.close() }
        let order = await withTaskGroup(of: Int?.self) { group in
            for number in [3, 1, 2] {
                group.addTask { (try? await transport.pause(for: .milliseconds(20 * number))).map { number } }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(order == [1, 2, 3])
    }

    @Test func `a cancelled pause ends at once, before or while it waits`() async throws {
        let transport = try CurlTransport()
        defer { transport.close() }
        let before = Task {
            unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
            try await transport.pause(for: .seconds(3600))
        }
        await #expect(throws: CancellationError.self) { try await before.value }
        let waiting = Task { try await transport.pause(for: .seconds(3600)) }
        waiting.cancel()
        await #expect(throws: CancellationError.self) { try await waiting.value }
    }

    @Test func `closing wakes every sleeper, and later ones do not sleep`() async throws {
        let transport = try CurlTransport()
        let sleeper = Task { try await transport.pause(for: .seconds(3600)) }
        await Task.yield()
        transport.close()
        await #expect(throws: CancellationError.self) { try await sleeper.value }
        await #expect(throws: CancellationError.self) { try await transport.pause(for: .seconds(3600)) }
    }
}

@Suite struct AlarmClockTests {
    private func rung(_ dues: [Int64], at now: Int64) async -> [Int64] {
        var clock = AlarmClock()
        var rung: [Int64] = []
        for due in dues {
            // The continuation is only carried; it is resumed here.
            _ = await withCheckedContinuation { continuation in
                continuation.resume(returning: true)
                clock.set(Alarm(ticket: Ticket(), due: due, continuation: continuation))
            }
        }
        while let alarm = clock.takeDue(at: now) { rung.append(alarm.due) }
        return rung
    }

    @Test func `only what is due rings, the earliest first`() async {
        #expect(await rung([5, 1, 9, 3, 1], at: 5) == [1, 1, 3, 5])
        #expect(await rung([5, 1], at: 0) == [])
    }
}

@Suite(.timeLimit(.minutes(1))) struct LoopExecutorTests {
    @Test func `tasks that prefer it run on the transport's thread, and go on there after an exchange`() async throws {
        try await withServer({ _ in .answer() }) { transport, server in
            let names = try await withTaskExecutorPreference(transport.executor) {
                let before = ThreadName.current
                _ = try await transport.send(.to(server))
                let after = ThreadName.current
                try await transport.pause(for: .milliseconds(1))
                return [before, after, ThreadName.current]
            }
            #expect(names == ["transport", "transport", "transport"])
        }
    }

    @Test func `child tasks run there, too, and none is lost`() async throws {
        let transport = try CurlTransport()
        defer { transport.close() }
        let count = await withTaskExecutorPreference(transport.executor) {
            await withTaskGroup(of: Int.self) { group in
                for _ in 0..<1000 {
                    group.addTask {
                        await Task.yield()
                        return ThreadName.current == "transport" ? 1 : 0
                    }
                }
                return await group.reduce(0, +)
            }
        }
        #expect(count == 1000)
    }

    @Test func `a task that never stops yielding does not stop the exchanges`() async throws {
        try await withServer({ _ in .answer() }) { transport, server in
            let restless = Task(executorPreference: transport.executor) {
                while !Task.isCancelled { await Task.yield() }
            }
            let answer = try await transport.send(.to(server))
            #expect(answer.status == 200)
            restless.cancel()
            await restless.value
        }
    }

    @Test func `after closing its tasks come to their end elsewhere`() async throws {
        let transport = try CurlTransport()
        let (gate, opener) = AsyncStream.makeStream(of: Void.self)
        let task = Task(executorPreference: transport.executor) {
            for await _ in gate {}
            return ThreadName.current
        }
        transport.close()
        opener.finish()
        #expect(await task.value != "transport")
    }
}
