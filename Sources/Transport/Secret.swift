/// A value that must never be printed: a token, a key, or a URL that carries one.
///
/// Every way to turn it into text gives a redacted form; `reveal()` is the one door out, so that each use can be found.
public struct Secret: Sendable, Hashable {
    private let value: String

    /// Wraps `value`.
    public init(_ value: String) {
        self.value = value
    }

    /// The plain value, for the request that needs it and for nothing else.
    public func reveal() -> String {
        value
    }

    /// Whether there is nothing inside.
    public var isEmpty: Bool { value.isEmpty }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Always `[redacted]`.
    public var description: String { "[redacted]" }
    /// Always `[redacted]`.
    public var debugDescription: String { "[redacted]" }
    /// A mirror without children, so that `dump` cannot print the value.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
