import Interruption
import Synchronization
import TestSupport
import Testing

@testable import AWS

struct SingleFlightTests {
    @Test func `many ask, one fetches, all get it`() async throws {
        try await VirtualTime.run { timeline in
            let flight = SingleFlight<Int>()
            let fetches = Shelf<Int>()
            let answers = await withTaskGroup(of: Int?.self) { group in
                for _ in 0..<10 {
                    group.addTask {
                        await flight.value {
                            fetches.add(1)
                            try? await timeline.sleep(for: .seconds(1))
                            return 7
                        }
                    }
                }
                var answers: [Int?] = []
                for await answer in group { answers.append(answer) }
                return answers
            }
            #expect(answers == Array(repeating: 7, count: 10))
            #expect(fetches.items.count == 1)
        }
    }

    @Test func `a waiter who is cancelled leaves the others their answer`() async throws {
        try await VirtualTime.run { timeline in
            let flight = SingleFlight<Int>()
            let answers = Shelf<Int?>()
            await withTaskGroup(of: Void.self) { group in
                let fetch: @Sendable () async -> Void = {
                    answers.add(
                        await flight.value { (try? await timeline.sleep(for: .seconds(2))) == nil ? nil : 7 })
                }
                group.addTask { await fetch() }
                group.addTask {
                    await withTaskGroup(of: Void.self) { inner in
                        inner.addTask {
                            try? await timeline.sleep(for: .seconds(0.5))
                            await fetch()
                        }
                        try? await timeline.sleep(for: .seconds(1))
                        inner.cancelAll()
                    }
                }
                group.addTask {
                    try? await timeline.sleep(for: .seconds(0.7))
                    await fetch()
                }
            }
            #expect(answers.items == [nil, 7, 7])
        }
    }

    @Test func `when the one who fetches is cancelled the next one fetches`() async throws {
        try await VirtualTime.run { timeline in
            let flight = SingleFlight<Int>()
            let answers = Shelf<Int?>()
            let fetches = Shelf<Moment>()
            let fetch: @Sendable () async -> Void = {
                answers.add(
                    await flight.value {
                        fetches.add(timeline.now)
                        return (try? await timeline.sleep(for: .seconds(2))) == nil ? nil : 7
                    })
            }
            await withTaskGroup(of: Void.self) { group in
                group.addTask {
                    await withTaskGroup(of: Void.self) { inner in
                        inner.addTask { await fetch() }
                        try? await timeline.sleep(for: .seconds(1))
                        inner.cancelAll()
                    }
                }
                for _ in 0..<3 {
                    group.addTask {
                        try? await timeline.sleep(for: .seconds(0.5))
                        await fetch()
                    }
                }
            }
            #expect(answers.items == [nil, 7, 7, 7])
            #expect(fetches.items == [.seconds(0), .seconds(1)])
        }
    }

    @Test func `a failure is not remembered`() async {
        let flight = SingleFlight<Result<Int, CredentialError>>()
        let first = await flight.value { .failure(.none) }
        let second = await flight.value { .success(7) }
        #expect(first == .failure(.none))
        #expect(second == .success(7))
    }
}
