import Testing

@Suite struct `The manual clock` {
    @Test func `sleepers wake when their time has come, and not before`() async throws {
        let clock = ManualClock()
        let woken = Box(false)
        let sleeper = Task {
            try await clock.sleep(for: .seconds(3))
            woken.set(true)
        }
        await clock.sleepers(atLeast: 1)
        clock.advance(by: .seconds(2))
        #expect(!woken.value)
        clock.advance(by: .seconds(1))
        try await sleeper.value
        #expect(woken.value && clock.now.offset == .seconds(3))
    }

    @Test func `a cancelled sleeper wakes at once`() async {
        let clock = ManualClock()
        let sleeper = Task { try await clock.sleep(for: .seconds(3)) }
        await clock.sleepers(atLeast: 1)
        sleeper.cancel()
        await #expect(throws: CancellationError.self) { try await sleeper.value }
    }
}
