import Simulators

/// A soak under way: round after round, with a reading of the handler at rest behind each.
struct SoakRun: Sendable {
    /// The first part of the time, in which caches fill and pools reach their size, is not judged.
    static let warmUpShare = 0.25
    /// The warm-up of a short soak, in seconds: measured, the memory rises for about a minute and a half.
    static let leastWarmUp = 120.0
    /// This many rounds in a row that failed end the soak: it has nothing more to say.
    private static let mostFailures = 3
    /// Every how many rounds everything is announced at once.
    private static let everythingEvery = 12

    private let stage: SoakStage
    private let tally = Tally()
    private let seconds: Double
    private let seed: UInt64
    private var readings: [Reading] = []
    private let clock = ContinuousClock()
    private let start = ContinuousClock().now

    /// What is left when the program has ended.
    struct Outcome: Sendable {
        /// The run with its readings.
        var run: SoakRun
        /// Notices that the handler counted; `nil` when its metrics could not be read.
        var noticesCounted: Int?
    }

    /// A soak of that many minutes.
    init(stage: SoakStage, minutes: Double, seed: UInt64) {
        self.stage = stage
        seconds = minutes * 60
        self.seed = seed
    }

    private var elapsed: Double { (clock.now - start) / .seconds(1) }

    /// Plays rounds until the time is over, asks the handler what it counted, and tells it to end.
    func soaked(_ program: RunningProgram) async throws -> Outcome {
        var run = self
        guard let line = await program.line(containing: "status pages are served"),
            let port = try KubernetesJSON(parsing: line)["address"]?.string?.split(separator: ":").last.flatMap({
                Int($0)
            }),
            await program.line(containing: "checks at start are done") != nil
        else { return Outcome(run: run, noticesCounted: nil) }
        try await run.play(program)
        // The server may be busy closing what was left; a proper scrape is answered at the second try at the latest.
        let page = try? await LabClient(port: port).send("GET", "/metrics")
        program.send(.terminate)
        await program.untilEnded()
        return Outcome(run: run, noticesCounted: page.map { Self.noticesCounted($0.text) })
    }

    private mutating func play(_ program: RunningProgram) async throws {
        var mischief = Mischief(on: stage, tally: tally, seed: seed)
        var (number, failures) = (0, 0)
        while elapsed < seconds, failures < Self.mostFailures {
            number += 1
            let round = SoakRound(stage: stage, tally: tally, number: number, kind: Self.kind(number))
            let isGood = try await round.play(&mischief, isCalm: number.isMultiple(of: 3))
            failures = isGood ? 0 : failures + 1
            guard let process = ProcessSample(of: program.processID) else { break }
            let notices = tally.counts.handled
            readings.append(
                Reading(
                    seconds: elapsed, notices: notices, process: process, connections: stage.openConnections))
        }
    }

    private static func kind(_ number: Int) -> SoakRound.Kind {
        if number % everythingEvery == 0 { return .everything }
        if number % everythingEvery == 6 { return .termination }
        return .parking(number.isMultiple(of: 2) ? "stop" : "hibernate")
    }

    /// The sum over all kinds of the handler's own counter of notices.
    static func noticesCounted(_ exposition: String) -> Int {
        exposition.split(separator: "\n").filter { $0.hasPrefix("interruption_handler_notices_total") }.reduce(0) {
            $0 + ($1.split(separator: " ").last.flatMap { Double($0) }.map { Int($0) } ?? 0)
        }
    }

    /// The readings, a line each.
    var table: String {
        let head = "seconds\tnotices\tanonymous KiB\tdescriptors\tthreads\tsockets\tconnections\n"
        return head
            + readings.map {
                "\($0.seconds)\t\($0.notices)\t\($0.process.anonymous)\t\($0.process.descriptors)\t\($0.process.threads)"
                    + "\t\($0.process.sockets)\t\($0.connections)\n"
            }.joined()
    }

    /// What came of it.
    func report(noticesCounted: Int?, end: RunningProgram.End) -> SoakReport {
        var (missing, duplicate) = tally.compared(with: stage.inbox.messages)
        let due = tally.counts.due.values.reduce(0, +)
        // The second channel, of which only the number is known.
        missing += max(0, due - stage.inbox.slackCount)
        duplicate += max(0, stage.inbox.slackCount - due)
        let warmUp = max(seconds * Self.warmUpShare, Self.leastWarmUp)
        let isJudged = seconds >= SoakReport.leastMinutes * 60
        return SoakReport(
            minutes: elapsed / 60, counts: tally.counts, faults: stage.faultCount, missingMessages: missing,
            duplicateMessages: duplicate, noticesCounted: noticesCounted,
            peakAnonymous: readings.map(\.process.anonymous).max() ?? 0,
            readings: readings.count { $0.seconds >= warmUp },
            growth: isJudged ? Growth.judged(readings, warmUp: warmUp) : nil,
            endedInOrder: end == .exited(0))
    }
}
