import Interruption
import Testing

@testable import Picture

struct DrainPictureTests {
    private static let log = [
        #"{"time":"2026-11-21T15:00:00Z","level":"notice","message":"interruption-handler starts"}"#,
        #"{"message":"notice seen: this machine will go away","deadline":"2026-11-21T15:02:00Z","deadline.remaining":120}"#,
        #"pod/handler {"message":"drain begins","notice.kind":"reclaim","drain.strategy":"evict","drain.margin":5}"#,
        #"{"message":"node cordoned","seconds.to_cordon":0.04}"#,
        #"{"message":"pod's budget refuses","pod.uid":"1","pod.namespace":"web","pod.name":"db","pod.fate":"blocked","pod.detail":"budget <db>","pod.refused":0.2}"#,
        #"{"message":"pod left","pod.uid":"2","pod.namespace":"web","pod.name":"a","pod.fate":"evicted","pod.asked":0.1,"pod.took":1.5,"pod.grace":30}"#,
        "not ours",
        #"{"message":"deadline came closer","deadline":"2026-11-21T15:01:30Z","deadline.remaining":80}"#,
        #"{"message":"pod left after its budget was overruled","pod.uid":"1","pod.namespace":"web","pod.name":"db","pod.fate":"deleted","pod.detail":"budget <db>","pod.refused":0.2,"pod.asked":55,"pod.took":60,"pod.grace":30,"pod.escalated":true}"#,
        #"{"message":"pod stays","pod.uid":"3","pod.namespace":"kube-system","pod.name":"proxy","pod.fate":"skipped"}"#,
        #"{"message":"drain ended: the node is empty","drain.ending":"empty","deadline.remaining":29}"#,
    ]

    @Test func `a log of ours is a picture`() throws {
        let picture = try #require(DrainPicture(log: Self.log))
        #expect(picture.title == "reclaim, strategy evict")
        #expect(picture.ending == "empty")
        #expect(picture.cordoned == 0.04)
        #expect(picture.deadline == 90)
        #expect(picture.ended == 61)
        #expect(picture.rows.map(\.name) == ["web/a", "web/db"])
        #expect(picture.rows[1].refused == 0.2 && picture.rows[1].asked == 55 && picture.rows[1].isEscalated)
        #expect(picture.ownTime(of: picture.rows[1]) == 55)
    }

    @Test func `the log of a terminal is the same picture`() throws {
        let lines = [
            #"2026-11-21T15:00:00Z notice   notice seen: this machine will go away deadline=2026-11-21T15:02:00Z deadline.remaining=120.0 notice.facts={"a":"b = c"}"#,
            #"  | 2026-11-21T15:00:00Z info     drain begins drain.margin=5.0 drain.strategy=evict notice.kind=reclaim"#,
            #"2026-11-21T15:00:01Z info     pod left pod.asked=0.1 pod.detail="budget \"a=b\" c" pod.fate=evicted pod.name=a pod.namespace=web pod.took=1.5 pod.uid=2"#,
        ]
        let picture = try #require(DrainPicture(log: lines))
        #expect(picture.title == "reclaim, strategy evict" && picture.deadline == 120 && picture.margin == 5)
        #expect(picture.rows.map(\.name) == ["web/a"])
        #expect(picture.rows[0].out == 1.5 && picture.rows[0].asked == 0.1)
        #expect(picture.rows[0].detail == #"budget "a=b" c"#)
    }

    @Test func `of several drains the last is drawn`() throws {
        let picture = try #require(DrainPicture(log: Self.log + [Self.log[2]]))
        #expect(picture.rows.isEmpty && picture.ending == nil)
    }

    @Test func `a log without a drain is none`() {
        #expect(DrainPicture(log: [Self.log[0], "", "{"]) == nil)
    }

    @Test func `a report is the same picture as its log`() {
        let deadline = Deadline(
            moment: Moment(sinceOrigin: .seconds(90)), wall: WallTime(sinceEpoch: .seconds(90)), certainty: .announced)
        let report = Report(
            notice: Notice(id: NoticeID(rawValue: "spot"), kind: .reclaim, deadline: deadline, words: "w"),
            strategy: .evict,
            pods: [
                PodOutcome(
                    namespace: "web", name: "a", uid: "2", fate: .evicted, grace: .seconds(30), took: .seconds(1.5),
                    asked: .seconds(0.1)),
                PodOutcome(namespace: "kube-system", name: "proxy", uid: "3", fate: .skipped),
            ], toCordon: .milliseconds(40), toEmpty: .seconds(61), timeLeft: .seconds(29), ending: .empty)
        let picture = DrainPicture(of: report, node: "n", margin: .seconds(5))
        #expect(picture.deadline == 90 && picture.ended == 61 && picture.cordoned == 0.04)
        #expect(picture.rows.map(\.name) == ["web/a"])
        #expect(picture.rows[0].asked == 0.1 && picture.rows[0].out == 1.5)
    }

    @Test func `what a log says cannot become part of the drawing`() throws {
        let picture = try #require(DrainPicture(log: Self.log))
        let svg = DrainDrawing(picture).svg
        #expect(svg.contains("budget &lt;db&gt;"))
        #expect(!svg.contains("<db>"))
        #expect(svg.contains("deadline 90 s") && svg.contains("cordon 0 s"))
        #expect(svg.hasPrefix("<svg ") && svg.hasSuffix("</svg>\n"))
    }

    @Test func `a deadline that is far away does not squeeze the drain`() {
        var picture = DrainPicture(
            title: "", ending: nil, cordoned: 0, deadline: 1800, margin: 5, ended: 2,
            rows: [
                .init(
                    name: "a", refused: nil, asked: 0.1, out: 2, grace: 30, fate: "evicted", detail: nil,
                    isEscalated: false)
            ])
        #expect(picture.end == 2.5)
        picture.deadline = 6
        #expect(picture.end == 6)
    }
}
