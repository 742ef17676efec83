import Interruption
import Synchronization
import TestSupport
import Testing

struct VirtualTimeTests {
    @Test func `waiting costs nothing`() async throws {
        let end = try await VirtualTime.run { timeline in
            try await timeline.sleep(for: .seconds(3600))
            return timeline.now
        }
        #expect(end == Moment(sinceOrigin: .seconds(3600)))
    }

    @Test func `children wake in the order of time`() async throws {
        let order = try await VirtualTime.run { timeline in
            let log = Log()
            await withTaskGroup(of: Void.self) { group in
                for delay in [3, 1, 2] {
                    group.addTask {
                        // A cancelled sleep would show as a wrong order.
                        try? await timeline.sleep(for: .seconds(delay))
                        log.append(delay)
                    }
                }
            }
            return log.entries
        }
        #expect(order == [1, 2, 3])
    }

    @Test func `an error of the story comes out`() async {
        struct Broken: Error {}
        await #expect(throws: Broken.self) {
            try await VirtualTime.run { _ in throw Broken() }
        }
    }

    @Test func `a story that goes on for ever is ended by the limit`() async {
        await #expect(throws: VirtualTime.Failure.self) {
            try await VirtualTime.run(limit: .seconds(60)) { timeline in
                while !Task.isCancelled { try await timeline.sleep(for: .seconds(1)) }
            }
        }
    }

    private final class Log: Sendable {
        private let values = Mutex<[Int]>([])
        var entries: [Int] { values.withLock { $0 } }
        func append(_ value: Int) { values.withLock { $0.append(value) } }
    }
}
