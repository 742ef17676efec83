import Simulators
import Testing

/// Orders given to a running lab.
struct ControlTests {
    private func order(
        _ lab: Lab, _ method: String, _ path: String, _ query: [(String, String)] = [], body: String = ""
    )
        async -> LabResponse
    {
        await ControlService(lab).respond(
            to: LabRequest(
                method: method, path: path, query: query.map { (name: $0.0, value: $0.1) }, body: Array(body.utf8)))
    }

    private func status(_ lab: Lab, _ path: String) async -> Int? {
        guard let port = lab.servers[.metadata]?.port else { return nil }
        // Nil is no status that a test expects, so that a failed request fails the test.
        return try? await LabClient(port: port).send("GET", "/latest/meta-data/\(path)").status
    }

    @Test(arguments: [
        ("spot", "spot/instance-action"), ("rebalance", "events/recommendations/rebalance"),
        ("scale-in", "autoscaling/target-lifecycle-state"),
    ])
    func `a notice can be given and is served`(notice: String, path: String) async throws {
        try await withLab(LabConfiguration(access: .v1AndV2)) { lab async throws in
            #expect(await status(lab, path) == 404)
            #expect(await order(lab, "POST", "/notice/\(notice)").status == 200)
            #expect(await status(lab, path) == 200)
        }
    }

    @Test func `all notices can be withdrawn`() async throws {
        try await withLab { lab async throws in
            for notice in ["spot", "rebalance", "maintenance", "scale-in"] {
                _ = await order(lab, "POST", "/notice/\(notice)")
            }
            #expect(await order(lab, "POST", "/withdraw/all").status == 200)
            let state = lab.metadata.currentState
            #expect(state.spot == nil && state.rebalance == nil && state.maintenance.isEmpty)
            #expect(state.targetLifecycleState == nil)
            #expect(lab.aws.autoScaling.instance(lab.configuration.instance.id)?.instance.lifecycleState == "InService")
        }
    }

    @Test func `a spot notice has the action and the time that were asked for`() async throws {
        let clock = ManualWallClock()
        try await withLab(LabConfiguration(clock: clock)) { lab async throws in
            _ = await order(lab, "POST", "/notice/spot", [("action", "stop"), ("in", "90s")])
            #expect(lab.metadata.currentState.spot?.action == "stop")
            #expect(lab.metadata.currentState.spot?.time == clock.now.advanced(by: .seconds(90)))
        }
    }

    @Test func `scale-in starts the hook of the group`() async throws {
        try await withLab { lab async throws in
            _ = await order(lab, "POST", "/notice/scale-in")
            let instance = lab.aws.autoScaling.instance(lab.configuration.instance.id)?.instance
            #expect(instance?.waiting.map(\.hookName) == ["lab-drain"])
            #expect(lab.metadata.currentState.targetLifecycleState == "Terminated")
        }
    }

    @Test func `a fault can be ordered and cleared`() async throws {
        try await withLab(LabConfiguration(access: .v1AndV2)) { lab async throws in
            _ = await order(lab, "POST", "/faults/metadata", [("fault", "status:503"), ("path", "/latest/*")])
            #expect(await status(lab, "instance-id") == 503)
            _ = await order(lab, "POST", "/faults/metadata/clear")
            #expect(await status(lab, "instance-id") == 200)
        }
    }

    @Test func `a server can be sent away and called back`() async throws {
        try await withLab { lab async throws in
            _ = await order(lab, "POST", "/servers/webhooks/away")
            #expect(lab.servers[.webhooks]?.isAway == true)
            _ = await order(lab, "POST", "/servers/webhooks/back")
            #expect(lab.servers[.webhooks]?.isAway == false)
        }
    }

    @Test func `the metadata can be given other documents and other access`() async throws {
        try await withLab { lab async throws in
            _ = await order(lab, "POST", "/metadata/set", [("path", "meta-data/spot/instance-action")], body: "junk")
            _ = await order(lab, "POST", "/metadata/access", [("tokens", "optional")])
            #expect(lab.metadata.currentState.overrides["meta-data/spot/instance-action"] == "junk")
            #expect(await status(lab, "spot/instance-action") == 200)
        }
    }

    @Test(arguments: [
        ("/notice/earthquake", []), ("/notice/spot", [("in", "soon")]), ("/notice/spot", [("action", "explode")]),
        ("/withdraw/nothing", []), ("/faults/moon", [("fault", "hang")]), ("/faults/metadata", [("fault", "explode")]),
        ("/faults/metadata", [("fault", "hang"), ("times", "-1")]), ("/servers/kubernetes/away", []),
        ("/servers/aws/dance", []), ("/metadata/access", [("tokens", "maybe")]),
    ])
    func `an order that makes no sense is refused with a reason`(path: String, query: [(String, String)]) async throws {
        try await withLab { lab async throws in
            let answer = await order(lab, "POST", path, query)
            #expect(answer.status == 400)
            #expect(answer.text?.isEmpty == false)
        }
    }

    @Test(arguments: ["/state", "/webhooks", "/calls", "/requests"])
    func `reports are JSON`(path: String) async throws {
        try await withLab { lab async throws in
            let answer = await order(lab, "GET", path)
            #expect(answer.status == 200)
            #expect(JSONValue(Array((answer.text ?? "").utf8)) != nil)
        }
    }

    @Test func `the manual tells of every order`() async throws {
        try await withLab { lab async throws in
            let text = await order(lab, "GET", "/").text ?? ""
            for word in ["/notice/spot", "/withdraw/", "/faults/", "/servers/", "/state"] {
                #expect(text.contains(word))
            }
        }
    }

    @Test func `the environment leads to servers that answer`() async throws {
        try await withLab(LabConfiguration(access: .v1AndV2, kubernetes: echo)) { lab async throws in
            let variables = Dictionary(
                uniqueKeysWithValues: lab.environment(kubeconfig: "/tmp/k").map { ($0.name, $0.value) })
            #expect(variables["NODE_NAME"] == lab.configuration.nodeName)
            #expect(variables["KUBECONFIG"] == "/tmp/k")
            #expect(variables["AWS_EC2_METADATA_SERVICE_ENDPOINT"] == lab.address(of: .metadata))
            #expect(variables["SLACK_URL"]?.hasPrefix(lab.address(of: .webhooks) ?? "none") == true)
        }
    }

    @Test func `the kubeconfig's server speaks HTTP/2 under the lab's authority`() async throws {
        try await withLab(LabConfiguration(kubernetes: echo)) { lab async throws in
            let port = try #require(lab.servers[.kubernetes]?.port)
            #expect(lab.kubeconfig?.contains("server: https://127.0.0.1:\(port)\n") == true)
            try await HTTP2Connection.with(port: port, trusting: lab.certificates) { connection async throws in
                #expect(try await connection.send("GET", "/version")?.status == 200)
            }
        }
    }

    @Test func `a lab whose port is taken does not start, and leaves nothing running`() async throws {
        try await withServer(echo) { _, port async throws in
            _ = await #expect(throws: (any Error).self) {
                try await Lab.start(LabConfiguration(ports: [.webhooks: port]))
            }
        }
    }
}
