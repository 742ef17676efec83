import Interruption
import TestSupport
import Testing

struct ManualTimelineTests {
    private func seconds(_ count: Double) -> Moment { Moment(sinceOrigin: .seconds(count)) }

    @Test func `the clock stands still until it is moved`() {
        let timeline = ManualTimeline()
        #expect(timeline.now == seconds(0))
        timeline.advance(by: .seconds(3))
        #expect(timeline.now == seconds(3))
    }

    @Test func `the clock never goes back`() {
        let timeline = ManualTimeline(startingAt: seconds(10))
        timeline.advance(to: seconds(4))
        #expect(timeline.now == seconds(10))
    }

    @Test func `a sleep until a moment that is past returns at once`() async throws {
        let timeline = ManualTimeline(startingAt: seconds(5))
        try await timeline.sleep(until: seconds(5))
        try await timeline.sleep(until: seconds(1))
    }

    @Test func `a sleeper wakes when its time has come and not before`() async throws {
        let timeline = ManualTimeline()
        async let woken: Void = timeline.sleep(until: seconds(10))
        await timeline.sleepers(atLeast: 1)
        timeline.advance(by: .seconds(9))
        #expect(timeline.sleeperCount == 1)
        timeline.advance(by: .seconds(1))
        try await woken
        #expect(timeline.sleeperCount == 0)
    }

    @Test func `the next sleeper is the one that is due first`() async throws {
        let timeline = ManualTimeline()
        async let late: Void = timeline.sleep(until: seconds(20))
        async let early: Void = timeline.sleep(until: seconds(10))
        await timeline.sleepers(atLeast: 2)
        #expect(timeline.nextDeadline == seconds(10))
        #expect(timeline.wakeNext())
        try await early
        #expect(timeline.now == seconds(10))
        #expect(timeline.wakeNext())
        try await late
        #expect(timeline.now == seconds(20))
        #expect(!timeline.wakeNext())
    }

    @Test func `a cancelled sleeper throws and sleeps no more`() async {
        let timeline = ManualTimeline()
        let task = Task { try await timeline.sleep(until: Moment(sinceOrigin: .seconds(10))) }
        await timeline.sleepers(atLeast: 1)
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(timeline.sleeperCount == 0)
    }

    @Test func `a task that is cancelled already does not sleep`() async {
        let timeline = ManualTimeline()
        let task = Task {
            while !Task.isCancelled { await Task.yield() }
            try await timeline.sleep(until: Moment(sinceOrigin: .seconds(10)))
        }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test func `a thousand polls take two thousand virtual seconds and no real ones`() async throws {
        let timeline = ManualTimeline()
        let polls = Task {
            for _ in 0..<1000 { try await timeline.sleep(for: .seconds(2)) }
        }
        for _ in 0..<1000 {
            await timeline.sleepers(atLeast: 1)
            timeline.wakeNext()
        }
        try await polls.value
        #expect(timeline.now == seconds(2000))
    }
}
