import Interruption
import Kubernetes
import Synchronization
import TestSupport
import Testing
import Transport

@testable import Drain

struct EngineToolTests {
    @Test func `a bell that rang before anybody waited rings for the first who comes, once`() async throws {
        let end = try await VirtualTime.run { timeline in
            let bell = Bell()
            bell.ring()
            bell.ring()
            await bell.wait()
            await bell.wait(until: second(5), on: timeline)
            return timeline.now
        }
        #expect(end == second(5))
    }

    @Test func `a bell wakes its waiter before the time`() async throws {
        let end = try await VirtualTime.run { timeline in
            let bell = Bell()
            async let ringing: Void = {
                _ = await timeline.passes(.seconds(2))
                bell.ring()
            }()
            await bell.wait(until: second(5), on: timeline)
            let woken = timeline.now
            await ringing
            return woken
        }
        #expect(end == second(2))
    }

    @Test func `a cancelled waiter goes on`() async {
        let bell = Bell()
        let task = Task { await bell.wait() }
        task.cancel()
        await task.value
    }

    @Test func `a turnstile lets one in at a time, in order`() async throws {
        let log = try await VirtualTime.run { timeline in
            let turnstile = Turnstile()
            let log = Mutex2<[String]>([])
            await withTaskGroup(of: Void.self) { group in
                for index in 0..<3 {
                    group.addTask {
                        await turnstile.enter()
                        log.with { $0.append("in \(index)") }
                        _ = await timeline.passes(.seconds(1))
                        log.with { $0.append("out \(index)") }
                        turnstile.leave()
                    }
                }
            }
            return log.with { $0 }
        }
        #expect(log == ["in 0", "out 0", "in 1", "out 1", "in 2", "out 2"])
    }

    @Test func `a call that takes too long is cancelled and counts as timed out`() async throws {
        let (answer, end) = try await VirtualTime.run { timeline in
            let answer: Result<Int, KubernetesError> = await bounded(by: .seconds(3), on: timeline) {
                await timeline.passes(.seconds(60)) ? .success(1) : .failure(.unanswered(.cancelled))
            }
            return (answer, timeline.now)
        }
        #expect(answer == .failure(.timedOut))
        #expect(end == second(3))
    }

    @Test func `a call that succeeds while it is given up has succeeded`() async throws {
        let answer = try await VirtualTime.run { timeline in
            await bounded(by: .seconds(3), on: timeline) { () -> Result<Int, KubernetesError> in
                _ = await timeline.passes(.seconds(60))
                return .success(1)
            }
        }
        #expect(answer == .success(1))
    }

    @Test func `pauses grow to a second and begin anew after a success`() {
        var pause = Pause(seed: 1)
        let first = pause.afterFailure()
        let later = (0..<20).map { _ in pause.afterFailure() }
        #expect(first <= .milliseconds(200))
        #expect(later.allSatisfy { $0 <= .seconds(1) })
        #expect(later.suffix(10).allSatisfy { $0 >= .milliseconds(500) })
        pause.wentWell()
        #expect(pause.afterFailure() <= .milliseconds(200))
    }

    @Test func `after flow control's refusal it is as long as was asked for, at least`() {
        var pause = Pause(seed: 1)
        for _ in 0..<20 {
            let refused = pause.after(.throttled(retryAfter: .seconds(1)))
            #expect(refused >= .seconds(1) && refused <= .seconds(2))
            #expect(pause.after(.unanswered(.closed)) <= .seconds(1))
        }
    }
}

/// A value that several tasks change.
private final class Mutex2<Value: Sendable>: Sendable {
    private let value: Mutex<Value>

    init(_ value: Value) { self.value = Mutex(value) }

    func with<Result: Sendable>(_ body: @Sendable (inout Value) -> Result) -> Result {
        value.withLock { value in
            var copy = value
            let result = body(&copy)
            value = copy
            return result
        }
    }
}
