import Interruption
import Transport

/// A path that a source reads, and when.
struct PathPoll: Sendable {
    /// What is read.
    let path: MetadataPath
    /// The time between two reads; asked after each, because it may depend on what was learnt. All paths are read on one grid of times, so
    /// that the machine is woken once for those that are due together.
    let interval: @Sendable () -> Duration
}

/// One answer of the metadata service about one path.
struct PathReading: Sendable {
    /// What was read.
    let path: MetadataPath
    /// When the answer was there.
    let moment: Moment
    /// The value (`nil` for 404), or why there is none.
    let answer: Result<[UInt8]?, MetadataError>
    /// When the path was last read to hold nothing, if that was not told at the time.
    let silence: Moment?
}

/// Leaves out of a path's readings those which only repeat that there is nothing: nearly all, on most machines.
struct RepeatedSilence: Sendable {
    /// So many are told in a row, so that whoever counts them has counted enough.
    static let told = 8

    private var inRow = 0
    private var last: Moment?

    /// Whether the path has said nothing for so long that it is no news any more.
    var isLong: Bool { inRow >= RepeatedSilence.told }

    /// Whether this answer may be left out.
    mutating func leavesOut(_ answer: Result<[UInt8]?, MetadataError>, at now: Moment) -> Bool {
        guard case .success(nil) = answer else {
            inRow = 0
            return false
        }
        inRow += 1
        guard inRow > RepeatedSilence.told else { return false }
        last = now
        return true
    }

    /// When the last answer that was left out was read; asked once, with the reading that is told next.
    mutating func takeLast() -> Moment? {
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
                    await tell(await examine(reading.path, nil, silence), to: report)
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
        var silence = RepeatedSilence()
        var failures = 0
        var slowness = 0
        while !Task.isCancelled {
            if due > timeline.now {
                guard (try? await timeline.sleep(until: due, tolerance: nil)) != nil else { return }  // cancelled
            }
            var start = timeline.now
            var interval = poll.interval()
            let isQuiet = silence.isLong && failures == 0 && slowness == 0
            let repetition = isQuiet ? metadata.repetition(of: poll.path, every: interval) : nil
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
                _ = silence.leavesOut(.success(nil), at: start.advanced(by: interval * (repeats - 1)))
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
            if case .success = answer {
                failures = 0
                // From when it was due, not from when somebody woke up, so that paths which are due together stay together.
                let isPunctual = due.duration(to: start) < interval / 8
                due = max((isPunctual ? due : start).advanced(by: interval), now)
            } else {
                failures += 1
                let pause = Backoff.polling(every: interval).pause(after: failures, by: jitter)
                // Counted from the start of the read, because the time that it hung was a pause already; the floor keeps a service that
                // refuses at once from being asked in a tight loop.
                due = max(start.advanced(by: pause), now.advanced(by: .milliseconds(50)))
            }
        }
    }
}
