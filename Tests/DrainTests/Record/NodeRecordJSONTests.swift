import Interruption
import JSON
import Testing

@testable import Drain

struct NodeRecordJSONTests {
    static func record(_ count: Int = 2) -> NodeRecord {
        NodeRecord(
            notices: (0..<count).map { index in
                NodeRecord.Entry(
                    id: NoticeID(rawValue: "notice-\(index)"), kind: index % 2 == 0 ? .reclaim : .scaleIn,
                    words: "spot \"terminate\"\n", strategy: .cordonOnly, deadline: anchor.wall,
                    certainty: .announced, since: anchor.wall, returns: true, hasHook: index == 1,
                    ending: index == 0 ? .deadlineReached : nil)
            }, cordonedByUs: true, taints: ["a/b=c:NoSchedule"], labels: ["x": "y"], conditions: ["Drained"],
            bootID: "b71c1f57-0b1e-4d2c-8f7e-2b5d8a5c0f11")
    }

    @Test func `what is written is read again`() {
        #expect(NodeRecord(annotation: Self.record().annotation) == Self.record())
    }

    @Test func `the text is the documented one`() {
        let record = NodeRecord(
            notices: [
                NodeRecord.Entry(
                    id: NoticeID(rawValue: "i"), kind: .reclaim, words: "w", strategy: .evict,
                    deadline: WallTime(sinceEpoch: .seconds(0)), certainty: .announced,
                    since: WallTime(sinceEpoch: .seconds(0)))
            ], cordonedByUs: true, bootID: "b")
        #expect(
            record.annotation
                == #"{"version":1,"notices":[{"id":"i","kind":"reclaim","words":"w","strategy":"evict","#
                + #""deadline":"1970-01-01T00:00:00Z","certainty":"announced","since":"1970-01-01T00:00:00Z"}],"#
                + #""cordonedByUs":true,"bootID":"b"}"#)
    }

    @Test func `what is not known is passed over`() throws {
        let text = """
            {"version":9,"future":{"a":[1]},"cordonedByUs":true,"labels":{"x":"y"},"taints":7,"notices":[
            {"id":"good","kind":"reclaim","strategy":"evict","deadline":"2026-11-21T00:00:00Z","new":1,
             "ending":"vaporised"},
            {"id":"odd","kind":"meteor","strategy":"evict","deadline":"2026-11-21T00:00:00Z"},
            "nonsense", 7, {"id":3}]}
            """
        let record = try #require(NodeRecord(annotation: text))
        #expect(record.cordonedByUs)
        #expect(record.labels == ["x": "y"])
        #expect(record.taints.isEmpty)
        #expect(record.notices.map(\.id.rawValue) == ["good"])
        #expect(record.notices.first?.ending == .stopped)
        #expect(record.notices.first?.certainty == .assumed)
    }

    @Test(arguments: ["", "{", "null", "7", "\"x\"", "[]", "{\"version\":1", "\u{0}", "<xml/>"])
    func `what is no record is none`(text: String) {
        #expect(NodeRecord(annotation: text) == nil)
    }

    @Test func `every cut of a record is read or refused, and never a trap`() {
        let text = Self.record().annotation
        for length in 0..<text.count { _ = NodeRecord(annotation: String(text.prefix(length))) }
        #expect(NodeRecord(annotation: "{}") == NodeRecord())
    }

    @Test func `the annotation stays within 8 KiB, and the running drains in it`() throws {
        var record = Self.record(200)
        for index in record.notices.indices {
            record.notices[index].words = String(repeating: "\u{1}", count: 5000)
            record.notices[index].ending = index == 150 ? nil : .empty
        }
        let text = record.annotation
        #expect(text.utf8.count <= NodeRecord.sizeLimit)
        let kept = try #require(NodeRecord(annotation: text))
        #expect(kept.notices.contains { $0.id.rawValue == "notice-150" })
        #expect(kept.cordonedByUs)
    }

    @Test func `the annotation stays within 8 KiB though somebody else filled the one before`() throws {
        let long = String(repeating: "\u{1}", count: 1000)
        let found = NodeRecord(
            cordonedByUs: true, taints: Array(repeating: long, count: 30),
            labels: Dictionary(uniqueKeysWithValues: (0..<30).map { ("\($0)" + long, long) }),
            conditions: Array(repeating: long, count: 30), bootID: "b")
        #expect(found.annotation.utf8.count <= NodeRecord.sizeLimit)
        let kept = try #require(NodeRecord(annotation: found.annotation))
        #expect(kept.cordonedByUs)
        #expect(kept.bootID == "b")
        #expect(kept.annotation == found.annotation)
    }

    @Test func `text is escaped`() {
        let value: JSONValue = ["a\"b": .string("c\\d\n\t\u{7}é😀"), "n": .null, "b": false, "l": [1.text]]
        #expect(value.text == "{\"a\\\"b\":\"c\\\\d\\n\\t\\u0007é😀\",\"n\":null,\"b\":false,\"l\":[1]}")
    }
}

extension Int {
    fileprivate var text: JSONValue { .int(self) }
}
