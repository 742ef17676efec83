import Testing

@testable import Status

@Suite struct RepetitionTests {
    @Test func `a trouble that stays is told ever more rarely`() {
        var repetition = Repetition()
        let told = (1...1000).filter { _ in Repetition.isWorthTelling(repetition.happened("x")) }
        #expect(told == [1, 2, 4, 8, 16, 32, 64, 128, 256, 512])
    }

    @Test func `a trouble that ended begins anew`() {
        var repetition = Repetition()
        _ = repetition.happened("x")
        _ = repetition.happened("x")
        repetition.ended("x")
        #expect(repetition.happened("x") == 1)
    }

    @Test func `troubles without end cost no memory without end`() {
        var repetition = Repetition()
        for number in 0..<10_000 { _ = repetition.happened("\(number)") }
        #expect(repetition.happened("0") == 1)
    }
}
