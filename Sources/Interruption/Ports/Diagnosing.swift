/// Something that can tell before the day whether it would work then.
public protocol Diagnosing: Sendable {
    /// What was found, in the order in which people read it; comes within about `time` and changes nothing.
    func diagnoses(within time: Duration) async -> [Diagnosis]
}

/// One thing that was looked at: how it stands, and what to do about it.
public struct Diagnosis: Sendable, Hashable {
    /// What was looked at, in a word or two, such as `metadata`.
    public var subject: String
    /// How it stands.
    public var verdict: Verdict
    /// What was seen, in one line without secrets.
    public var words: String
    /// What to do; `nil` when there is nothing to be done.
    public var advice: String?

    /// How a thing stands.
    public enum Verdict: String, Sendable, Hashable, CaseIterable {
        /// As it should be.
        case ok
        /// Worth a look; the node is emptied all the same.
        case warn
        /// The handler would fail on the day.
        case fail
    }

    /// A diagnosis from its parts.
    public init(_ subject: String, _ verdict: Verdict, _ words: String, advice: String? = nil) {
        self.subject = subject
        self.verdict = verdict
        self.words = words
        self.advice = advice
    }
}
