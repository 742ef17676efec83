import Testing
import Transport

@testable import Kubernetes

@Suite struct `One refresh for everybody` {
    private let refresh = SharedRefresh<Int>()

    private func waits(for count: Int) async {
        while refresh.waiting < count { await Task.yield() }
    }

    @Test func `who comes while it runs shares its outcome`() async {
        let runs = Box(0)
        let started = Gate()
        let end = Gate()
        let outcomes = await withTaskGroup(of: Result<Int, KubernetesError>.self) { group in
            for _ in 0..<20 {
                group.addTask {
                    await refresh.outcome {
                        runs.change { $0 += 1 }
                        started.open()
                        await end.wait()
                        return .success(runs.value)
                    }
                }
            }
            await started.wait()
            await waits(for: 19)
            end.open()
            var outcomes: [Result<Int, KubernetesError>] = []
            for await outcome in group { outcomes.append(outcome) }
            return outcomes
        }
        #expect(outcomes == Array(repeating: .success(1), count: 20))
        #expect(runs.value == 1)
    }

    @Test func `a failure is the answer to those who waited, and not remembered`() async {
        let failed = await refresh.outcome { .failure(.notFound) }
        #expect(failed == .failure(.notFound))
        let next = await refresh.outcome { .success(2) }
        #expect(next == .success(2))
    }

    @Test func `when the one at work is cancelled, a waiter takes over and nobody else fails`() async {
        let leaderStarted = Gate()
        let leaderMayEnd = Gate()
        let leader = Task {
            await refresh.outcome {
                leaderStarted.open()
                await leaderMayEnd.wait()
                return Task.isCancelled ? .failure(.unanswered(.cancelled)) : .success(1)
            }
        }
        await leaderStarted.wait()
        let waiter = Task { await refresh.outcome { .success(2) } }
        await waits(for: 1)
        leader.cancel()
        leaderMayEnd.open()
        let outcomes = await (leader.value, waiter.value)
        #expect(outcomes.0 == .failure(.unanswered(.cancelled)))
        #expect(outcomes.1 == .success(2))
    }

    @Test func `a waiter that is cancelled leaves at once and disturbs nobody`() async {
        let started = Gate()
        let end = Gate()
        let leader = Task {
            await refresh.outcome {
                started.open()
                await end.wait()
                return .success(1)
            }
        }
        await started.wait()
        let waiter = Task { await refresh.outcome { .success(2) } }
        await waits(for: 1)
        waiter.cancel()
        #expect(await waiter.value == .failure(.unanswered(.cancelled)))
        end.open()
        #expect(await leader.value == .success(1))
    }
}
