import ArgumentParser
import Interruption
import Notify
import Transport

/// Sends a marked test message, so that the channels' settings can be mended before they are needed.
struct NotifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "notify",
        abstract: "Send a marked test message to every configured channel and say what each answered.")

    @Flag(help: "Send the test message; without it nothing is sent, and the configured channels are listed.")
    var test = false
    @Option(help: "Only this channel, such as slack.") var channel: String?
    @OptionGroup var node: NodeFlags

    func run() async throws {
        let workplace = Workplace()
        let settings = ChannelSettings(
            environment: { workplace.environment[$0] }, readFile: { try Workplace.text(ofFile: $0) })
        let problems = settings.problems.map(\.description) + (workplace.authoritiesProblem.map { [$0] } ?? [])
        for problem in problems {
            Terminal.write("interruption-handler: \(problem)\n", to: .standardError)
        }
        guard problems.isEmpty else { throw ExitCode(78) }
        guard !settings.channels.isEmpty else {
            Terminal.write(
                "No channel is configured; set SLACK_URL or another channel's variable.\n", to: .standardError)
            throw ExitCode(78)
        }
        guard test else {
            for channel in settings.channels { print("\(channel.name)  \(channel.redacted)") }
            print("Nothing was sent; --test sends a marked message.")
            return
        }
        try await send(through: settings.channels, in: workplace)
    }

    private func send(through channels: [any Channel], in workplace: Workplace) async throws {
        let web = try CurlTransport(authorities: workplace.authorities)
        let mail = CurlMailTransport(authorities: workplace.authorities)
        defer {
            web.close()
            mail.close()
        }
        let given = node.given()
        let notification = Notification(
            event: .test, nodeName: given["node-name"]?.last ?? workplace.environment["NODE_NAME"] ?? "no node",
            cluster: given["cluster"]?.last ?? workplace.environment["CLUSTER"], machine: MachineIdentity(),
            time: workplace.anchor.wall)
        let test = ChannelTest(carriers: Carriers(web: web, mail: mail), timeline: workplace.timeline)
        let answers: [ChannelTest.Answer]
        do {
            answers = try await test.run(channels, only: channel, sending: notification)
        } catch {
            Terminal.write("interruption-handler: \(error)\n", to: .standardError)
            throw ExitCode(64)
        }
        for answer in answers {
            let word = answer.isDelivered ? "ok    " : "FAILED"
            print("\(word)  \(answer.channel) (\(answer.redacted)): \(answer.words)")
        }
        guard answers.allSatisfy(\.isDelivered) else { throw ExitCode(1) }
    }
}
