public import Interruption
import Synchronization

/// Runs asynchronous code on one thread, in a world where waiting costs nothing: whenever nothing can run, the clock
/// jumps to the next sleeper. The same code does the same in the same order each time, so a story of two minutes is a
/// matter of milliseconds.
///
/// It holds for code that waits by its `Timeline` and by continuations that such code resumes; real I/O has no place
/// here.
public enum VirtualTime {
    /// Why a run ended without a result.
    public enum Failure: Error {
        /// Nothing could run, nobody slept, and `body` had not returned.
        case stuck(at: Moment)
        /// `body` had not returned when the clock reached the limit.
        case tooLong(at: Moment)
    }

    /// Runs `body` to its end and returns its result.
    public static func run<Result: Sendable>(
        startingAt start: Moment = Moment(sinceOrigin: .zero),
        limit: Duration = .seconds(86_400),
        _ body: @escaping @Sendable (ManualTimeline) async throws -> Result
    ) async throws -> Result {
        let timeline = ManualTimeline(startingAt: start)
        let executor = OneThreadExecutor()
        let outcome = Mutex<Swift.Result<Result, any Error>?>(nil)
        let shared = Shared(outcome)
        let task = Task(executorPreference: executor) {
            do {
                let result = try await body(timeline)
                shared.store(.success(result))
            } catch {
                shared.store(.failure(error))
            }
        }
        var idleTurns = 0
        while true {
            executor.runAll()
            if let result = shared.load() { return try result.get() }
            if timeline.now > start.advanced(by: limit) {
                task.cancel()
                executor.runAll()
                throw Failure.tooLong(at: timeline.now)
            }
            if timeline.wakeNext() {
                idleTurns = 0
                continue
            }
            // Something may still be on its way here from another executor: a few turns for it, then it is a deadlock.
            idleTurns += 1
            if idleTurns > 1000 {
                task.cancel()
                executor.runAll()
                throw Failure.stuck(at: timeline.now)
            }
            await Task.yield()
        }
    }
}

/// A value that one task stores and another takes.
private final class Shared<Value: Sendable>: Sendable {
    private let value: Mutex<Value?>

    init(_ value: consuming sending Mutex<Value?>) {
        self.value = value
    }

    func store(_ new: Value) { value.withLock { $0 = new } }
    func load() -> Value? { value.withLock { $0 } }
}

/// Runs jobs in the order of their coming, when it is told to.
private final class OneThreadExecutor: TaskExecutor {
    private let jobs = Mutex<[UnownedJob]>([])

    func enqueue(_ job: consuming ExecutorJob) {
        let unowned = UnownedJob(job)
        jobs.withLock { $0.append(unowned) }
    }

    /// Runs jobs until there are none.
    func runAll() {
        while true {
            let batch = jobs.withLock { jobs in
                defer { jobs.removeAll(keepingCapacity: true) }
                return jobs
            }
            if batch.isEmpty { return }
            for job in batch { unsafe job.runSynchronously(on: asUnownedTaskExecutor()) }
        }
    }
}
