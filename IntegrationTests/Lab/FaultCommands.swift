import ArgumentParser
import Simulators

/// Makes a server fail.
struct FaultCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fault", abstract: "Make a server fail, or stop failing.", discussion: "Faults: \(Fault.forms)")

    @OptionGroup var lab: ControlOptions

    @Argument(help: "metadata, aws, containers, webhooks or kubernetes.")
    var server: String

    @Argument(help: "What goes wrong; `clear` ends all faults of the server.")
    var fault: String

    @Option(help: "Only this method.")
    var method: String?

    @Option(help: "Only this path, or its beginning followed by *.")
    var path: String?

    @Option(help: "Only this action of a query API.")
    var action: String?

    @Option(help: "How often.")
    var times: Int?

    @Option(help: "How many requests pass before.")
    var skip: Int?

    @Option(name: .customLong("for"), help: "For how long.")
    var duration: String?

    @Option(help: "How likely, 0 to 1.")
    var probability: Double?

    func run() async throws {
        if fault == "clear" { return try await lab.send("POST", "/faults/\(server)/clear") }
        try await lab.send(
            "POST", "/faults/\(server)",
            [
                ("fault", fault), ("method", method), ("path", path), ("action", action),
                ("times", times.map { String($0) }), ("skip", skip.map { String($0) }), ("for", duration),
                ("probability", probability.map { String($0) }),
            ])
    }
}

/// Takes a whole server away, or brings it back.
struct ServerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "server", abstract: "Take a whole server away, silence it, or bring it back.")

    @OptionGroup var lab: ControlOptions

    @Argument(help: "metadata, aws, containers, webhooks or kubernetes.")
    var server: String

    @Argument(help: "away, back, drop, silence or speak.")
    var order: String

    @Option(name: .customLong("for"), help: "For how long it stays away.")
    var duration: String?

    func run() async throws {
        try await lab.send("POST", "/servers/\(server)/\(order)", [("for", duration)])
    }
}

/// Tells what happened.
struct Show: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Show what a running lab knows.")

    @OptionGroup var lab: ControlOptions

    @Argument(help: "state, webhooks, calls, env or requests.")
    var what = "state"

    @Option(help: "Whose requests.")
    var server: String?

    func run() async throws {
        try await lab.send("GET", "/\(what)", [("server", server)])
    }
}
