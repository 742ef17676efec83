import Simulators
import Testing

/// One way in which the metadata service fails for a while.
struct MetadataTrouble: Sendable, CustomTestStringConvertible {
    /// What goes wrong, for people.
    let name: String
    /// The rule that makes it so; `nil` for a server that does not listen.
    let rule: FaultRule?
    /// What the one warning must say; `nil` where nothing is wrong.
    let words: String?

    var testDescription: String { name }

    /// Trouble with the token's request, from the start on.
    static func token(_ name: String, _ fault: Fault, says words: String) -> MetadataTrouble {
        MetadataTrouble(name: "token: \(name)", rule: FaultRule(fault, method: "PUT"), words: words)
    }

    /// Trouble with the reads, in the middle of good ones.
    static func path(_ name: String, _ fault: Fault, says words: String?) -> MetadataTrouble {
        MetadataTrouble(
            name: "path: \(name)", rule: FaultRule(fault, method: "GET", path: "/latest/meta-data/*"), words: words)
    }

    /// Whether it is there before the handler starts.
    var isFromTheStart: Bool { rule?.method == "PUT" }

    /// Whether the trouble is that an answer does not come in time.
    var isLate: Bool { words?.contains("in time") ?? false }

    /// Everything that was seen to happen.
    static let all: [MetadataTrouble] = [
        MetadataTrouble(name: "refuses connections", rule: nil, words: "cannot be reached"),
        path("hangs", .hang, says: "does not answer in time"),
        path("closes the connection", .drop, says: "cannot be reached"),
        path("one byte at a time", .slow(every: .seconds(1)), says: "does not answer in time"),
        path("400", .status(400), says: "answers unexpectedly: status 400"),
        path("401", .status(401), says: "refuses the token that it has just given"),
        path("403", .status(403), says: "switched off for this machine"),
        path("404", .status(404), says: nil),
        path("500", .status(500), says: "fails with status 500"),
        path("503", .status(503), says: "fails with status 503"),
        path("empty", .empty, says: "a body that is not the metadata service's"),
        path("10 MiB", .huge(bytes: 10 << 20), says: "answers more than 262144 bytes"),
        path("HTML", .html(200), says: "a body that is not the metadata service's"),
        token("hangs", .hang, says: "hop limit"),
        token("one byte at a time", .slow(every: .seconds(1)), says: "hop limit"),
        token("400", .status(400), says: "status 400 to the token request"),
        token("401", .status(401), says: "status 401 to the token request"),
        token("403", .status(403), says: "refuses an IMDSv2 token with status 403"),
        token("404", .status(404), says: "refuses an IMDSv2 token with status 404"),
        token("500", .status(500), says: "fails with status 500"),
        token("empty", .empty, says: "a token that is none"),
        token("10 MiB", .huge(bytes: 10 << 20), says: "answers more than 4096 bytes"),
        token("HTML", .html(200), says: "a token that is none"),
        token("wrong charset", .wrongCharset, says: "a token that is none"),
    ]
}

/// The daemon under every trouble of the metadata service, by the real binary.
@Suite(.timeLimit(.minutes(10))) struct `Trouble of the metadata service` {
    private static let degraded = "metadata source does not answer as it should"

    @Test(arguments: MetadataTrouble.all)
    func `is told once, and a notice after it is acted on`(trouble: MetadataTrouble) async throws {
        try await Stage.play { stage in
            let server = try #require(stage.lab.servers[.metadata])
            if trouble.isFromTheStart, let rule = trouble.rule { stage.lab.metadata.faults.add(rule) }
            let outcome = try await stage.handler(Stage.quick + ["--notices", "spot"]) { handler in
                if !trouble.isFromTheStart {
                    await stage.untilListening()
                    if let rule = trouble.rule { stage.lab.metadata.faults.add(rule) } else { await server.goAway() }
                }
                if trouble.words != nil { #expect(await handler.line(containing: Self.degraded) != nil) }
                if trouble.rule != nil { await stage.untilAsked(8) }
                #expect(!stage.isCordoned)
                stage.lab.metadata.faults.clear()
                if trouble.rule == nil { try await server.comeBack() }
                await stage.playSpotNotice()
                handler.send(.terminate)
                await handler.untilEnded()
            }
            let log = HandlerLog(lines: outcome.lines)
            // A machine that is busy with other tests may be late, which is told too.
            // So is a read that was under way when the server went away.
            let warnings = log.lines(with: Self.degraded).filter {
                (trouble.isLate || !$0.contains("in time")) && (trouble.rule != nil || !$0.contains("Empty reply"))
            }
            #expect(outcome.end == .exited(0))
            #expect(stage.podNames.isEmpty)
            #expect(warnings.count == (trouble.words == nil ? 0 : 1), "\(warnings)")
            if let words = trouble.words { #expect(warnings.first?.contains(words) == true, "\(warnings)") }
            #expect(log.lines(with: "metadata source answers again").count <= 2)
        }
    }

    @Test(arguments: [Duration.seconds(3600), .seconds(-3600)])
    func `of the clock's sort is corrected, and the deadline is right`(offset: Duration) async throws {
        try await Stage.play(changing: { $0.clock = MovedWallClock(offset: offset) }) { stage in
            let outcome = try await stage.handler(Stage.quick) { _ in
                await stage.untilListening()
                let texts = await stage.playSpotNotice()
                #expect(texts.first?.contains("1 min 5") == true || texts.first?.contains("2 min") == true, "\(texts)")
            }
            let log = HandlerLog(lines: outcome.lines)
            #expect(log.lines(with: "clock of this node is off").count == 1)
            #expect(stage.cluster.removals.allSatisfy { $0.way == .eviction && $0.status == 201 })
            #expect(stage.podNames.isEmpty)
        }
    }

    @Test func `that garbles the notice itself does not hide it`() async throws {
        try await Stage.play { stage in
            try await stage.handler(Stage.quick) { _ in
                await stage.untilListening()
                stage.lab.metadata.faults.add(.wrongCharset, to: "/latest/meta-data/spot/instance-action")
                stage.lab.metadata.faults.add(.wrongCharset, to: "/latest/meta-data/spot/termination-time")
                await stage.playSpotNotice()
            }
            #expect(stage.podNames.isEmpty)
        }
    }

    @Test func `with tokens that end in the middle of a drain is not even noticed`() async throws {
        var template = PodTemplate(labels: ["app": "web"])
        template.behaviour = PodBehaviour(stop: .after(.seconds(1)))
        try await Stage.play(cluster: ClusterPreset.crowded(3, time: .now, template: template)) { stage in
            let outcome = try await stage.handler(Stage.quick) { handler in
                await stage.untilListening()
                stage.lab.metadata.noticeSpot(in: .seconds(120))
                _ = await handler.line(containing: "node cordoned")
                for _ in 0..<3 {
                    stage.lab.metadata.expireTokens()
                    await stage.untilAsked(20)
                }
                _ = await stage.slackTexts(atLeast: 2)
            }
            #expect(stage.lab.metadata.issuedTokenCount >= 3)
            #expect(stage.podNames.isEmpty)
            #expect(!outcome.lines.contains { $0.contains(Self.degraded) || $0.contains("notice taken back") })
        }
    }
}
