import ArgumentParser

/// Gives a spot interruption notice.
struct Spot: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Give a spot interruption notice.")

    @OptionGroup var lab: ControlOptions

    @Option(help: "terminate, stop or hibernate.")
    var action = "terminate"

    @Option(name: .customLong("in"), help: "When it happens: 120s, 2m.")
    var delay = "120s"

    func run() async throws {
        try await lab.send("POST", "/notice/spot", [("action", action), ("in", delay)])
    }
}

/// Recommends to rebalance.
struct Rebalance: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Recommend to rebalance.")

    @OptionGroup var lab: ControlOptions

    func run() async throws {
        try await lab.send("POST", "/notice/rebalance")
    }
}

/// Schedules an event.
struct Maintenance: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Schedule a maintenance event.")

    @OptionGroup var lab: ControlOptions

    @Option(help: "instance-stop, instance-retirement, instance-reboot, system-reboot or system-maintenance.")
    var code = "instance-stop"

    @Option(name: .customLong("in"), help: "When it begins: 120s, 2m, 1h.")
    var delay = "120s"

    @Option(help: "active, completed or canceled.")
    var state = "active"

    @Option(help: "The event's id.")
    var id: String?

    func run() async throws {
        try await lab.send(
            "POST", "/notice/maintenance", [("code", code), ("in", delay), ("state", state), ("id", id)])
    }
}

/// Lets the Auto Scaling group terminate the instance.
struct ScaleIn: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scale-in", abstract: "Let the Auto Scaling group terminate the instance.")

    @OptionGroup var lab: ControlOptions

    func run() async throws {
        try await lab.send("POST", "/notice/scale-in")
    }
}

/// Takes notices back.
struct Withdraw: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Take a notice back.")

    @OptionGroup var lab: ControlOptions

    @Argument(help: "spot, rebalance, maintenance, scale-in or all.")
    var what: String

    func run() async throws {
        try await lab.send("POST", "/withdraw/\(what)")
    }
}
