import Testing

@testable import Transport

@Suite struct StreamGateTests {
    private final class Item {}
    private let items = (0..<5).map { _ in Item() }

    @Test func `as many as there is room for go at once`() {
        var gate = StreamGate<Item>(capacity: 2)
        let entered = items.map { gate.enter($0, to: "a") }
        #expect(entered == [true, true, false, false, false])
    }

    @Test func `who leaves makes room for the first in line`() {
        var gate = StreamGate<Item>(capacity: 1)
        for item in items { _ = gate.enter(item, to: "a") }
        for index in 0..<4 {
            let next = gate.leave(items[index], from: "a")
            #expect(next === items[index + 1])
        }
        let last = gate.leave(items[4], from: "a")
        #expect(last == nil)
        let isOpenAgain = gate.enter(items[0], to: "a")
        #expect(isOpenAgain)
    }

    @Test func `who gives up in line makes no room`() {
        var gate = StreamGate<Item>(capacity: 1)
        for item in items.prefix(3) { _ = gate.enter(item, to: "a") }
        let nobody = gate.leave(items[1], from: "a")
        let next = gate.leave(items[0], from: "a")
        #expect(nobody == nil)
        #expect(next === items[2])
    }

    @Test func `origins do not wait for one another`() {
        var gate = StreamGate<Item>(capacity: 1)
        let entered = [gate.enter(items[0], to: "a"), gate.enter(items[1], to: "b")]
        #expect(entered == [true, true])
    }

    @Test func `leaving without having entered is no trouble`() {
        var gate = StreamGate<Item>(capacity: 1)
        let next = gate.leave(items[0], from: "a")
        #expect(next == nil)
        let isOpen = gate.enter(items[0], to: "a")
        #expect(isOpen)
    }
}
