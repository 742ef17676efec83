import Interruption
import Transport

/// A path that a source reads, and when.
struct PathPoll: Sendable {
    /// What is read.
    let path: MetadataPath
    /// The time between two reads; asked after each, because it may depend on what was learnt. All paths are read on one grid of times, so
    /// that the machine is woken once for those that are due together.
    let interval: @Sendable () -> Duration
    /// Whether a value announces nothing, now and as long as it stays the same; quickly told.
    let holdsNothing: @Sendable (_ value: [UInt8]) -> Bool

    /// A path for which 404 alone means that there is nothing, unless `holdsNothing` knows more.
    init(
        path: MetadataPath, holdsNothing: @escaping @Sendable (_ value: [UInt8]) -> Bool = { _ in false },
        interval: @escaping @Sendable () -> Duration
    ) {
        self.path = path
        self.interval = interval
        self.holdsNothing = holdsNothing
    }
}

/// One answer of the metadata service about one path.
struct PathReading: Sendable {
    /// What was read.
    let path: MetadataPath
    /// When the answer was there.
    let moment: Moment
    /// The value (`nil` for 404), or why there is none.
    let answer: Result<[UInt8]?, MetadataError>
    /// The last answer before it that announced nothing, if that was not told at the time.
    let silence: RepeatedSilence.Silence?
}

/// Leaves out of a path's readings those which only repeat that there is nothing: nearly all, on most machines.
struct RepeatedSilence: Sendable {
    /// An answer that announces nothing.
    struct Silence: Sendable, Hashable {
        /// When it was there.
        let moment: Moment
        /// The value; `nil` for 404.
        let value: [UInt8]?
    }

    /// So many are told in a row, so that whoever counts them has counted enough.
    static let told = 8

    private let holdsNothing: @Sendable (_ value: [UInt8]) -> Bool
    private var inRow = 0
    private var last: Silence?

    /// What the path says while it announces nothing, as last read; `nil` for 404.
    private(set) var value: [UInt8]?

    /// Beside 404, values that `holdsNothing` says to be nothing are silence.
    init(holdsNothing: @escaping @Sendable (_ value: [UInt8]) -> Bool = { _ in false }) {
        self.holdsNothing = holdsNothing
    }

    /// Whether the path has said the same nothing for so long that it is no news any more.
    var isLong: Bool { inRow >= RepeatedSilence.told }

    /// Whether this answer may be left out.
    mutating func leavesOut(_ answer: Result<[UInt8]?, MetadataError>, at now: Moment) -> Bool {
        guard case .success(let value) = answer, value.map(holdsNothing) ?? true else {
            inRow = 0
            return false
        }
        if value != self.value { inRow = 0 }
        self.value = value
        inRow += 1
        guard inRow > RepeatedSilence.told else { return false }
        last = Silence(moment: now, value: value)
        return true
    }

    /// The last answer that was left out; asked once, with the reading that is told next.
    mutating func takeLast() -> Silence? {
        defer { last = nil }
        return last
    }
}

/// What a source makes of a reading.
struct Finding: Sendable, Equatable {
    /// What the listener is told.
    var reports: [SourceReport] = []
    /// What is worth a log line or a metric.
    var remarks: [AWSRemark] = []
    /// Why the value cannot be what the service says; `nil` when it was an answer.
    var fault: String?
}

/// The loop of every source: reads its paths beside each other, each at its own cadence, backs off while they fail, keeps the source's
/// health, and tells the listener in order. Ends only by cancellation.
struct SourceLoop: Sendable {
    /// The source's name in reports.
    let name: String
    let metadata: MetadataService
    let timeline: any Timeline
    let jitter: Jitter
    let remark: @Sendable (AWSRemark) -> Void

    /// Reads `polls` and hands every value to `examine`, one at a time.
    func run(
        _ polls: [PathPoll], reporting report: @escaping @Sendable (SourceReport) async -> Void,
        examining examine: (_ path: MetadataPath, _ value: [UInt8]?, _ moment: Moment) async -> Finding
    ) async {
        // Bounded: what a slow listener misses is read again at the next poll.
        let (readings, mailbox) = AsyncStream.makeStream(of: PathReading.self, bufferingPolicy: .bufferingNewest(16))
        await withDiscardingTaskGroup { group in
            for poll in polls {
                group.addTask { await read(poll) { mailbox.yield($0) } }
            }
            var health = SourceHealth(source: name)
            for await reading in readings {
                if let silence = reading.silence {
                    await tell(await examine(reading.path, silence.value, silence.moment), to: report)
                }
                var fault: SourceHealth.Fault?
                switch reading.answer {
                case .success(let value):
                    let finding = await examine(reading.path, value, reading.moment)
                    await tell(finding, to: report)
                    fault = finding.fault.map { SourceHealth.Fault(words: $0, isTransient: true) }
                case .failure(let error):
                    fault = SourceHealth.Fault(words: "\(error)", isTransient: error.isTransient)
                }
                if let news = health.news(of: reading.path, fault: fault) { await report(news) }
            }
            group.cancelAll()
        }
    }

    private func tell(_ finding: Finding, to report: @Sendable (SourceReport) async -> Void) async {
        for item in finding.remarks { remark(item) }
        for item in finding.reports { await report(item) }
    }

    private func read(_ poll: PathPoll, then tell: (PathReading) -> Void) async {
        var due = timeline.now
        var silence = RepeatedSilence(holdsNothing: poll.holdsNothing)
        var failures = 0
        var slowness = 0
        while !Task.isCancelled {
            if due > timeline.now {
                guard (try? await timeline.sleep(until: due, tolerance: nil)) != nil else { return }  // cancelled
            }
            while let later = metadata.rest.delay(at: timeline.now) {
                guard (try? await timeline.sleep(until: later, tolerance: nil)) != nil else { return }  // cancelled
            }
            var start = timeline.now
            var interval = poll.interval()
            let isQuiet = silence.isLong && failures == 0 && slowness == 0
            let repetition =
                isQuiet ? metadata.repetition(of: poll.path, saying: silence.value, every: interval) : nil
            let answer: Result<[UInt8]?, MetadataError>
            do throws(MetadataError) {
                answer = .success(
                    try await metadata.read(poll.path, isPatient: slowness >= 2, repeating: repetition))
            } catch {
                answer = .failure(error)
            }
            if case .failure(.cancelled) = answer, Task.isCancelled { return }
            let now = timeline.now
            if let repeats = repetition?.repeats, repeats > 0 {
                // As if each had been made here.
                _ = silence.leavesOut(.success(silence.value), at: start.advanced(by: interval * (repeats - 1)))
                start = start.advanced(by: interval * repeats)
                due = due.advanced(by: interval * repeats)
            }
            if !silence.leavesOut(answer, at: now) {
                tell(PathReading(path: poll.path, moment: now, answer: answer, silence: silence.takeLast()))
            }
            interval = poll.interval()
            if answer == .failure(.timedOut) {
                slowness += 1
            } else if start.duration(to: now) < metadata.patience.read {
                // A slow service is left its time until it is quick again.
                slowness = 0
            }
            switch answer {
            case .success:
                failures = 0
                // From when it was due, not from when somebody woke up, so that paths which are due together stay together.
                let isPunctual = due.duration(to: start) < interval / 8
                due = max((isPunctual ? due : start).advanced(by: interval), now)
            case .failure(let error) where !error.isWorthASecondTry:
                failures += 1
                due = max(start.advanced(by: interval), now)
            case .failure:
                failures += 1
                let pause = Backoff.polling(every: interval).pause(after: failures, by: jitter)
                // Counted from the start of the read, because the time that it hung was a pause already; the floor keeps a service that
                // refuses at once from being asked in a tight loop.
                due = max(start.advanced(by: pause), now.advanced(by: .milliseconds(50)))
            }
        }
    }
}
