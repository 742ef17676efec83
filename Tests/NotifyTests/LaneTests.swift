import Interruption
import Synchronization
import TestSupport
import Testing
import Transport

@testable import Notify

/// The lane in virtual time: whatever one channel does, the others get their messages at once.
@Suite struct LaneTests {
    /// What happened, with the moment.
    final class Log: Sendable {
        private let entries = Mutex<[(at: Moment, remark: ChannelRemark)]>([])
        private let timeline: ManualTimeline

        init(_ timeline: ManualTimeline) {
            self.timeline = timeline
        }

        var remarks: [ChannelRemark] { entries.withLock { $0.map(\.remark) } }

        @Sendable func note(_ remark: ChannelRemark) {
            let now = timeline.now
            entries.withLock { $0.append((now, remark)) }
        }

        func moment(of channel: String) -> Duration? {
            entries.withLock { $0.first { $0.remark.channel == channel }?.at.sinceOrigin }
        }

        func outcomes(of channel: String) -> [String] {
            remarks.filter { $0.channel == channel }.map(\.outcome.word)
        }
    }

    /// No jitter, so that moments can be compared.
    struct NoJitter: RandomNumberGenerator, Sendable {
        mutating func next() -> UInt64 { 0 }
    }

    private static let discord = DiscordChannel(address: .good("https://discord.example/api/webhooks/1/d"))
    private static let slack = SlackChannel(address: .good("https://slack.example/services/s"))
    private static let weCom = WeComChannel(address: .good("https://wecom.example/cgi-bin/webhook/send?key=abcdef"))

    /// Runs a lane over these channels while `story` runs, then cancels it.
    private func lane(
        _ channels: [any Channel] = [slack, discord],
        bounds: LaneBounds = LaneBounds(),
        mail: @escaping @Sendable (MailMessage) async -> TransportError? = { _ in nil },
        answering: @escaping @Sendable (HTTPRequest, ManualTimeline) async -> ScriptedTransport.Answer,
        story: @escaping @Sendable (NotificationLane, ManualTimeline, Log) async throws -> Void
    ) async throws -> Log {
        try await VirtualTime.run { timeline in
            let log = Log(timeline)
            let web = ScriptedTransport { await answering($0, timeline) }
            let lane = NotificationLane(
                channels: channels, carriers: Carriers(web: web, mail: ScriptedMail(mail)), timeline: timeline,
                bounds: bounds,
                generator: NoJitter(), remark: log.note)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { await lane.run() }
                try await story(lane, timeline, log)
                group.cancelAll()
            }
            return log
        }
    }

    private static func hang(_ timeline: ManualTimeline) async -> ScriptedTransport.Answer {
        try? await timeline.sleep(for: .seconds(3600))
        return .failure(.cancelled)
    }

    /// What the other channels get, whatever Slack's does.
    private static func good(_ request: HTTPRequest) -> ScriptedTransport.Answer {
        .success(HTTPResponse(status: 204))
    }

    private static func at(_ seconds: Double) -> Moment { Moment(sinceOrigin: .milliseconds(Int(seconds * 1000))) }

    @Test func `both messages reach every channel, in their order`() async throws {
        let log = try await lane { request, _ in
            request.origin.contains("slack") ? .success(.text("ok")) : Self.good(request)
        } story: { lane, _, _ in
            lane.post(Fixtures.seen)
            lane.post(Fixtures.outcome)
            await lane.finish(by: Self.at(60))
        }
        for channel in ["slack", "discord"] {
            let remarks = log.remarks.filter { $0.channel == channel }
            #expect(remarks.map(\.message) == [.seen, .outcome])
            #expect(
                remarks.allSatisfy {
                    $0.outcome.word == "delivered" && $0.tries == 1 && $0.notice == Fixtures.notice.id
                })
        }
    }

    @Test(arguments: [
        ("hang", "gave-up"), ("refuse", "refused"), ("limit", "delivered"), ("500", "gave-up"), ("page", "refused"),
        ("tls", "refused"), ("dns", "gave-up"), ("reset", "gave-up"), ("flood", "refused"),
    ])
    func `whatever one channel does, the others have their message at once`(fault: String, end: String) async throws {
        let asked = Counter()
        let log = try await lane { request, timeline in
            guard request.origin.contains("slack") else { return Self.good(request) }
            let count = asked.next()
            switch fault {
            case "hang": return await Self.hang(timeline)
            case "refuse": return .success(.text("no_service", status: 404))
            case "limit":
                return .success(count == 1 ? .text("", status: 429, headers: ["Retry-After": "9"]) : .text("ok"))
            case "500": return .success(.text("", status: 500))
            case "page": return .success(.text("<html>sign in</html>"))
            case "tls": return .failure(.untrusted(detail: "certificate has expired"))
            case "dns": return .failure(.unresolved(host: "slack.example"))
            case "reset": return .failure(.connectionLost(detail: "reset"))
            default: return .failure(.bodyTooLarge(limit: 65_536))
            }
        } story: { lane, _, _ in
            lane.post(Fixtures.seen)
            await lane.finish(by: Self.at(600))
        }
        #expect(log.moment(of: "discord") == .zero)
        #expect(log.outcomes(of: "discord") == ["delivered"])
        #expect(log.outcomes(of: "slack") == [end])
    }

    @Test func `a try ends after five seconds, a message after three tries with growing pauses`() async throws {
        let log = try await lane([Self.slack]) { _, timeline in
            await Self.hang(timeline)
        } story: { lane, _, _ in
            lane.post(Fixtures.seen)
            await lane.finish(by: Self.at(600))
        }
        #expect(log.remarks.first?.tries == 3)
        #expect(log.remarks.first?.outcome == .gaveUp("no answer within 5 s"))
        // Three tries of 5.1 s, pauses of 0.5 s and 1 s.
        #expect(log.moment(of: "slack") == .milliseconds(16_800))
    }

    @Test func `Retry-After is obeyed to the second`() async throws {
        let count = Counter()
        let log = try await lane([Self.slack]) { _, _ in
            .success(count.next() == 1 ? .text("", status: 429, headers: ["Retry-After": "60"]) : .text("ok"))
        } story: { lane, _, _ in
            lane.post(Fixtures.seen)
            await lane.finish(by: Self.at(600))
        }
        #expect(log.moment(of: "slack") == .seconds(60))
        #expect(log.remarks.first?.tries == 2)
    }

    @Test func `who asks us to wait longer than the bound is given up`() async throws {
        let log = try await lane([Self.slack]) { _, _ in
            .success(.text("", status: 429, headers: ["Retry-After": "3600"]))
        } story: { lane, _, _ in
            lane.post(Fixtures.seen)
            await lane.finish(by: Self.at(600))
        }
        #expect(log.outcomes(of: "slack") == ["gave-up"])
        #expect(log.remarks.first?.outcome.words.contains("asks us to wait 1 h") == true)
        #expect(log.moment(of: "slack") == .zero)
    }

    @Test func `an error inside HTTP 200 is no success`() async throws {
        let log = try await lane([Self.weCom]) { _, _ in
            .success(.text(#"{"errcode":93000,"errmsg":"invalid webhook url"}"#))
        } story: { lane, _, _ in
            lane.post(Fixtures.seen)
            await lane.finish(by: Self.at(600))
        }
        #expect(log.outcomes(of: "wechat") == ["refused"])
    }

    @Test func `no try is made behind the expiry, and the drop is said`() async throws {
        let log = try await lane([Self.slack]) { _, timeline in
            await Self.hang(timeline)
        } story: { lane, _, _ in
            lane.post(Fixtures.notification(.seen(Fixtures.plan, timeLeft: .seconds(8)), expiry: Self.at(8)))
            await lane.finish(by: Self.at(600))
        }
        #expect(log.outcomes(of: "slack") == ["expired"])
        #expect(log.remarks.first?.outcome.isDrop == true)
        #expect(try #require(log.moment(of: "slack")) < .seconds(9))
    }

    @Test func `a message that waited too long behind another is dropped untried`() async throws {
        let log = try await lane([Self.slack]) { _, timeline in
            await Self.hang(timeline)
        } story: { lane, _, _ in
            lane.post(Fixtures.seen)
            lane.post(Fixtures.notification(.seen(Fixtures.plan, timeLeft: .seconds(8)), expiry: Self.at(8)))
            await lane.finish(by: Self.at(600))
        }
        #expect(log.remarks.map(\.outcome.word) == ["gave-up", "expired"])
        #expect(log.remarks.last?.tries == 0)
    }

    @Test func `a full mailbox drops its oldest message and says so, the last ones arrive`() async throws {
        let log = try await lane([Self.slack], bounds: LaneBounds(queue: 2)) { _, timeline in
            try? await timeline.sleep(for: .seconds(1))
            return .success(.text("ok"))
        } story: { lane, timeline, log in
            lane.post(Fixtures.test)
            await timeline.sleepers(atLeast: 2)  // the try's bound and the transport: the first message is in hand
            lane.post(Fixtures.seen)
            lane.post(Fixtures.outcome)
            lane.post(Fixtures.withdrawn)
            #expect(log.remarks.map(\.message) == [.seen])
            #expect(log.remarks.map(\.outcome) == [.crowdedOut])
            await lane.finish(by: Self.at(600))
        }
        #expect(log.remarks.dropFirst().map(\.message) == [.test, .outcome, .withdrawn])
        #expect(log.remarks.dropFirst().allSatisfy { $0.outcome == .delivered("HTTP 200 ok") })
    }

    @Test func `finish waits no longer than it may, and what is open is dropped and said`() async throws {
        let log = try await lane([Self.slack]) { _, timeline in
            await Self.hang(timeline)
        } story: { lane, timeline, log in
            lane.post(Fixtures.seen)
            lane.post(Fixtures.outcome)
            await lane.finish(by: Self.at(2))
            #expect(timeline.now == Self.at(2))
            #expect(log.remarks.isEmpty)
        }
        #expect(log.remarks.map(\.message) == [.seen, .outcome])
        #expect(log.remarks.map(\.outcome) == [.stopped, .stopped])
    }

    @Test func `finish returns at once when nothing is open`() async throws {
        _ = try await lane { request, _ in
            Self.good(request)
        } story: { lane, timeline, _ in
            await lane.finish(by: Self.at(600))
            #expect(timeline.now == Self.at(0))
        }
    }

    @Test func `what is posted before the lane runs waits for it, what is posted behind its end is said`() async throws
    {
        try await VirtualTime.run { timeline in
            let log = Log(timeline)
            let lane = NotificationLane(
                channels: [Self.discord],
                carriers: Carriers(web: ScriptedTransport { Self.good($0) }, mail: ScriptedMail()), timeline: timeline,
                remark: log.note)
            lane.post(Fixtures.seen)
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await lane.run() }
                await lane.finish(by: Self.at(60))
                group.cancelAll()
            }
            lane.post(Fixtures.outcome)
            #expect(log.remarks.map(\.outcome.word) == ["delivered", "stopped"])
        }
    }

    @Test func `mail has tries and bounds like the others`() async throws {
        let mail = MailChannel(
            server: MailServer(url: Secret("smtp://mail:587"), name: "mail:587", isPlain: false), credentials: nil,
            sender: "a@b", recipients: ["c@d"])
        let count = Counter()
        let log = try await lane([mail, Self.discord]) { _ in
            count.next() == 1 ? .mailRefused(code: 451) : nil
        } answering: { request, _ in
            Self.good(request)
        } story: { lane, _, _ in
            lane.post(Fixtures.seen)
            await lane.finish(by: Self.at(600))
        }
        #expect(log.outcomes(of: "mail") == ["delivered"])
        #expect(log.remarks.first { $0.channel == "mail" }?.tries == 2)
        #expect(log.moment(of: "discord") == .zero)
    }
}

/// A counter that scripts share.
final class Counter: Sendable {
    private let count = Mutex(0)

    /// How often it was asked, this time included.
    func next() -> Int {
        count.withLock {
            $0 += 1
            return $0
        }
    }
}
