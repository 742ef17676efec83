import Transport

/// Reads channel settings and collects everything that is wrong with them, naming the variable and never its value.
///
/// Each setting may be given as `NAME` or, for what is mounted from a Secret, as the path of a file in `NAME_FILE`.
/// Empty means absent, because manifests often leave an optional variable empty.
struct SettingsReader {
    /// What makes the settings unusable.
    private(set) var problems: [SettingProblem] = []
    /// What is usable but surely not meant.
    private(set) var warnings: [SettingProblem] = []

    private let environment: (String) -> String?
    private let readFile: (String) throws -> String

    /// Longest accepted setting, in bytes.
    static let sizeLimit = 64 << 10

    init(environment: @escaping (String) -> String?, readFile: @escaping (String) throws -> String) {
        self.environment = environment
        self.readFile = readFile
    }

    /// Whether a value or a file is given.
    func isSet(_ name: String) -> Bool {
        raw(name) != nil || raw(name + "_FILE") != nil
    }

    /// The variable that was used: `NAME`, or `NAME_FILE`.
    func source(of name: String) -> String {
        raw(name) == nil && raw(name + "_FILE") != nil ? name + "_FILE" : name
    }

    /// The setting without white space at its ends; `nil` when it is absent or unreadable.
    mutating func text(_ name: String) -> String? {
        guard let whole = wholeText(name) else { return nil }
        let text = whole.trimmed
        guard !text.isEmpty else {
            reject(source(of: name), "is empty")
            return nil
        }
        return text
    }

    /// The setting, or that of an older name.
    mutating func text(_ name: String, or older: String) -> String? {
        isSet(name) ? text(name) : text(older)
    }

    /// The setting as a secret.
    mutating func secret(_ name: String) -> Secret? {
        text(name).map { Secret($0) }
    }

    /// The setting as a secret, or that of an older name.
    mutating func secret(_ name: String, or older: String) -> Secret? {
        text(name, or: older).map { Secret($0) }
    }

    /// The setting as a web address, or `fallback`.
    mutating func address(_ name: String, fallback: String? = nil) -> WebAddress? {
        if !isSet(name) { return fallback.flatMap { address(name, from: Secret($0)) } }
        return text(name).flatMap { address(name, from: Secret($0)) }
    }

    /// The web address in `text`, which was made from the setting of that name.
    mutating func address(_ name: String, from text: Secret) -> WebAddress? {
        do {
            return try WebAddress(text.reveal())
        } catch {
            reject(source(of: name), error.description)
            return nil
        }
    }

    /// The setting as it is, white space and all.
    mutating func wholeText(_ name: String) -> String? {
        let file = raw(name + "_FILE")
        guard let path = file else { return bounded(raw(name), name) }
        guard raw(name) == nil else {
            reject(name, "is set, and so is \(name)_FILE; set only one of them")
            return nil
        }
        do {
            return bounded(try readFile(path), name + "_FILE")
        } catch {
            // The error's own words may quote what it read; the path is what a person needs.
            reject(name + "_FILE", "names a file that cannot be read: \(path.singleLine)")
            return nil
        }
    }

    /// Notes that the setting is unusable; a second time with the same words changes nothing.
    mutating func reject(_ name: String, _ words: String) {
        let problem = SettingProblem(variable: name, words: words)
        if !problems.contains(problem) { problems.append(problem) }
    }

    /// Notes that the setting is surely not meant like this.
    mutating func warn(_ name: String, _ words: String) {
        warnings.append(SettingProblem(variable: name, words: words))
    }

    /// Notes that the setting does nothing without another one, if it is there.
    mutating func warn(_ name: String, unusedWithout other: String) {
        if isSet(name), !isSet(other) { warn(source(of: name), "does nothing without \(other)") }
    }

    private mutating func bounded(_ text: String?, _ name: String) -> String? {
        guard let text, text.utf8.count > SettingsReader.sizeLimit else { return text }
        reject(name, "is longer than \(SettingsReader.sizeLimit) bytes")
        return nil
    }

    private func raw(_ name: String) -> String? {
        environment(name).flatMap { $0.isEmpty ? nil : $0 }
    }
}

extension String {
    /// The text without white space at its ends.
    fileprivate var trimmed: String {
        var rest = drop(while: \.isWhitespace)
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return String(rest)
    }
}
