import ArgumentParser
import FoundationEssentials

/// Plays scenarios and prints one line of JSON for each.
@main
struct Fleet: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "interruption-fleet",
        abstract: "Many nodes that are taken away within ten seconds, against one API server, in virtual time.")

    @Option(help: "How many nodes.")
    var nodes = 1000

    @Option(help: "How many pods on each that have to leave.")
    var pods = 30

    @Option(help: "Seats of the API server for the handlers' requests, comma-separated.")
    var seats = "20,100,600"

    @Option(help: "Who empties the nodes: ours, reference, or both, comma-separated.")
    var programs = "ours,reference"

    @Option(help: "The seed of all that is left to chance.")
    var seed: UInt64 = 1

    func validate() throws {
        guard nodes > 0, pods > 0, !scenarios.isEmpty else { throw ValidationError("There is nothing to play.") }
    }

    func run() async throws {
        // A scenario runs on one thread, several side by side.
        try await withThrowingTaskGroup(of: FleetOutcome.self) { group in
            for scenario in scenarios { group.addTask { try await FleetRun(scenario: scenario).outcome() } }
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys]
            for try await outcome in group {
                print(String(decoding: try encoder.encode(outcome), as: UTF8.self))
            }
        }
    }

    private var scenarios: [Scenario] {
        programs.split(separator: ",").compactMap { Scenario.Program(rawValue: String($0)) }.flatMap { program in
            seats.split(separator: ",").compactMap { Int($0) }.filter { $0 > 0 }.map {
                Scenario(program: program, nodes: nodes, podsPerNode: pods, seats: $0, seed: seed)
            }
        }
    }
}
