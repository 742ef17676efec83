import Subprocess
import Synchronization
import SystemPackage

/// A real program that runs beside a test or a demonstration; its two outputs are kept line by line.
public final class RunningProgram: Sendable {
    /// How a program ended.
    public enum End: Sendable, Hashable {
        /// It ended by itself with that status.
        case exited(Int32)
        /// A signal ended it.
        case signalled(Int32)
    }

    /// A signal that a test may send.
    public enum Signal: Sendable {
        case terminate, interrupt, kill, stop, resume
    }

    private struct Waiter {
        let id: Int
        let matches: @Sendable (String) -> Bool
        let continuation: CheckedContinuation<String?, Never>
    }

    private struct State {
        var lines: [String] = []
        var waiters: [Waiter] = []
        var nextID = 0
        var hasEnded = false
        var end: End?
        var endWaiters: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())
    private let deliver: @Sendable (Signal) -> Void
    /// The process id.
    public let processID: Int32

    private init(processID: Int32, deliver: @escaping @Sendable (Signal) -> Void) {
        self.processID = processID
        self.deliver = deliver
    }

    /// Starts the program at `path`, runs `body` beside it, and makes sure that it is gone afterwards.
    ///
    /// `environment` is the whole environment of the program. It is killed when `body` returns while it runs.
    public static func run<Value: Sendable>(
        _ path: String, _ arguments: [String], environment: [String: String],
        body: @Sendable (RunningProgram) async throws -> Value
    ) async throws -> (value: Value, end: End, lines: [String]) {
        var variables: [Environment.Key: String] = [:]
        for (name, value) in environment { variables[Environment.Key(stringLiteral: name)] = value }
        var options = PlatformOptions()
        options.teardownSequence = [
            .send(signal: .kill, toProcessGroup: false, allowedDurationToNextStep: .milliseconds(100))
        ]
        let result = try await Subprocess.run(
            .path(FilePath(path)), arguments: Arguments(arguments), environment: .custom(variables),
            platformOptions: options, input: .none, output: .sequence, error: .combinedWithOutput
        ) { execution in
            let program = RunningProgram(processID: Int32(execution.processIdentifier.value)) { signal in
                // A program that is gone already needs no signal.
                try? execution.send(signal: signal.number)
            }
            let value = try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    for try await line in execution.standardOutput.strings() { program.wrote(line) }
                    program.ended()
                }
                let value: Result<Value, any Error>
                do {
                    value = .success(try await body(program))
                } catch {
                    value = .failure(error)
                }
                program.send(.resume)
                program.send(.kill)
                try await group.waitForAll()
                return try value.get()
            }
            return (value, program)
        }
        let end: End =
            switch result.terminationStatus {
            case .exited(let code): .exited(Int32(code))
            case .signaled(let code): .signalled(Int32(code))
            }
        return (result.closureResult.0, end, result.closureResult.1.lines)
    }

    /// What it wrote so far.
    public var lines: [String] { state.withLock { $0.lines } }

    /// Whether its outputs have ended, as they do with the program.
    public var hasEnded: Bool { state.withLock { $0.hasEnded } }

    /// Sends a signal.
    public func send(_ signal: Signal) { deliver(signal) }

    /// The first line, of those written so far or to come, that `matches`; `nil` when the program ends without one.
    public func line(where matches: @escaping @Sendable (String) -> Bool) async -> String? {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let answer: String?? = state.withLock { state in
                    if let line = state.lines.first(where: matches) { return line }
                    if state.hasEnded || Task.isCancelled { return .some(nil) }
                    state.waiters.append(Waiter(id: id, matches: matches, continuation: continuation))
                    return nil
                }
                if let answer { continuation.resume(returning: answer) }
            }
        } onCancel: {
            let waiter = state.withLock { state in
                state.waiters.firstIndex { $0.id == id }.map { state.waiters.remove(at: $0) }
            }
            waiter?.continuation.resume(returning: nil)
        }
    }

    /// The first line with that text in it; `nil` when the program ends without one.
    public func line(containing text: String) async -> String? {
        await line { $0.contains(text) }
    }

    /// Returns when its outputs have ended, which they do with the program.
    public func untilEnded() async {
        await withCheckedContinuation { continuation in
            let hasEnded = state.withLock { state in
                if !state.hasEnded { state.endWaiters.append(continuation) }
                return state.hasEnded
            }
            if hasEnded { continuation.resume() }
        }
    }

    private func wrote(_ line: String) {
        let text = line.last?.isNewline == true ? String(line.dropLast()) : line
        let satisfied = state.withLock { state in
            state.lines.append(text)
            let satisfied = state.waiters.filter { $0.matches(text) }
            state.waiters.removeAll { waiter in satisfied.contains { $0.id == waiter.id } }
            return satisfied
        }
        for waiter in satisfied { waiter.continuation.resume(returning: text) }
    }

    private func ended() {
        let (waiters, endWaiters) = state.withLock { state in
            defer { (state.waiters, state.endWaiters, state.hasEnded) = ([], [], true) }
            return (state.waiters, state.endWaiters)
        }
        for waiter in waiters { waiter.continuation.resume(returning: nil) }
        for waiter in endWaiters { waiter.resume() }
    }
}

extension RunningProgram.Signal {
    /// The signal as the system names it.
    fileprivate var number: Subprocess.Signal {
        switch self {
        case .terminate: .terminate
        case .interrupt: .interrupt
        case .kill: .kill
        case .stop: .suspend
        case .resume: .resume
        }
    }
}
