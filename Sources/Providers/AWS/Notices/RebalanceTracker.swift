import FoundationEssentials
import Interruption

/// What stands of `events/recommendations/rebalance`. Advice stays in the metadata for ever, so it ends by its age, counted from its own
/// time: a restart does not bring it back.
///
/// Source: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/rebalance-recommendations.html
struct RebalanceTracker: Sendable {
    /// Advice is new when its time is this much later than that of the advice which ended; on some machines the time moves at each read.
    static let newness = Duration.seconds(60)
    /// Advice leaves at least this much time, however old it is when it is first seen.
    static let leastTime = Duration.seconds(120)

    private struct Standing {
        var notice: Notice
        var since: WallTime
    }

    private struct Document: Decodable {
        var noticeTime: String
    }

    private let assumed: AssumedNotices
    private let expiry: Duration
    private var standing: Standing?
    private var absences = 0
    /// The time of the advice that ended by its age, as last read.
    private var ended: WallTime?
    private var lastUnreadable: [UInt8]?
    /// The last advice, because the same one is read for hours.
    private var decoded: (body: [UInt8], time: WallTime?)?

    init(assumed: AssumedNotices, expiry: Duration) {
        self.assumed = assumed
        self.expiry = expiry
    }

    /// Whether advice stands.
    var stands: Bool { standing != nil }

    /// The path answered at `now`.
    mutating func read(_ body: [UInt8]?, at now: Moment, by anchor: WallClockAnchor, id: NoticeID) -> Finding {
        guard let body else { return absent() }
        guard !body.isNoMetadata else {
            return Finding(
                fault: "events/recommendations/rebalance answers 200 with a body that is not the metadata service's")
        }
        absences = 0
        let today = anchor.wall(at: now)
        let told = time(in: body)
        var remarks: [AWSRemark] = []
        if told == nil, lastUnreadable != body {
            lastUnreadable = body
            remarks = [
                .unreadable(
                    source: AWSSource.rebalance.rawValue, because: "the advice cannot be read; it counts from now")
            ]
        }
        if let standing {
            guard standing.since.duration(to: today) >= expiry else {
                return Finding(reports: [.notice(standing.notice)], remarks: remarks)
            }
            self.standing = nil
            ended = told ?? today
            let words = "no interruption followed the advice in time"
            return Finding(reports: [.withdrawn(standing.notice.id, because: words)], remarks: remarks)
        }
        return Finding(reports: arrival(told, today: today, at: now, id: id), remarks: remarks)
    }

    /// The advice's own time. What does not decode is advice all the same: 404 is how the service says that there is none.
    private mutating func time(in body: [UInt8]) -> WallTime? {
        if let decoded, decoded.body == body { return decoded.time }
        let document = try? JSONDecoder().decode(Document.self, from: Data(body))
        let time = document.flatMap { WallTime(rfc3339: $0.noticeTime) }
        decoded = (body, time)
        return time
    }

    private mutating func arrival(_ told: WallTime?, today: WallTime, at now: Moment, id: NoticeID) -> [SourceReport] {
        if let ended {
            let time = told ?? ended
            self.ended = max(ended, time)
            guard ended.duration(to: time) > RebalanceTracker.newness else { return [] }
            self.ended = nil
        }
        let since = min(told ?? today, today)
        let age = since.duration(to: today)
        guard age < expiry else {
            ended = told ?? today
            return []
        }
        let left = max(assumed.rebalance - age, RebalanceTracker.leastTime)
        let deadline = Deadline(moment: now.advanced(by: left), wall: today.advanced(by: left), certainty: .assumed)
        let notice = Notice(
            id: id, kind: .rebalance, deadline: deadline, words: "rebalance recommendation",
            facts: told.map { ["noticeTime": $0.rfc3339] } ?? [:])
        standing = Standing(notice: notice, since: since)
        return [.notice(notice)]
    }

    private mutating func absent() -> Finding {
        absences += 1
        guard absences >= 2 else { return Finding() }
        ended = nil
        guard let notice = standing?.notice else { return Finding() }
        standing = nil
        return Finding(reports: [.withdrawn(notice.id, because: "the advice is gone from the metadata service")])
    }
}
