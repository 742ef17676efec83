import JSON

/// One line of our log, in either of its forms; what others put in front of it is passed over.
struct LogLine {
    private let json: JSONValue?
    private let text: Substring
    private let fields: [Substring: Substring]

    init(_ line: some StringProtocol) {
        text = Substring(line)
        json = line.firstIndex(of: "{").flatMap { JSONValue(reading: Array(line[$0...].utf8)) }
            .flatMap { $0["message"] == nil ? nil : $0 }
        fields = json == nil ? Self.fields(in: text) : [:]
    }

    /// Whether the line says that.
    func says(_ words: String) -> Bool {
        if let json { return json["message"]?.string?.hasPrefix(words) ?? false }
        return text.split(separator: " \(words)", maxSplits: 1, omittingEmptySubsequences: false).count > 1
    }

    /// A field that is a text.
    func string(_ name: String) -> String? {
        if let json { return json[name]?.string }
        guard let raw = fields[name[...]] else { return nil }
        return raw.first == "\"" ? JSONValue(reading: Array(raw.utf8))?.string : String(raw)
    }

    /// A field that is a number.
    func number(_ name: String) -> Double? {
        json != nil ? json?[name]?.number : fields[name[...]].flatMap { Double($0) }
    }

    /// A field that is a truth value.
    func truth(_ name: String) -> Bool? {
        json != nil ? json?[name]?.bool : fields[name[...]].flatMap { Bool(String($0)) }
    }

    /// `name=word` and `name="text"`; a value of another form is passed over with the words in it.
    private static func fields(in line: Substring) -> [Substring: Substring] {
        var fields: [Substring: Substring] = [:]
        var rest = line
        while let equals = rest.firstIndex(of: "=") {
            let before = rest[..<equals]
            let name = before.lastIndex(of: " ").map { before[before.index(after: $0)...] } ?? before
            rest = rest[rest.index(after: equals)...]
            let end = rest.first == "\"" ? endOfQuoted(rest) : rest.firstIndex(of: " ") ?? rest.endIndex
            fields[name] = rest[..<end]
            rest = rest[end...]
        }
        return fields
    }

    private static func endOfQuoted(_ text: Substring) -> Substring.Index {
        var isEscaped = false
        for index in text.indices.dropFirst() {
            if isEscaped {
                isEscaped = false
            } else if text[index] == "\\" {
                isEscaped = true
            } else if text[index] == "\"" {
                return text.index(after: index)
            }
        }
        return text.endIndex
    }
}
