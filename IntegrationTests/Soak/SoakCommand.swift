import ArgumentParser
import FoundationEssentials
import Simulators
import UnixSignals

/// The executable: soaks a real handler in notices and trouble.
@main
struct SoakCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "interruption-soak",
        abstract: "Run a real handler for minutes under notices, faults and rotations; nothing may grow or be missed.",
        discussion: "Exit status: 0 when all is well, 1 when something grew, a notice was missed or a message doubled.")

    @Option(help: "The handler's executable.", completion: .file())
    var handler = ".build/release/interruption-handler"

    @Option(help: "How many minutes.")
    var minutes = 10.0

    @Option(help: "The seed of everything random.")
    var seed: UInt64 = 1

    @Option(help: "A file that gets every reading (tab-separated).", completion: .file())
    var readings: String?

    @Option(help: "A file that gets the handler's log.", completion: .file())
    var log: String?

    func validate() throws {
        guard minutes > 0, minutes <= 10_000 else { throw ValidationError("--minutes: more than 0, at most 10000") }
    }

    func run() async throws {
        let report = try await withThrowingTaskGroup(of: SoakReport?.self) { group in
            group.addTask { try await soaked() }
            group.addTask {
                for await _ in await UnixSignalsSequence(trapping: .sigterm, .sigint) { return nil }
                return nil
            }
            // Whichever comes first ends the other: a soak that is told to stop leaves no handler behind.
            defer { group.cancelAll() }
            return try await group.next() ?? nil
        }
        guard let report else { throw ExitCode(1) }
        print(report.text, terminator: "")
        if !report.problems.isEmpty { throw ExitCode(1) }
    }

    private func soaked() async throws -> SoakReport {
        try await SoakStage.run(seed: seed) { stage in
            let fresh = SoakRun(stage: stage, minutes: minutes, seed: seed)
            let outcome = try await RunningProgram.run(handler, ["run"], environment: stage.environment) { program in
                try await fresh.soaked(program)
            }
            let run = outcome.value.run
            if let log {
                try outcome.lines.joined(separator: "\n").write(toFile: log, atomically: true, encoding: .utf8)
            }
            if let readings { try run.table.write(toFile: readings, atomically: true, encoding: .utf8) }
            return run.report(noticesCounted: outcome.value.noticesCounted, end: outcome.end)
        }
    }
}
