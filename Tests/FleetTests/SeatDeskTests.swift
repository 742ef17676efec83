import Testing

@testable import Fleet

@Suite struct SeatDeskTests {
    @Test func `who comes is seated, then queued, then refused`() {
        var desk = SeatDesk(seats: 2, places: 1)
        #expect((1...4).map { desk.arrives($0, width: 1) } == [.seated, .seated, .queued, .refused])
        #expect(desk.leaves(width: 1) == [3])
        #expect(desk.waitingCount == 0)
        #expect(desk.taken == 2)
    }

    @Test func `a wide request waits for all its seats, and nobody overtakes it`() {
        var desk = SeatDesk(seats: 3, places: 5)
        #expect(desk.arrives(1, width: 1) == .seated)
        #expect(desk.arrives(2, width: 3) == .queued)
        #expect(desk.arrives(3, width: 1) == .queued)
        #expect(desk.leaves(width: 1) == [2])
        #expect(desk.leaves(width: 3) == [3])
    }

    @Test func `no request is wider than the server`() {
        var desk = SeatDesk(seats: 2, places: 1)
        #expect(desk.arrives(1, width: 10) == .seated)
        #expect(desk.taken == 2)
        #expect(desk.leaves(width: 10) == [])
        #expect(desk.taken == 0)
    }

    @Test func `who gives up makes room for those behind`() {
        var desk = SeatDesk(seats: 3, places: 2)
        _ = desk.arrives(1, width: 1)
        _ = desk.arrives(2, width: 3)
        _ = desk.arrives(3, width: 1)
        #expect(desk.givesUp(2) == [3])
        #expect(desk.waitingCount == 0)
        #expect(desk.arrives(4, width: 2) == .queued)
    }

    @Test func `by default one flow has six queues of fifty`() {
        var desk = SeatDesk(seats: 1)
        let receptions = (0..<400).map { desk.arrives($0, width: 1) }
        #expect(receptions.count { $0 == .queued } == 300)
        #expect(receptions.count { $0 == .refused } == 99)
    }
}
