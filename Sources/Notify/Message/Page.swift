/// Lines under a limit: what does not fit is left out, and the number of what was left out is said.
struct Page: Sendable {
    /// The lines so far.
    private(set) var lines: [String] = []
    private var room: Int
    private let limit: TextLimit
    private let dialect: Dialect

    /// An empty page.
    init(_ dialect: Dialect, within limit: TextLimit) {
        self.dialect = dialect
        self.limit = limit
        room = limit.amount
    }

    /// The lines as one text.
    var text: String { lines.joined(separator: "\n") }

    /// How much was used.
    var used: Int { limit.amount - room }

    /// Adds the title in bold; one that is too long is clipped.
    mutating func append(title: String) {
        let share = limit.with(limit.amount / 2)
        // Escapes make a text longer by an unknown factor; clip the plain text until its escaped form fits.
        var plain = title
        while !share.allows(dialect.bold(dialect.escaped(plain))), plain.count > 1 {
            plain = limit.with(limit.length(of: plain) * 3 / 4).clipped(plain)
        }
        append(dialect.bold(dialect.escaped(plain)))
    }

    /// Adds the facts that fit while the page stays within `share` of its limit.
    mutating func append(facts: [MessageText.Fact], share: Double = 1) {
        for fact in facts {
            let line = dialect.bold(dialect.escaped(fact.label + ":")) + " " + dialect.escaped(fact.value)
            guard Double(used + cost(line)) <= share * Double(limit.amount) else { continue }
            append(line)
        }
    }

    /// Adds the sections, each with as many items as fit, up to the first that has no room: what matters less must not
    /// take its place.
    mutating func append(_ sections: [MessageText.Section]) {
        for section in sections {
            guard append(section) else { return }
        }
    }

    /// Adds the section with as many items as fit; `false` when there is not even room for its heading.
    private mutating func append(_ section: MessageText.Section) -> Bool {
        let heading = dialect.bold(dialect.escaped("\(section.heading) (\(section.total)):"))
        let reserve = cost(more(section.total))
        guard room >= cost(heading) + reserve else { return false }
        append(heading)
        var listed = 0
        for item in section.items {
            let line = dialect.bullet + dialect.escaped(item)
            guard room >= cost(line) + (listed + 1 < section.total ? reserve : 0) else { break }
            append(line)
            listed += 1
        }
        if listed < section.total {
            append(more(section.total - listed))
        }
        return true
    }

    /// Adds a line as it is; left out when it does not fit.
    mutating func append(_ line: String) {
        guard room >= cost(line) else { return }
        room -= cost(line)
        lines.append(line)
    }

    private func more(_ count: Int) -> String {
        dialect.bullet + "and \(count) more"
    }

    private func cost(_ line: String) -> Int {
        limit.length(of: line) + (lines.isEmpty ? 0 : 1)
    }
}

extension MessageText {
    /// The whole text in that dialect, never longer than `limit`: title, facts, and lists with the worst first.
    func rendered(in dialect: Dialect, within limit: TextLimit, withTitle: Bool = true) -> String {
        var page = Page(dialect, within: limit)
        if withTitle { page.append(title: title) }
        // Under a tight limit the facts leave room for the pods that did not leave.
        page.append(facts: facts, share: sections.isEmpty ? 1 : 0.6)
        page.append(sections)
        return page.text
    }
}

extension Page {
    /// A title alone, in bold and escaped, never longer than half of `limit`.
    static func title(_ title: String, in dialect: Dialect, within limit: TextLimit) -> String {
        var page = Page(dialect, within: limit)
        page.append(title: title)
        return page.text
    }
}
