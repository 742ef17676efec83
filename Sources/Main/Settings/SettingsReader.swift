/// Reads settings from flags and variables, and collects what is wrong with them instead of stopping at the first.
public struct SettingsReader {
    private let flags: [String: [String]]
    private let environment: [String: String]
    /// Everything that was wrong so far.
    public private(set) var problems: [SettingsProblem] = []

    /// A reader over the flags that were given (by name, without dashes; a toggle as `true` or `false`) and the environment.
    public init(flags: [String: [String]], environment: [String: String]) {
        self.flags = flags
        self.environment = environment
    }

    /// A value as it was given, and where.
    public struct Given: Sendable, Hashable {
        /// The text.
        public var text: String
        /// Whose word it is: `--poll-interval`, or `POLL_INTERVAL`.
        public var origin: String
        /// Whether it came from the command line.
        public var isFlag: Bool
    }

    /// What was given for `setting`: the flag, else the first variable that is not empty.
    public func given(_ setting: Setting) -> [Given] {
        if let texts = flags[setting.name], !texts.isEmpty {
            return texts.map { Given(text: $0, origin: "--\(setting.name)", isFlag: true) }
        }
        for variable in setting.variables {
            guard let text = environment[variable], !text.isEmpty else { continue }
            guard setting.form == .repeated else { return [Given(text: text, origin: variable, isFlag: false)] }
            return text.split(separator: ",").map { Given(text: trimmed($0), origin: variable, isFlag: false) }
        }
        return []
    }

    /// The value of a variable that is no setting of its own; `nil` when it is empty.
    public func variable(_ name: String) -> String? {
        environment[name].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// Notes a problem with what was given for `setting`.
    public mutating func complain(_ setting: Setting, _ given: Given?, _ words: String? = nil) {
        problems.append(
            SettingsProblem(
                origin: given?.origin ?? "--\(setting.name) (\(setting.variables[0]))", value: given?.text,
                accepts: words ?? "accepted: \(setting.accepts)", isFlag: given?.isFlag ?? false))
    }

    /// Notes a problem with a variable that is no setting of its own.
    public mutating func complain(variable name: String, _ text: String, _ words: String) {
        problems.append(SettingsProblem(origin: name, value: text, accepts: words, isFlag: false))
    }

    /// The text of a setting, `nil` when it was not given.
    public func text(_ setting: Setting) -> String? {
        given(setting).last?.text
    }

    /// The value that `parse` makes of what was given; `nil` when nothing was given or it makes none, which is a problem.
    public mutating func value<Value>(_ setting: Setting, _ parse: (String) -> Value?) -> Value? {
        guard let given = given(setting).last else { return nil }
        guard let value = parse(given.text) else {
            complain(setting, given)
            return nil
        }
        return value
    }

    /// The values of a repeated setting; those that make none are problems.
    public mutating func values<Value>(_ setting: Setting, _ parse: (String) -> Value?) -> [Value] {
        var values: [Value] = []
        for given in given(setting) {
            if let value = parse(given.text) {
                values.append(value)
            } else {
                complain(setting, given)
            }
        }
        return values
    }

    /// Whether a toggle is on; `fallback` when it was not given.
    public mutating func isOn(_ setting: Setting, default fallback: Bool) -> Bool {
        value(setting) { text in
            switch text.lowercased() {
            case "true", "1", "yes", "on": true
            case "false", "0", "no", "off": false
            default: nil
            }
        } ?? fallback
    }
}

/// Something wrong with a setting, in one line for people.
public struct SettingsProblem: Error, Sendable, Hashable, CustomStringConvertible {
    /// The flag or variable.
    public var origin: String
    /// What it was set to; `nil` when it is missing, or secret.
    public var value: String?
    /// What would have been accepted.
    public var accepts: String
    /// Whether it came from the command line.
    public var isFlag: Bool

    /// A problem from its parts.
    public init(origin: String, value: String?, accepts: String, isFlag: Bool) {
        self.origin = origin
        self.value = value
        self.accepts = accepts
        self.isFlag = isFlag
    }

    /// The problem in one line.
    public var description: String {
        guard let value else { return "\(origin): missing; \(accepts)" }
        return "\(origin): '\(value.prefix(200))' is not accepted; \(accepts)"
    }
}

func trimmed(_ text: some StringProtocol) -> String {
    var rest = Substring(text)
    while let first = rest.first, first.isWhitespace { rest.removeFirst() }
    while let last = rest.last, last.isWhitespace { rest.removeLast() }
    return String(rest)
}
