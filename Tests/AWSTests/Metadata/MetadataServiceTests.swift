import Interruption
import Synchronization
import TestSupport
import Testing
import Transport

@testable import AWS

extension MetadataService {
    fileprivate func text(_ path: MetadataPath) async throws -> String? {
        try await read(path).map { String(decoding: $0, as: UTF8.self) }
    }
}

/// The token rules of the metadata service, each as one exchange or two.
struct MetadataServiceTests {
    @Test func `a read sends a token and asks for the longest life, below the unversioned path`() async throws {
        try await world { service, ec2, _, _ async throws in
            ec2.put("i-1", at: "instance-id")
            #expect(try await service.text(.instanceID) == "i-1")
            #expect(try await service.text(.rebalance) == nil)
            #expect(
                ec2.exchanges.map(\.url) == [
                    "http://169.254.169.254/latest/api/token", "http://169.254.169.254/latest/meta-data/instance-id",
                    "http://169.254.169.254/latest/meta-data/events/recommendations/rebalance",
                ])
            #expect(ec2.exchanges.map(\.token) == [nil, "token-1", "token-1"])
            #expect(ec2.exchanges[0].method == .put)
            #expect(ec2.exchanges[0].request.headers["X-aws-ec2-metadata-token-ttl-seconds"] == "21600")
        }
    }

    @Test func `no exchange may use a proxy, and each is bounded in time and bytes`() async throws {
        try await world { service, ec2, _, _ async throws in
            _ = try await service.read(.instanceID)
            #expect(ec2.exchanges.allSatisfy { !$0.request.connection.mayUseProxy })
            #expect(ec2.exchanges.allSatisfy { ($0.request.timeout ?? .seconds(99)) <= .seconds(2) })
            #expect(ec2.exchanges.allSatisfy { $0.request.bodyLimit <= 256 * 1024 })
        }
    }

    @Test func `the IPv6 endpoint works`() async throws {
        try await world(endpoint: .ipv6) { service, ec2, _, _ async throws in
            _ = try await service.read(.instanceID)
            #expect(ec2.exchanges.last?.url == "http://[fd00:ec2::254]/latest/meta-data/instance-id")
        }
    }

    @Test func `many readers share one token request`() async throws {
        try await world { service, ec2, _, _ async throws in
            ec2.fail { $0.method == .put ? .slow(.milliseconds(500)) : nil }
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<10 { group.addTask { _ = try? await service.read(.instanceID) } }
            }
            #expect(ec2.tokenRequests.count == 1)
            #expect(ec2.exchanges.count == 11)
        }
    }

    @Test func `a token that is refused is replaced once, and sent alone`() async throws {
        try await world { service, ec2, _, _ async throws in
            ec2.put("i-1", at: "instance-id")
            _ = try await service.read(.instanceID)
            ec2.forgetTokens()
            #expect(try await service.text(.instanceID) == "i-1")
            #expect(ec2.exchanges.map(\.token) == [nil, "token-1", "token-1", nil, "token-2"])
            let names = ec2.exchanges.last?.request.headers.fields.map(\.name)
            #expect(names == ["X-aws-ec2-metadata-token"])
        }
    }

    @Test func `a service that refuses its own new token is not asked in a loop`() async throws {
        try await world { service, ec2, _, _ async throws in
            ec2.fail { $0.method == .get ? .status(401) : nil }
            await #expect(throws: MetadataError.unauthorized) { try await service.read(.instanceID) }
            #expect(ec2.exchanges.count == 4)
            // From then on each try is one token and one read.
            await #expect(throws: MetadataError.unauthorized) { try await service.read(.instanceID) }
            #expect(ec2.exchanges.count == 6)
        }
    }

    @Test func `a token that ended a moment after it was given is replaced without a word`() async throws {
        try await world { service, ec2, _, _ async throws in
            let isFirst = Mutex(true)
            ec2.fail { request in
                guard request.method == .get,
                    isFirst.withLock({ first in
                        defer { first = false }; return first
                    })
                else { return nil }
                return .status(401)
            }
            _ = try await service.read(.instanceID)
        }
    }

    @Test func `a token is renewed ahead of its end`() async throws {
        try await world { service, ec2, timeline, _ async throws in
            ec2.letTokensLive(.seconds(100))
            for _ in 0..<30 {
                _ = try await service.read(.instanceID)
                try await timeline.sleep(for: .seconds(10))
            }
            #expect(ec2.tokenRequests.map { $0.moment } == [0, 90, 180, 270].map { Moment.seconds($0) })
            #expect(!ec2.exchanges(to: "instance-id").contains { $0.token == nil })
        }
    }

    @Test func `a renewal that fails leaves the old token in use`() async throws {
        try await world { service, ec2, timeline, _ async throws in
            ec2.letTokensLive(.seconds(1000))
            _ = try await service.read(.instanceID)
            ec2.fail { $0.method == .put ? .status(503) : nil }
            for _ in 0..<9 {
                try await timeline.sleep(for: .seconds(100))
                _ = try await service.read(.instanceID)
            }
            #expect(ec2.exchanges(to: "instance-id").map(\.token) == Array(repeating: "token-1", count: 10))
        }
    }

    @Test(arguments: [403, 404, 405])
    func `optional falls back when the token request is refused, with one warning`(status: Int) async throws {
        try await world { service, ec2, _, remarks async throws in
            ec2.requireTokens(false)
            ec2.put("i-1", at: "instance-id")
            ec2.fail { $0.method == .put ? .status(status) : nil }
            for _ in 0..<5 { #expect(try await service.text(.instanceID) == "i-1") }
            #expect(ec2.tokenRequests.count == 1)
            let warnings = remarks.items.filter { if case .fellBackToV1 = $0 { true } else { false } }
            #expect(warnings == [.fellBackToV1(because: "the token request is refused with status \(status)")])
        }
    }

    @Test func `optional falls back when the answer to the token request never arrives, and names the hop limit`()
        async throws
    {
        try await world { service, ec2, timeline, remarks async throws in
            ec2.requireTokens(false)
            ec2.fail { $0.method == .put ? .hang : nil }
            for _ in 0..<5 { _ = try await service.read(.instanceID) }
            #expect(ec2.tokenRequests.count == 1)
            #expect(timeline.now == .seconds(1))
            #expect(remarks.items.contains(.hopLimitSuspected(MetadataError.hopLimitAdvice)))
            #expect(MetadataError.hopLimitAdvice.contains("hostNetwork"))
        }
    }

    @Test(arguments: [400, 500, 503, 429, 418])
    func `optional does not fall back when the token request fails otherwise`(status: Int) async throws {
        try await world { service, ec2, _, _ async throws in
            ec2.requireTokens(false)
            ec2.fail { $0.method == .put ? .status(status) : nil }
            await #expect(throws: MetadataError.self) { try await service.read(.instanceID) }
            #expect(ec2.exchanges(to: "instance-id").isEmpty)
        }
    }

    @Test func `a service that hangs altogether is no reason to fall back`() async throws {
        try await world { service, ec2, _, remarks async throws in
            ec2.requireTokens(false)
            ec2.fail { _ in .hang }
            await #expect(throws: MetadataError.timedOut) { try await service.read(.instanceID) }
            ec2.fail(nil)
            _ = try await service.read(.instanceID)
            #expect(ec2.exchanges.last?.token == "token-1")
            #expect(!remarks.items.contains { if case .fellBackToV1 = $0 { true } else { false } })
        }
    }

    @Test(arguments: [FakeEC2.Fault.status(403), .status(404), .status(405), .hang])
    func `required never sends a read without a token`(fault: FakeEC2.Fault) async throws {
        try await world(.required) { service, ec2, _, _ async throws in
            ec2.requireTokens(false)
            ec2.fail { $0.method == .put ? fault : nil }
            for _ in 0..<3 { await #expect(throws: MetadataError.self) { try await service.read(.instanceID) } }
            #expect(ec2.exchanges.allSatisfy { $0.method == .put })
        }
    }

    @Test func `disabled asks for no token`() async throws {
        try await world(.disabled) { service, ec2, _, _ async throws in
            ec2.requireTokens(false)
            _ = try await service.read(.instanceID)
            #expect(ec2.exchanges.map(\.method) == [.get])
        }
    }

    @Test func `disabled says so on a service that wants tokens`() async throws {
        try await world(.disabled) { service, ec2, _, _ async throws in
            await #expect(throws: MetadataError.tokensRequired) { try await service.read(.instanceID) }
            #expect("\(MetadataError.tokensRequired)".contains("only IMDSv2"))
            #expect(ec2.tokenRequests.isEmpty)
        }
    }

    @Test func `a hop limit of 1 on a service that wants tokens is named as the cause`() async throws {
        try await world { service, ec2, _, remarks async throws in
            ec2.fail { $0.method == .put ? .hang : nil }
            for _ in 0..<3 {
                await #expect(throws: MetadataError.tokenUnanswered) { try await service.read(.instanceID) }
            }
            #expect(ec2.exchanges(to: "instance-id").count == 1)
            #expect(remarks.items.filter { $0 == .hopLimitSuspected(MetadataError.hopLimitAdvice) }.count == 1)
        }
    }

    @Test func `a service that changes to tokens only is followed at once`() async throws {
        try await world { service, ec2, _, remarks async throws in
            ec2.put("i-1", at: "instance-id")
            ec2.requireTokens(false)
            ec2.fail { $0.method == .put ? .status(403) : nil }
            _ = try await service.read(.instanceID)
            ec2.fail(nil)
            ec2.requireTokens(true)
            #expect(try await service.text(.instanceID) == "i-1")
            #expect(ec2.exchanges.last?.token == "token-1")
        }
    }

    @Test func `IMDSv2 is used again when it answers again, and that is told`() async throws {
        try await world { service, ec2, timeline, remarks async throws in
            ec2.requireTokens(false)
            ec2.fail { $0.method == .put ? .status(403) : nil }
            _ = try await service.read(.instanceID)
            ec2.fail(nil)
            for _ in 0..<40 {
                try await timeline.sleep(for: .seconds(1))
                _ = try await service.read(.instanceID)
            }
            #expect(ec2.tokenRequests.map(\.moment) == [.seconds(0), .seconds(30)])
            #expect(ec2.exchanges.last?.token == "token-1")
            #expect(remarks.items.contains(.returnedToV2))
        }
    }

    @Test(arguments: ["", "<html>sign in</html>", "two words", "line\r\nbreak", "\u{1}"])
    func `what is no token is not sent back`(text: String) async throws {
        try await world { service, ec2, _, _ async throws in
            ec2.fail { $0.method == .put ? .answer(HTTPResponse(status: 200, body: Array(text.utf8))) : nil }
            await #expect(throws: MetadataError.unexpected("a token that is none")) {
                try await service.read(.instanceID)
            }
            #expect(ec2.exchanges.count == 1)
        }
    }

    @Test(arguments: [
        (FakeEC2.Fault.status(400), MetadataError.unexpected("status 400")), (.status(403), .forbidden),
        (.status(500), .unavailable(status: 500)), (.status(503), .unavailable(status: 503)),
        (.status(429), .unavailable(status: 429)), (.status(302), .unexpected("status 302")), (.hang, .timedOut),
        (.hangConnecting, .unreachable("no connection in time")), (.refuse, .unreachable("Connection refused")),
        (.lose, .unreachable("Connection reset by peer")), (.oversized, .unexpected("answers more than 262144 bytes")),
        (.slow(.seconds(3)), .timedOut),
    ])
    func `each failure of a read has its own name`(fault: FakeEC2.Fault, expected: MetadataError) async throws {
        try await world { service, ec2, _, _ async throws in
            ec2.fail { $0.method == .get ? fault : nil }
            await #expect(throws: expected) { try await service.read(.instanceID) }
        }
    }

    @Test func `a read that hangs holds up the others for a moment only`() async throws {
        try await world { service, ec2, timeline, _ async throws in
            _ = try await service.read(.instanceID)
            ec2.fail { $0.path == "instance-type" ? .hang : nil }
            try await withThrowingTaskGroup { group in
                group.addTask { _ = try? await service.read(.instanceType) }
                group.addTask {
                    try await timeline.sleep(for: .milliseconds(10))
                    _ = try await service.read(.instanceID)
                    #expect(timeline.now <= .seconds(0.25))
                }
                try await group.waitForAll()
            }
        }
    }

    @Test func `reads that overlap take turns, so that one connection serves`() async throws {
        try await world { service, ec2, _, _ async throws in
            ec2.fail { _ in .slow(.milliseconds(5)) }
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<5 { group.addTask { _ = try? await service.read(.instanceID) } }
            }
            #expect(ec2.mostUnderway == 1)
        }
    }

    @Test func `a reader who is cancelled is told so, and the next one is served`() async throws {
        try await world { service, ec2, timeline, _ async throws in
            ec2.fail { $0.method == .put ? .slow(.milliseconds(800)) : nil }
            await withTaskGroup(of: Void.self) { group in
                group.addTask {
                    await #expect(throws: MetadataError.cancelled) { try await service.read(.instanceID) }
                }
                try? await timeline.sleep(for: .milliseconds(100))
                group.cancelAll()
            }
            #expect(try await service.text(.instanceID) == nil)
        }
    }

    private func world(
        _ mode: TokenMode = .optional, endpoint: MetadataEndpoint = .ipv4,
        _ body: @escaping @Sendable (MetadataService, FakeEC2, ManualTimeline, Shelf<AWSRemark>) async throws -> Void
    ) async throws {
        try await VirtualTime.run { timeline in
            let ec2 = FakeEC2(timeline)
            let remarks = Shelf<AWSRemark>()
            let service = MetadataService(
                endpoint: endpoint, mode: mode, patience: .polling(every: .seconds(1)), transport: ec2,
                timeline: timeline,
                clock: WorldClock(anchor: ec2.anchor) { remarks.add($0) }, remark: { remarks.add($0) })
            try await body(service, ec2, timeline, remarks)
        }
    }
}
