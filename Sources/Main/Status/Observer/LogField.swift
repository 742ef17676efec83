import Interruption
import Logging

/// The names of the fields in our log lines; people's queries depend on them, so they never change their meaning.
enum LogField: String {
    case noticeID = "notice.id"
    case noticeKind = "notice.kind"
    case noticeWords = "notice.words"
    case noticeFacts = "notice.facts"
    case noticeReturns = "notice.returns"
    case notices = "notices"
    case since = "notice.since"
    case outlook = "outlook"
    case unschedulable = "node.unschedulable"
    case deadline = "deadline"
    case deadlineCertainty = "deadline.certainty"
    case deadlineRemaining = "deadline.remaining"
    case strategy = "drain.strategy"
    case ending = "drain.ending"
    case remarks = "drain.remarks"
    case podNamespace = "pod.namespace"
    case podName = "pod.name"
    case podUID = "pod.uid"
    case podFate = "pod.fate"
    case podGrace = "pod.grace"
    case podDetail = "pod.detail"
    case podTook = "pod.took"
    case podEscalated = "pod.escalated"
    case podAsked = "pod.asked"
    case podRefused = "pod.refused"
    case margin = "drain.margin"
    case retryCause = "retry.cause"
    case source = "source"
    case reason = "reason"
    case advice = "advice"
    case leftovers = "leftovers"
    case occurrences = "occurrences"
    case secondsToCordon = "seconds.to_cordon"
    case secondsToLastEviction = "seconds.to_last_eviction"
    case secondsToEmpty = "seconds.to_empty"
    case address = "address"
    case volumes = "volumes"
}

/// Fields of a log line; those without a value are left out.
struct LogFields: ExpressibleByDictionaryLiteral {
    /// The fields as swift-log wants them.
    private(set) var metadata: Logger.Metadata = [:]

    init(dictionaryLiteral elements: (LogField, Logger.MetadataValue?)...) {
        for (field, value) in elements { self[field] = value }
    }

    /// The value of one field.
    subscript(field: LogField) -> Logger.MetadataValue? {
        get { metadata[field.rawValue] }
        set { metadata[field.rawValue] = newValue }
    }

    /// These fields and `others`, which win.
    func adding(_ others: LogFields) -> LogFields {
        var all = self
        all.metadata.merge(others.metadata) { _, new in new }
        return all
    }

    /// Sets a field whose name is made of parts, such as `pods.evicted`.
    mutating func set(_ name: String, _ value: Logger.MetadataValue) {
        metadata[name] = value
    }
}

extension Logger.MetadataValue {
    /// A duration in seconds, to the millisecond.
    static func seconds(_ duration: Duration) -> Logger.MetadataValue {
        .stringConvertible((duration / .milliseconds(1)).rounded() / 1000)
    }

    /// A count.
    static func count(_ number: Int) -> Logger.MetadataValue {
        .stringConvertible(number)
    }

    /// A truth value.
    static func truth(_ value: Bool) -> Logger.MetadataValue {
        .stringConvertible(value)
    }

    /// At most 20 of `texts`, and how many more there are.
    static func list(_ texts: [String]) -> Logger.MetadataValue {
        let most = 20
        var shown = texts.prefix(most).map { Logger.MetadataValue.string($0) }
        if texts.count > most { shown.append(.string("and \(texts.count - most) more")) }
        return .array(shown)
    }
}

extension LogFields {
    /// Who a notice is.
    static func of(_ notice: Notice) -> LogFields {
        [
            .noticeID: .string(notice.id.rawValue),
            .noticeKind: .string(notice.kind.rawValue),
            .noticeWords: .string(notice.words),
        ]
    }

    /// Who a notice is, when the machine is gone, and what will be done.
    static func of(_ plan: Plan, timeLeft: Duration) -> LogFields {
        of(plan.notice).adding(of(plan.notice.deadline, timeLeft: timeLeft)).adding([
            .strategy: .string(plan.strategy.rawValue),
            .noticeReturns: .truth(plan.notice.returns),
            .noticeFacts: plan.notice.facts.isEmpty
                ? nil : .dictionary(plan.notice.facts.mapValues { .string($0) }),
        ])
    }

    /// A notice in the record: since when, how its drain ended, and what becomes of it.
    static func of(_ entry: NodeRecord.Entry, _ outlook: RecordOutlook, isUnschedulable: Bool) -> LogFields {
        [
            .noticeID: .string(entry.id.rawValue), .noticeKind: .string(entry.kind.rawValue),
            .noticeWords: .string(entry.words), .since: .string(entry.since.rfc3339),
            .deadline: .string(entry.deadline.rfc3339), .strategy: .string(entry.strategy.rawValue),
            .ending: .string(entry.ending?.rawValue ?? "none yet"), .source: entry.source.map { .string($0) },
            .outlook: .string(outlook.rawValue), .unschedulable: .truth(isUnschedulable),
        ]
    }

    /// When the machine is gone.
    static func of(_ deadline: Deadline, timeLeft: Duration) -> LogFields {
        [
            .deadline: .string(deadline.wall.rfc3339),
            .deadlineCertainty: .string(deadline.certainty.rawValue),
            .deadlineRemaining: .seconds(timeLeft),
        ]
    }

    /// Which pod, and what became of it.
    static func of(_ pod: PodOutcome) -> LogFields {
        [
            .podNamespace: .string(pod.namespace),
            .podName: .string(pod.name),
            .podUID: .string(pod.uid),
            .podFate: .string(pod.fate.rawValue),
            .podGrace: pod.grace.map { .seconds($0) },
            .podDetail: pod.detail.map { .string($0) },
            .podTook: pod.took.map { .seconds($0) },
            .podAsked: pod.asked.map { .seconds($0) },
            .podRefused: pod.refused.map { .seconds($0) },
            .podEscalated: pod.escalated ? .truth(true) : nil,
        ]
    }
}
