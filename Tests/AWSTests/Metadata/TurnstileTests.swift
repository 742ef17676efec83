import Interruption
import Synchronization
import TestSupport
import Testing

@testable import AWS

@Suite(.timeLimit(.minutes(1))) struct TurnstileTests {
    private let timeline = ManualTimeline()

    @Test func `one at a time, in the order of arrival`() async {
        let turnstile = Turnstile(timeline: timeline)
        let order = Shelf<String>()
        let (gate, opener) = AsyncStream.makeStream(of: Void.self)
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                await turnstile.pass {
                    order.add("first in")
                    for await _ in gate {}
                    order.add("first out")
                }
            }
            await until { order.items == ["first in"] }
            for name in ["second", "third"] {
                group.addTask { await turnstile.pass { order.add(name) } }
                // Each stands in line before the next comes.
                await until { turnstile.inLine == (name == "second" ? 1 : 2) }
            }
            opener.finish()
        }
        #expect(order.items == ["first in", "first out", "second", "third"])
        #expect(timeline.sleeperCount == 0)
    }

    @Test func `who has waited long enough goes anyway, and the order is kept again afterwards`() async {
        let turnstile = Turnstile(timeline: timeline, patience: .milliseconds(200))
        let order = Shelf<String>()
        let (gate, opener) = AsyncStream.makeStream(of: Void.self)
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await turnstile.pass { for await _ in gate {} } }
            await until { turnstile.isBusy }
            group.addTask { await turnstile.pass { order.add("impatient") } }
            await timeline.sleepers(atLeast: 1)
            timeline.advance(by: .milliseconds(200))
            await until { order.items == ["impatient"] }
            opener.finish()
        }
        await turnstile.pass { order.add("next") }
        #expect(order.items == ["impatient", "next"])
    }

    @Test func `a cancelled one does not keep the others out`() async {
        let turnstile = Turnstile(timeline: timeline)
        let (gate, opener) = AsyncStream.makeStream(of: Void.self)
        let first = Task { await turnstile.pass { for await _ in gate {} } }
        await until { turnstile.isBusy }
        let second = Task { await turnstile.pass { Task.isCancelled } }
        await until { turnstile.inLine == 1 }
        second.cancel()
        #expect(await second.value)
        opener.finish()
        await first.value
        #expect(await turnstile.pass { true })
    }

    private func until(_ condition: () -> Bool) async {
        while !condition() { await Task.yield() }
    }
}
