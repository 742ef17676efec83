import Simulators
import Testing

/// One way in which a notification channel fails.
struct ChannelTrouble: Sendable, CustomTestStringConvertible {
    /// What goes wrong, for people.
    let name: String
    /// What the channel does instead of taking the message; `nil` where the address itself is the trouble.
    var fault: Fault?
    /// The server whose address Slack's is, where it is another one.
    var server: LabServerName?
    /// What the log must say about the channel; `nil` where it is still waited for when the node is empty.
    var words: String?

    var testDescription: String { name }

    /// Everything that was seen to happen.
    static let all = [
        ChannelTrouble(name: "hangs", fault: .hang),
        ChannelTrouble(name: "says nothing more on its connection", fault: .silence),
        ChannelTrouble(name: "refuses connections", server: .containers, words: "nobody accepts connections there"),
        ChannelTrouble(name: "429, much later", fault: .retryLater(status: 429, seconds: 90), words: "too long"),
        ChannelTrouble(name: "500", fault: .status(500), words: "500"),
        ChannelTrouble(name: "200 with an error inside", fault: .text("invalid_token"), words: "invalid_token"),
        ChannelTrouble(name: "an unknown authority", server: .kubernetes, words: "TLS:"),
    ]
}

/// The drain and the other channels while one channel fails, by the real binary.
@Suite(.timeLimit(.minutes(10))) struct `Trouble of a channel` {
    @Test(arguments: ChannelTrouble.all)
    func `concerns neither the node nor the other channels`(trouble: ChannelTrouble) async throws {
        let undisturbed = try await drain(with: nil)
        let disturbed = try await drain(with: trouble)
        #expect(disturbed.requests == undisturbed.requests)
        #expect(disturbed.steps == undisturbed.steps)
        #expect(disturbed.others == 2 && undisturbed.others == 2)
    }

    @Test func `is over after the time that it asked for`() async throws {
        try await Stage.play { stage in
            let fault = Fault.retryLater(status: 429, seconds: 1)
            stage.lab.webhooks.faults.add(FaultRule(fault, path: "/slack*", times: 1))
            try await stage.handler(Stage.quick) { handler in
                await stage.untilListening()
                stage.lab.metadata.noticeSpot(in: .seconds(120))
                _ = await handler.line { $0.contains("notification delivered") && $0.contains("slack") }
            }
            let tries = stage.lab.webhooks.received(at: "/slack").prefix(2).map(\.time)
            try #require(tries.count == 2)
            #expect(tries[0].duration(to: tries[1]) >= .seconds(1))
        }
    }

    /// What happened to the node and to the other channels.
    private struct Happened: Sendable {
        /// The requests about pods, each kind with its number.
        var requests: [RequestKind: Int] = [:]
        /// The drain's own log lines, in order.
        var steps: [String] = []
        /// How many messages another channel got.
        var others = 0
    }

    private func drain(with trouble: ChannelTrouble?) async throws -> Happened {
        let result = Kept(Happened())
        try await Stage.play { stage in
            if let fault = trouble?.fault { stage.lab.webhooks.faults.add(fault, to: "/slack*") }
            var environment: [String: String] = [:]
            if let server = trouble?.server {
                if server == .containers { await stage.lab.servers[.containers]?.goAway() }
                environment["SLACK_URL"] = try #require(stage.lab.address(of: server)) + "/services/T000/B000/XXXX"
            }
            let outcome = try await stage.handler(Stage.quick, environment) { handler in
                await stage.untilListening()
                stage.lab.metadata.noticeSpot(in: .seconds(120))
                await stage.untilTold(at: "/mattermost", 2)
                _ = await handler.line(containing: "drain ended")
                if let words = trouble?.words {
                    let failure = "notification not delivered"
                    let line = await handler.line { $0.contains(failure) && $0.contains("slack") }
                    #expect(line?.contains(words) == true, "\(line ?? "no line")")
                }
            }
            #expect(stage.isCordoned)
            #expect(stage.podNames.isEmpty)
            let log = HandlerLog(lines: outcome.lines)
            if trouble != nil, trouble?.words == nil {
                #expect(log.lines(with: "notification", "slack").isEmpty)
            }
            // The pods are found beside the cordon, in no order.
            let steps = ["notice seen", "drain begins", "node cordoned", "drain ended: the node is empty"]
            await result.set(
                Happened(
                    requests: stage.cluster.counts.filter {
                        $0.key.verb != "watch" && $0.key.resource.hasPrefix("pods")
                    },
                    steps: outcome.lines.compactMap { line in steps.first { line.contains($0) } },
                    others: stage.lab.webhooks.received(at: "/mattermost").count))
        }
        return await result.value
    }
}

/// A value that a story leaves behind.
actor Kept<Value: Sendable> {
    private(set) var value: Value

    init(_ value: Value) { self.value = value }

    /// Leaves that value behind.
    func set(_ value: Value) { self.value = value }
}

extension Stage {
    /// Returns when that path of the channels' host got `count` messages.
    func untilTold(at path: String, _ count: Int) async {
        var seen = 0
        while !Task.isCancelled, lab.webhooks.received(at: path).count < count {
            seen = await lab.webhooks.log.entries(atLeast: seen + 1).count
        }
    }
}
