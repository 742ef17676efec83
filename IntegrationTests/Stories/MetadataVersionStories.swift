import FoundationEssentials
import Simulators
import Testing

/// Which version of the metadata service is spoken, by the real binary.
@Suite(.timeLimit(.minutes(10))) struct `The metadata service's versions` {
    private static let degraded = "metadata source does not answer as it should"
    private static let fellBack = "metadata service answers IMDSv1 only"

    @Test(arguments: [("required", MetadataAccess.v2Only), ("optional", .v2Only), ("optional", .v1AndV2)])
    func `are never used without a token while version 2 answers`(tokens: String, access: MetadataAccess) async throws {
        try await Stage.play(changing: { $0.access = access }) { stage in
            let outcome = try await stage.handler(Stage.quick + ["--metadata-tokens", tokens]) { _ in
                await stage.untilListening()
                // A token that ended is no reason either.
                stage.lab.metadata.expireTokens()
                await stage.untilAsked(20)
                await stage.playSpotNotice()
            }
            #expect(stage.podNames.isEmpty)
            #expect(stage.metadataReads.count > 20)
            #expect(stage.metadataReads.allSatisfy { $0.hasToken })
            #expect(stage.lab.metadata.issuedTokenCount >= 2)
            #expect(!outcome.lines.contains { $0.contains(Self.fellBack) || $0.contains(Self.degraded) })
        }
    }

    @Test func `are told apart when tokens are disabled and version 2 is required`() async throws {
        try await Stage.play { stage in
            let outcome = try await stage.handler(Stage.quick + ["--metadata-tokens", "disabled"]) { handler in
                let line = await handler.line {
                    $0.contains(Self.degraded) && $0.contains("accepts only IMDSv2, and tokens are disabled")
                }
                #expect(line != nil)
                await stage.untilAsked(20)
                stage.lab.metadata.update { $0.access = .v1AndV2 }
                await stage.playSpotNotice()
                handler.send(.terminate)
                await handler.untilEnded()
            }
            #expect(outcome.end == .exited(0))
            #expect(stage.tokenRequests.isEmpty)
            #expect(stage.podNames.isEmpty)
        }
    }

    @Test func `fall back to version 1 with one warning where that is allowed`() async throws {
        try await Stage.play(changing: { $0.access = .v1Only }) { stage in
            let outcome = try await stage.handler(Stage.quick) { _ in
                await stage.untilListening()
                await stage.untilAsked(20)
                await stage.playSpotNotice()
            }
            let warnings = HandlerLog(lines: outcome.lines).lines(with: Self.fellBack)
            #expect(warnings.count == 1)
            #expect(warnings.first?.contains("--metadata-tokens required") == true)
            #expect(stage.podNames.isEmpty)
        }
    }

    @Test func `never fall back where version 2 is required`() async throws {
        try await Stage.play(changing: { $0.access = .v1Only }) { stage in
            try await stage.handler(Stage.quick + ["--metadata-tokens", "required"]) { handler in
                _ = await handler.line(containing: "refuses an IMDSv2 token with status 404")
                await stage.untilAsked(10)
                #expect(stage.metadataReads.isEmpty)
                stage.lab.metadata.update { $0.access = .v2Only }
                await stage.playSpotNotice()
            }
            #expect(stage.metadataReads.allSatisfy { $0.hasToken })
            #expect(stage.podNames.isEmpty)
        }
    }

    @Test func `may change from 1 to 2 while the handler runs`() async throws {
        try await Stage.play(changing: { $0.access = .v1Only }) { stage in
            let outcome = try await stage.handler(Stage.quick) { handler in
                _ = await handler.line(containing: Self.fellBack)
                await stage.untilAsked(15)
                stage.lab.metadata.update { $0.access = .v2Only }
                _ = await handler.line(containing: "metadata service answers IMDSv2 again")
                // Reads that were on their way when the word came may still be the old ones.
                await stage.untilAsked(6)
                let before = stage.metadataReads.count
                await stage.playSpotNotice()
                #expect(stage.metadataReads.dropFirst(before).allSatisfy { $0.hasToken })
                handler.send(.terminate)
                await handler.untilEnded()
            }
            #expect(outcome.end == .exited(0))
            #expect(stage.podNames.isEmpty)
            #expect(HandlerLog(lines: outcome.lines).lines(with: Self.degraded).isEmpty)
        }
    }

    @Test func `are asked for directly where the hop limit swallows the token`() async throws {
        let access = MetadataAccess(tokens: .required, isBeyondHopLimit: true)
        try await Stage.play(changing: { $0.access = access }) { stage in
            let outcome = try await stage.handler(Stage.quick) { handler in
                let line = await handler.line(containing: "token never arrives")
                #expect(line?.contains("hop limit is 1") == true)
                #expect(line?.contains("hostNetwork: true") == true)
                await stage.untilAsked(6)
                stage.lab.metadata.update { $0.access = .v2Only }
                await stage.playSpotNotice()
                handler.send(.terminate)
                await handler.untilEnded()
            }
            #expect(outcome.end == .exited(0))
            let told = HandlerLog(lines: outcome.lines).lines(with: #""metadata service's token never arrives""#)
            #expect(told.count == 1)
            #expect(stage.podNames.isEmpty)
        }
    }

    @Test(.enabled(if: Loopback.hasIPv6, "this machine has no IPv6 loopback address"))
    func `are spoken over IPv6`() async throws {
        try await Stage.play(changing: { $0.addresses = ["::1"] }) { stage in
            let endpoint = try #require(stage.lab.address(of: .metadata))
            #expect(endpoint.hasPrefix("http://[::1]:"))
            try await stage.handler(Stage.quick) { _ in
                await stage.untilListening()
                await stage.playSpotNotice()
            }
            #expect(stage.podNames.isEmpty)
        }
    }
}

/// What this machine's loopback interface can do.
enum Loopback {
    /// Whether `::1` is there.
    static let hasIPv6: Bool = {
        let table = try? String(contentsOfFile: "/proc/net/if_inet6", encoding: .utf8)
        return table?.contains("00000000000000000000000000000001") ?? false
    }()
}
