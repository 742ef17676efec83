import FoundationEssentials
import Simulators
import Testing

@testable import Soak

/// The judge of the soak, who must be able to condemn.
@Suite struct `The judge of growth` {
    /// A soak of ten minutes with a reading every two seconds and a notice with each; memory wobbles by 40 KiB.
    private static func readings(
        count: Int = 300, anonymous: (Int) -> Double = { _ in 0 }, descriptors: (Int) -> Int = { _ in 20 }
    ) -> [Reading] {
        (0..<count).map { index in
            var process = ProcessSample.steady
            process.anonymous = 6000 + (index * 7919) % 41 + Int(anonymous(index))
            process.descriptors = descriptors(index)
            return Reading(seconds: Double(index) * 2, notices: index, process: process, connections: 4)
        }
    }

    private static func condemned(_ readings: [Reading]) throws -> [Quantity] {
        try #require(Growth.judged(readings, warmUp: 150)).filter(\.isTooMuch).map(\.quantity)
    }

    @Test func `lets pass what only wobbles`() throws {
        #expect(try Self.condemned(Self.readings()) == [])
    }

    @Test func `lets pass what grows in the warm-up alone`() throws {
        #expect(try Self.condemned(Self.readings { $0 < 70 ? Double($0) * 50 : 3500 }) == [])
    }

    @Test func `lets pass a few peaks`() throws {
        #expect(try Self.condemned(Self.readings { $0.isMultiple(of: 10) ? 90_000 : 0 }) == [])
    }

    @Test func `lets pass a few steps`() throws {
        #expect(try Self.condemned(Self.readings { Double($0 / 100) * 300 }) == [])
    }

    @Test func `lets pass a pool that keeps two more`() throws {
        #expect(try Self.condemned(Self.readings(descriptors: { $0 < 200 ? 20 : 22 })) == [])
    }

    @Test(arguments: [6.0, 10, 50])
    func `condemns memory that grows with each notice`(kibibytes: Double) throws {
        #expect(try Self.condemned(Self.readings { Double($0) * kibibytes }) == [.anonymous])
    }

    @Test func `condemns memory that grows between peaks`() throws {
        let readings = Self.readings { Double($0) * 8 + ($0.isMultiple(of: 10) ? 90_000 : 0) }
        #expect(try Self.condemned(readings) == [.anonymous])
    }

    @Test(arguments: [2, 20, 50])
    func `condemns descriptors that stay open`(every: Int) throws {
        #expect(try Self.condemned(Self.readings(descriptors: { 20 + $0 / every })) == [.descriptors])
    }

    @Test func `says how fast it grows`() throws {
        let readings = Self.readings { Double($0) * 10 }
        let growth = try #require(Growth.judged(readings, warmUp: 150)?.first { $0.quantity == .anonymous })
        #expect(abs(growth.perThousand - 10_000) < 200)
        #expect(abs(growth.hourly - 18_000) < 400)
        #expect(growth.rise > 0.95)
    }

    @Test func `does not judge by too few readings`() {
        #expect(Growth.judged(Self.readings(count: 90), warmUp: 150) == nil)
    }
}

@Suite struct `A slope` {
    @Test func `is that of a line`() throws {
        let slope = try #require(Slope(through: (0..<50).map { Slope.Point(x: Double($0), y: Double($0) * 3 + 7) }))
        #expect(slope.perUnit == 3)
        #expect(slope.rise == 1)
    }

    @Test func `is not led astray by a quarter of nonsense`() throws {
        let points = (0..<100).map { Slope.Point(x: Double($0), y: $0.isMultiple(of: 4) ? 1e9 : Double($0) * -2) }
        #expect(abs(try #require(Slope(through: points)).perUnit + 2) < 1)
    }

    @Test func `of many points is that of an even choice of them`() throws {
        let points = (0..<10_000).map { Slope.Point(x: Double($0), y: Double($0) / 2) }
        #expect(try #require(Slope(through: points)).perUnit == 0.5)
    }

    @Test(arguments: [[], [Slope.Point(x: 1, y: 1)], [Slope.Point(x: 1, y: 1), Slope.Point(x: 1, y: 2)]])
    func `does not exist without two places`(points: [Slope.Point]) {
        #expect(Slope(through: points) == nil)
    }
}

@Suite struct `A sample of a process` {
    @Test func `reads what Linux writes`() throws {
        let text = "Name:\tx\nVmRSS:\t   20480 kB\nRssAnon:\t    5120 kB\nThreads:\t7\n"
        let sample = try #require(ProcessSample(status: text, openCount: 12))
        #expect((sample.anonymous, sample.threads, sample.descriptors) == (5120, 7, 12))
    }

    @Test func `of this process has memory, threads and open files`() throws {
        let sample = try #require(ProcessSample(of: .ours))
        #expect(sample.anonymous > 0 && sample.threads > 0 && sample.descriptors > 0)
    }

    @Test func `of a process that is gone is none`() {
        #expect(ProcessSample(of: 0) == nil)
    }
}

@Suite struct `The report of a soak` {
    private static func report(_ change: (inout SoakReport) -> Void = { _ in }) -> SoakReport {
        var counts = Tally.Counts()
        (counts.given, counts.handled, counts.withdrawn) = (5, 5, 5)
        var report = SoakReport(
            minutes: 10, counts: counts, faults: 3, missingMessages: 0, duplicateMessages: 0, noticesCounted: 5,
            peakAnonymous: 6000, readings: 40, growth: [], endedInOrder: true)
        change(&report)
        return report
    }

    @Test func `is content when everything was handled and nothing grew`() {
        #expect(Self.report().problems == [])
        #expect(Self.report().text.hasSuffix("\nok\n"))
    }

    /// What spoils a report, and a word of what it then says.
    struct Fault: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let change: @Sendable (inout SoakReport) -> Void

        init(_ says: String, _ change: @escaping @Sendable (inout SoakReport) -> Void) {
            testDescription = says
            self.change = change
        }
    }

    @Test(arguments: [
        Fault("1 notices were missed") { $0.counts.handled = 4 },
        Fault("round 3") { $0.counts.missed = ["round 3: not answered"] },
        Fault("2 messages are missing") { $0.missingMessages = 2 },
        Fault("2 messages were sent twice") { $0.duplicateMessages = 2 },
        Fault("counts 6 notices") { $0.noticesCounted = 6 },
        Fault("counts nothing") { $0.noticesCounted = nil },
        Fault("no notice was given") { ($0.counts.given, $0.counts.handled, $0.noticesCounted) = (0, 0, 0) },
        Fault("did not end in order") { $0.endedInOrder = false },
        Fault("too few readings") { $0.growth = nil },
        Fault("threads grows: 9.0") {
            $0.growth = [Growth(quantity: .threads, hourly: 7, perThousand: 9, total: 4, rise: 0.5)]
        },
    ])
    func `says what is wrong`(fault: Fault) {
        let report = Self.report(fault.change)
        #expect(report.problems.contains { $0.contains(fault.testDescription) }, "\(report.problems)")
        #expect(report.text.contains("FAIL  "))
    }

    @Test func `does not judge growth when the soak was only a look`() {
        let report = Self.report { ($0.minutes, $0.growth) = (2, nil) }
        #expect(report.problems == [])
        #expect(report.text.contains("not judged"))
    }

    @Test func `counts what came too rarely and too often`() {
        let tally = Tally()
        tally.note {
            $0.due = [Inbox.Message(notice: "a", event: "seen"): 2, Inbox.Message(notice: "b", event: "seen"): 1]
        }
        let come = [Inbox.Message(notice: "a", event: "seen"): 3, Inbox.Message(notice: "c", event: "seen"): 1]
        let compared = tally.compared(with: come)
        #expect((compared.missing, compared.duplicate) == (1, 2))
    }

    @Test func `adds the kinds of the handler's own counter`() {
        let text = """
            # TYPE interruption_handler_notices_total counter
            interruption_handler_notices_total{kind="reclaim"} 12
            interruption_handler_notices_total{kind="rebalance"} 1
            interruption_handler_noticesless 9

            """
        #expect(SoakRun.noticesCounted(text) == 13)
    }
}

extension ProcessSample {
    /// A process at rest.
    fileprivate static var steady: ProcessSample {
        guard let sample = ProcessSample(status: "RssAnon: 6000 kB\nThreads: 6\n", openCount: 20) else {
            fatalError("the text above is complete")
        }
        return sample
    }
}

extension Int32 {
    /// The process id of the tests themselves.
    fileprivate static var ours: Int32 { ProcessInfo.processInfo.processIdentifier }
}
