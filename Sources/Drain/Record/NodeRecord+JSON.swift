import FoundationEssentials
import Interruption
import JSON

extension NodeRecord {
    /// Most bytes that an annotation of ours may have.
    static let sizeLimit = 8192
    /// Most notices that are kept.
    static let noticeLimit = 16

    /// The record as the annotation's text. When it would be too long, the oldest notices are left out, those first
    /// whose drain ended.
    var annotation: String {
        var record = self
        while record.notices.count > Self.noticeLimit { record.dropNotice() }
        var text = record.json.text
        while text.utf8.count > Self.sizeLimit, record.dropOne() { text = record.json.text }
        return text
    }

    private mutating func dropNotice() {
        remove(notices[notices.firstIndex { $0.ending != nil } ?? 0].id)
    }

    /// Leaves one thing out; `false` when nothing is left. Marks go last, and only somebody else can have written so many of them.
    private mutating func dropOne() -> Bool {
        if !notices.isEmpty {
            dropNotice()
        } else if !taints.isEmpty {
            taints = taints.prefix(16).dropLast()
        } else if let last = labels.keys.max() {
            labels[last] = nil
        } else {
            return conditions.popLast() != nil
        }
        return true
    }

    private var json: JSONValue {
        [
            "version": .int(1),
            "notices": .array(notices.map(\.json)),
            "cordonedByUs": .bool(cordonedByUs),
            "taints": taints.isEmpty ? nil : .array(taints.prefix(16).map { .string($0.cut(to: 400)) }),
            "labels": labels.isEmpty ? nil : .object(labelMembers),
            "conditions": conditions.isEmpty ? nil : .array(conditions.prefix(16).map { .string($0.cut(to: 100)) }),
            "bootID": .text(bootID?.cut(to: 64)),
        ]
    }

    private var labelMembers: [JSONValue.Member] {
        labels.sorted { $0.key < $1.key }.prefix(16).map {
            JSONValue.Member(name: $0.key.cut(to: 320), value: .string($0.value.cut(to: 63)))
        }
    }

    /// Reads an annotation. What it does not know, it passes over; `nil` when the text is no record at all.
    init?(annotation: String) {
        let bytes = Data(annotation.utf8)
        // Whatever is wrong with the text, there is no record then: it is the node's to keep, and nothing of ours to
        // undo.
        guard bytes.count <= 1 << 18, let stored = try? JSONDecoder().decode(Stored.self, from: bytes) else {
            return nil
        }
        self.init(
            notices: stored.notices.compactMap { Entry($0) }, cordonedByUs: stored.cordonedByUs, taints: stored.taints,
            labels: stored.labels, conditions: stored.conditions, bootID: stored.bootID)
    }
}

extension NodeRecord.Entry {
    fileprivate var json: JSONValue {
        [
            "id": .string(id.rawValue.cut(to: 63)),
            "kind": .string(kind.rawValue),
            "words": .string(words.cut(to: 128)),
            "strategy": .string(strategy.rawValue),
            "deadline": .string(deadline.rfc3339),
            "certainty": .string(certainty.rawValue),
            "since": .string(since.rfc3339),
            "returns": returns ? true : nil,
            "hasHook": hasHook ? true : nil,
            "source": .text(source?.cut(to: 32)),
            "cordon": holdsCordon ? true : nil,
            "ending": .text(ending?.rawValue),
        ]
    }

    /// An entry, when its words are known and its times can be read.
    fileprivate init?(_ stored: StoredEntry) {
        guard let id = stored.id, !id.isEmpty, let kind = stored.kind.flatMap(NoticeKind.init(rawValue:)),
            let strategy = stored.strategy.flatMap(Strategy.init(rawValue:)),
            let deadline = stored.deadline.flatMap({ WallTime(rfc3339: $0) })
        else { return nil }
        self.init(
            id: NoticeID(rawValue: id.cut(to: 63)), kind: kind, words: (stored.words ?? kind.rawValue).cut(to: 128),
            strategy: strategy, deadline: deadline,
            certainty: stored.certainty.flatMap(Deadline.Certainty.init(rawValue:)) ?? .assumed,
            since: stored.since.flatMap { WallTime(rfc3339: $0) } ?? deadline, returns: stored.returns,
            hasHook: stored.hasHook, source: stored.source, holdsCordon: stored.cordon,
            // An ending that a later version knows is an ending all the same.
            ending: stored.ending.map { Report.Ending(rawValue: $0) ?? .stopped })
    }
}

/// The record as it is read: every field may be missing or of another type than we expect.
private struct Stored: Decodable {
    var notices: [StoredEntry]
    var cordonedByUs: Bool
    var taints: [String]
    var labels: [String: String]
    var conditions: [String]
    var bootID: String?

    enum CodingKeys: String, CodingKey {
        case notices, cordonedByUs, taints, labels, conditions, bootID
    }

    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        notices = fields.lenient([Lenient<StoredEntry>].self, .notices)?.compactMap(\.value) ?? []
        cordonedByUs = fields.lenient(Bool.self, .cordonedByUs) ?? false
        taints = fields.lenient([String].self, .taints) ?? []
        labels = fields.lenient([String: String].self, .labels) ?? [:]
        conditions = fields.lenient([String].self, .conditions) ?? []
        bootID = fields.lenient(String.self, .bootID)
    }
}

private struct StoredEntry: Decodable {
    var id, kind, words, strategy, deadline, certainty, since, source, ending: String?
    var returns, hasHook, cordon: Bool

    enum CodingKeys: String, CodingKey {
        case id, kind, words, strategy, deadline, certainty, since, source, ending, returns, hasHook, cordon
    }

    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        id = fields.lenient(String.self, .id)
        kind = fields.lenient(String.self, .kind)
        words = fields.lenient(String.self, .words)
        strategy = fields.lenient(String.self, .strategy)
        deadline = fields.lenient(String.self, .deadline)
        certainty = fields.lenient(String.self, .certainty)
        since = fields.lenient(String.self, .since)
        source = fields.lenient(String.self, .source)
        ending = fields.lenient(String.self, .ending)
        returns = fields.lenient(Bool.self, .returns) ?? false
        hasHook = fields.lenient(Bool.self, .hasHook) ?? false
        cordon = fields.lenient(Bool.self, .cordon) ?? false
    }
}

/// An element that may be of another type than we expect.
private struct Lenient<Value: Decodable>: Decodable {
    var value: Value?

    init(from decoder: any Decoder) throws {
        // One element that cannot be read must not cost the others.
        value = try? Value(from: decoder)
    }
}

extension KeyedDecodingContainer {
    /// The field, or `nil` when it is missing or of another type: a field that a later version changed must not cost
    /// the others.
    fileprivate func lenient<Value: Decodable>(_ type: Value.Type, _ key: Key) -> Value? {
        (try? decodeIfPresent(type, forKey: key)) ?? nil
    }
}
