import Simulators
import Testing

/// What AWS says, and does not say, by the real binary.
@Suite(.timeLimit(.minutes(10))) struct `What AWS says` {
    @Test func `an announcement whose time passed an hour ago is none`() async throws {
        try await Stage.play { stage in
            stage.lab.metadata.noticeSpot(in: .seconds(-3600))
            let outcome = try await stage.handler(Stage.quick) { _ in
                await stage.untilListening()
                await stage.untilAsked(40)
            }
            #expect(!stage.isCordoned)
            #expect(!outcome.lines.contains { $0.contains("notice seen") })
        }
    }

    @Test func `two silences behind a scale-in do not give the node back`() async throws {
        try await Stage.play { stage in
            let outcome = try await stage.handler(Stage.quick) { handler in
                await stage.untilListening()
                stage.lab.scaleIn()
                _ = await stage.slackTexts(atLeast: 2)
                stage.lab.metadata.update { $0.targetLifecycleState = nil }
                await stage.untilAskedForState(3)
            }
            #expect(stage.isCordoned)
            #expect(!outcome.lines.contains { $0.contains("notice taken back") })
        }
    }

    @Test func `throttling is answered by asking less`() async throws {
        let honest = try await timeOfReads { _ in }
        for fault in [Fault.status(503), .retryLater(status: 429, seconds: 1)] {
            let throttled = try await timeOfReads { $0.lab.metadata.faults.add(fault, to: "/latest/meta-data/*") }
            #expect(throttled >= honest * 1.5, "\(throttled) instead of \(honest)")
        }
        let refused = try await timeOfReads { $0.lab.metadata.faults.add(.status(401), to: "/latest/meta-data/*") }
        #expect(refused >= honest, "\(refused) instead of \(honest)")
    }

    @Test func `no permission at all is no trouble, and told once`() async throws {
        try await Stage.play { stage in
            stage.lab.aws.faults.add(.queryError(status: 403, code: "AccessDenied", message: "not allowed"))
            let outcome = try await stage.handler(Stage.quick) { handler in
                await stage.untilListening()
                stage.lab.scaleIn()
                _ = await stage.slackTexts(atLeast: 2)
                await stage.untilAsked(20)
                let port = try await Stage.statusPort(of: handler)
                let metrics = try await Stage.page("/metrics", at: port, untilStatus: 200)?.text ?? ""
                #expect(metrics.contains(#"cloud_requests_total{action="describe",outcome="failed"} 0"#))
                #expect(metrics.contains(#"cloud_requests_total{action="complete",outcome="failed"} 0"#))
            }
            let told = outcome.lines.filter { $0.contains("AccessDenied") && $0.contains(#""level":"warning""#) }
            #expect(told.count <= 1, "\(told)")
        }
    }

    @Test func `an instance that is known late is named in the messages`() async throws {
        try await Stage.play { stage in
            let end = SystemWallClock().now.advanced(by: .seconds(6))
            for path in ["instance*", "placement*"] {
                stage.lab.metadata.faults.add(FaultRule(.status(503), path: "/latest/meta-data/\(path)", until: end))
            }
            try await stage.handler(Stage.quick) { _ in
                await stage.untilListening()
                await stage.until { stage in
                    stage.lab.metadata.log.entries.contains {
                        $0.time > end && $0.request.path.hasSuffix("/instance-type")
                    }
                }
                stage.lab.metadata.noticeSpot(in: .seconds(120))
                let texts = await stage.slackTexts(atLeast: 2)
                #expect(texts.last?.contains(stage.lab.configuration.instance.id) == true, "\(texts)")
                #expect(texts.last?.contains(stage.lab.configuration.instance.type) == true, "\(texts)")
            }
        }
    }

    @Test func `settings that would be replaced silently are refused`() async throws {
        try await Stage.play { stage in
            let wrong: [(flags: [String], variables: [String: String], word: String, status: Int32)] = [
                (["--metadata-endpoint", "http://127.0.0.1:8O80"], [:], "--metadata-endpoint", 64),
                ([], ["AWS_EC2_METADATA_SERVICE_ENDPOINT": "http://[fd00:ec2::254"], "SERVICE_ENDPOINT", 78),
                (["--metrics-address", "myhost:9092"], [:], "--metrics-address", 64),
                ([], ["METRICS_ADDRESS": "", "SPOT_POD_IP": "not-an-ip"], "SPOT_POD_IP", 78),
                ([], ["AWS_PROFILE": "production"], "AWS_PROFILE", 78),
                ([], ["AWS_CONFIG_FILE": "/nowhere/config"], "AWS_CONFIG_FILE", 78),
                ([], ["AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE": "IPv5"], "ENDPOINT_MODE", 78),
            ]
            for (flags, variables, word, status) in wrong {
                let outcome = try await stage.command(["run"] + flags, variables)
                #expect(outcome.end == .exited(status), "\(word): \(outcome.lines)")
                #expect(outcome.lines.contains { $0.contains(word) }, "\(word): \(outcome.lines)")
            }
            #expect(stage.lab.metadata.log.count == 0)
        }
    }

    /// How long it takes until the metadata service was asked 24 times after the start, under that fault.
    private func timeOfReads(_ begin: @escaping @Sendable (Stage) -> Void) async throws -> Duration {
        let time = Outcome<Duration>()
        try await Stage.play { stage in
            begin(stage)
            try await stage.handler(["--poll-interval", "500ms"]) { handler in
                _ = await handler.line(containing: "checks at start are done")
                let before = stage.lab.metadata.log.count
                let entries = await stage.lab.metadata.log.entries(atLeast: before + 24)
                time.set(entries[before].time.duration(to: entries[before + 23].time))
            }
        }
        return try #require(time.value)
    }
}

extension Stage {
    /// Returns when the target lifecycle state was read `count` more times.
    func untilAskedForState(_ count: Int) async {
        let path = "/latest/meta-data/autoscaling/target-lifecycle-state"
        let before = metadataReads.count { $0.path == path }
        await until { $0.metadataReads.count { $0.path == path } >= before + count }
    }
}
