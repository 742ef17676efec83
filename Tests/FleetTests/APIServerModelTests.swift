import Interruption
import Kubernetes
import Synchronization
import TestSupport
import Testing

@testable import Fleet

@Suite struct APIServerModelTests {
    /// Evictions one after another, or so many at once; the time that all of them took.
    private func evictions(_ count: Int, atOnce: Int, seats: Int = 600) async throws -> Duration {
        try await VirtualTime.run { timeline in
            let server = APIServerModel(seats: seats, timeline: timeline)
            let began = timeline.now
            await withDiscardingTaskGroup { group in
                for _ in 0..<atOnce {
                    group.addTask {
                        for _ in 0..<count / atOnce {
                            // Refused ones would show up as time that is missing.
                            try? await server.serve(.eviction) { _ in .success(()) }
                        }
                    }
                }
            }
            return began.duration(to: timeline.now)
        }
    }

    /// Seconds that a real API server 1.36 took.
    @Test(arguments: [(250, 1, 23.0...27.0), (250, 8, 2.9...3.5), (250, 50, 0.5...0.8), (1000, 50, 1.9...3.0)])
    func `evictions take as long as measured`(pods: Int, atOnce: Int, seconds: ClosedRange<Double>) async throws {
        let took = try await evictions(pods, atOnce: atOnce) / .seconds(1)
        #expect(seconds.contains(took), "\(took) s")
    }

    @Test func `more than seats and queues hold is refused with a time`() async throws {
        let (refused, tally) = try await VirtualTime.run { timeline in
            let server = APIServerModel(seats: 20, timeline: timeline)
            let errors = Kept<KubernetesError>()
            await withDiscardingTaskGroup { group in
                for _ in 0..<400 {
                    group.addTask {
                        do throws(KubernetesError) {
                            try await server.serve(.eviction) { _ in .success(()) }
                        } catch {
                            errors.add(error)
                        }
                    }
                }
            }
            return (errors.all, server.tally)
        }
        #expect(refused == Array(repeating: .throttled(retryAfter: .seconds(1)), count: 80))
        #expect(tally.refused == 80)
        #expect(tally.requests == 400)
    }

    @Test func `who hangs up while waiting leaves the seat to others`() async throws {
        let served = try await VirtualTime.run { timeline in
            let server = APIServerModel(seats: 1, timeline: timeline)
            let served = Kept<String>()
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<3 {
                    group.addTask {
                        try? await server.serve(.eviction) { _ in
                            served.add("an eviction")
                            return .success(())
                        }
                    }
                }
                try? await timeline.sleep(until: Moment(sinceOrigin: .milliseconds(50)), tolerance: nil)
                group.cancelAll()
            }
            try? await server.serve(.read) { _ in
                served.add("a read")
                return .success(())
            }
            return served.all
        }
        #expect(served == ["a read"])
    }

    @Test func `a client's limit lets a burst go and then holds its rate`() {
        var limit = ClientLimit(perSecond: 5, burst: 10)
        let now = Moment(sinceOrigin: .seconds(100))
        let turns = (0..<12).map { _ in now.duration(to: limit.turn(at: now)) }
        #expect(turns == Array(repeating: .zero, count: 10) + [.milliseconds(200), .milliseconds(400)])
    }

    @Test(arguments: Scenario.Program.allCases)
    func `a small fleet on a large server is emptied, and the same seed gives the same run`(
        _ program: Scenario.Program
    ) async throws {
        let scenario = Scenario(program: program, nodes: 4, podsPerNode: 12, seats: 600, seed: 3)
        let first = try await FleetRun(scenario: scenario).outcome()
        let second = try await FleetRun(scenario: scenario).outcome()
        #expect(first.neverTold == 0)
        #expect(first.refused == 0)
        #expect(first.requests == second.requests)
        #expect(first.accepted?.max == second.accepted?.max)
        #expect(first.fullGrace == second.fullGrace)
    }
}

/// What several tasks noted.
private final class Kept<Value: Sendable>: Sendable {
    private let values = Mutex<[Value]>([])

    var all: [Value] { values.withLock { $0 } }

    func add(_ value: Value) { values.withLock { $0.append(value) } }
}
