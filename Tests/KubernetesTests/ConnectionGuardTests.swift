import TestSupport
import Testing
import Transport

@testable import Kubernetes

@Suite struct `Guarding the connection` {
    private let clock = ManualClock()
    private let events = Box<[ConnectionGuard.Event]>([])

    /// A client whose guard runs while `body` does.
    private func guarded(
        by transport: ScriptedTransport, onEvent: @escaping @Sendable (ConnectionGuard.Event) -> Void = { _ in },
        _ body: (KubernetesClient) async throws -> Void
    ) async rethrows {
        let client = client(transport, clock: clock) { [events] event in
            events.change { $0.append(event) }
            onEvent(event)
        }
        let running = Task { await client.connectionGuard.run() }
        try await body(client)
        running.cancel()
        await running.value
    }

    private static func isProbe(_ request: HTTPRequest) -> Bool {
        request.url.reveal() == "https://api.test:6443/livez"
    }

    private static let evicted = HTTPResponse.text(#"{"kind":"Status","status":"Success"}"#, status: 201)

    @Test func `a connection that went silent is given up four seconds later, and what was in flight fails`()
        async throws
    {
        let broken = Gate()
        let transport = ScriptedTransport { request in
            if Self.isProbe(request) { return .failure(.timedOut(phase: .answering)) }
            await broken.wait()
            return .failure(.connectionLost(detail: "abandoned"))
        }
        await guarded(by: transport, onEvent: { if $0 == .abandoned { broken.open() } }) { client in
            async let outcome = Result { try await client.evict(podU, grace: nil, dryRun: false) }
            await clock.sleepers(atLeast: 1)
            clock.advance(by: .seconds(2))
            let result = await outcome
            #expect(throws: KubernetesError.unanswered(.connectionLost(detail: "abandoned"))) { try result.get() }
        }
        #expect(transport.abandonedOrigins == ["https://api.test:6443"])
        #expect(events.value == [.probed, .abandoned])
        let probe = try #require(transport.requests.last)
        #expect(probe.method == .get && probe.body == nil && probe.timeout == .seconds(2))
        #expect(probe.connection == .multiplexed && probe.headers["Authorization"] == "Bearer t")
    }

    @Test(arguments: [200, 401, 403, 500])
    func `a slow eviction on a living connection is left alone`(_ status: Int) async throws {
        let slow = Gate()
        let transport = ScriptedTransport { request in
            if Self.isProbe(request) { return .success(.text("ok", status: status)) }
            await slow.wait()
            return .success(Self.evicted)
        }
        try await guarded(by: transport) { client in
            async let eviction: Void = client.evict(podU, grace: nil, dryRun: false)
            await clock.sleepers(atLeast: 1)
            clock.advance(by: .seconds(2))
            await transport.requests(atLeast: 2)
            await clock.sleepers(atLeast: 1)
            slow.open()
            try await eviction
        }
        #expect(transport.abandonedOrigins == [])
        #expect(events.value == [.probed])
    }

    @Test func `while answers come in time nothing more is sent`() async throws {
        let transport = ScriptedTransport { _ in .success(Self.evicted) }
        try await guarded(by: transport) { client in
            for _ in 0..<250 {
                try await client.evict(podU, grace: nil, dryRun: false)
            }
        }
        #expect(transport.requests.count == 250)
        #expect(events.value == [])
    }

    @Test func `a silent watch is probed for, and noticed when the connection is dead`() async throws {
        let broken = Gate()
        let probes = Box(0)
        let transport = ScriptedTransport { request in
            if Self.isProbe(request) {
                return probes.change { count in
                    count += 1
                    return count == 1 ? .success(.text("ok")) : .failure(.timedOut(phase: .answering))
                }
            }
            await broken.wait()
            return .failure(.connectionLost(detail: "abandoned"))
        }
        await guarded(by: transport, onEvent: { if $0 == .abandoned { broken.open() } }) { client in
            async let outcome = Result { try await client.watchPods(onNode: "n", from: "1") { _ in } }
            // 5 s of silence, an answered probe, then 10 s more.
            for _ in 0..<8 {
                await clock.sleepers(atLeast: 1)
                clock.advance(by: .seconds(2))
            }
            let result = await outcome
            #expect(throws: KubernetesError.unanswered(.connectionLost(detail: "abandoned"))) { try result.get() }
        }
        #expect(events.value == [.probed, .probed, .abandoned])
    }

    @Test func `a probe that is refused gives nothing up`() async throws {
        let end = Gate()
        let transport = ScriptedTransport { request in
            if Self.isProbe(request) { return .failure(.unreachable(detail: "refused")) }
            await end.wait()
            return .success(Self.evicted)
        }
        try await guarded(by: transport) { client in
            async let eviction: Void = client.evict(podU, grace: nil, dryRun: false)
            await clock.sleepers(atLeast: 1)
            clock.advance(by: .seconds(2))
            await transport.requests(atLeast: 2)
            end.open()
            try await eviction
        }
        #expect(transport.abandonedOrigins == [])
    }

    @Test func `a guard that starts late sees what is in flight`() async throws {
        let end = Gate()
        let transport = ScriptedTransport { request in
            if Self.isProbe(request) { return .success(.text("ok")) }
            await end.wait()
            return .success(Self.evicted)
        }
        let client = client(transport, clock: clock)
        async let eviction: Void = client.evict(podU, grace: nil, dryRun: false)
        await transport.requests(atLeast: 1)
        let running = Task { await client.connectionGuard.run() }
        await clock.sleepers(atLeast: 1)
        clock.advance(by: .seconds(2))
        await transport.requests(atLeast: 2)
        end.open()
        try await eviction
        running.cancel()
        await running.value
    }
}
