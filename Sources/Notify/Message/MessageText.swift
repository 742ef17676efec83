import Interruption

/// What a notification says, before any channel gives it a form: a sentence, facts, and lists with the worst first.
struct MessageText: Sendable, Hashable {
    /// One sentence with the node's name.
    var title: String
    /// The same in at most 32 characters, without the node's name.
    var headline: String
    /// How much it matters.
    var severity: Severity
    /// Labelled facts, the more important ones first.
    var facts: [Fact]
    /// Lists, those that somebody may have to act upon first.
    var sections: [Section]

    /// How much a message matters to the person who reads it.
    enum Severity: String, Sendable, Hashable {
        /// For information.
        case info
        /// Worth a look.
        case warning
        /// Something was not done.
        case error
    }

    /// A labelled fact.
    struct Fact: Sendable, Hashable {
        /// Such as `Zone`.
        let label: String
        /// Such as `eu-west-1a`; one line, at most 256 bytes.
        let value: String
    }

    /// A list with a heading.
    struct Section: Sendable, Hashable {
        /// What the items have in common.
        let heading: String
        /// The items, one line of at most 400 bytes each.
        let items: [String]
        /// How many there are in all, those that are not listed included.
        let total: Int
    }

    /// The text of that notification.
    init(_ notification: Notification) {
        switch notification.event {
        case .seen(let plan, let timeLeft): self.init(seen: plan, timeLeft: timeLeft, in: notification)
        case .outcome(let report): self.init(outcome: report, in: notification)
        case .withdrawn(let notice, let reason, let leftovers, let standing):
            self.init(
                withdrawn: notice, because: reason, leftovers: leftovers, standing: standing, in: notification)
        case .test: self.init(testIn: notification)
        }
        if notification.isRehearsal { rehearse() }
    }

    /// Says that nothing of this happens, in every part that may be shown alone.
    private mutating func rehearse() {
        title = TextLimit.title.clipped("DRY RUN: \(title)")
        headline = TextLimit.headline.clipped("DRY RUN: \(headline)")
        severity = .info
        facts.insert(Fact(label: "Dry run", value: "nothing is done to the node or asked of the cloud"), at: 0)
    }

    /// A text from its parts, each of them brought into bounds.
    init(title: String, headline: String, severity: Severity, facts: [(String, String?)], sections: [Section?]) {
        self.title = TextLimit.title.clipped(title.singleLine)
        self.headline = TextLimit.headline.clipped(headline.singleLine)
        self.severity = severity
        var labels: Set<String> = []
        self.facts = facts.compactMap { label, value in
            // A provider's fact must not shadow one of ours.
            guard let value = value.map({ TextLimit(2000, .bytes).cut($0).singleLine }), !value.isEmpty,
                labels.insert(label).inserted
            else { return nil }
            return Fact(label: label, value: TextLimit.fact.clipped(value))
        }
        self.sections = sections.compactMap { $0 }
    }
}

extension MessageText.Section {
    /// A section of those items, brought into bounds; `nil` when there are none. At most `limit` of them are kept.
    init?(_ heading: String, _ items: [String], limit: Int = .max) {
        guard !items.isEmpty else { return nil }
        self.init(
            heading: heading,
            // Cut before it is looked at: an error's text may be long, and there may be hundreds of them.
            items: items.prefix(limit).map { TextLimit.item.clipped(TextLimit(2000, .bytes).cut($0).singleLine) },
            total: items.count)
    }
}

extension TextLimit {
    fileprivate static let title = TextLimit(512, .bytes)
    fileprivate static let headline = TextLimit(32, .utf16)
    fileprivate static let fact = TextLimit(256, .bytes)
    fileprivate static let item = TextLimit(400, .bytes)
}
