import Glibc

/// What is at the other end of our output.
enum Terminal {
    /// One of the standard streams.
    enum Stream: Int32 {
        case standardOutput = 1
        case standardError = 2
    }

    /// Whether a person looks at it.
    static func isTerminal(_ stream: Stream) -> Bool {
        isatty(stream.rawValue) == 1
    }

    /// Writes text at once, without the line break and the buffer of `print`.
    static func write(_ text: String, to stream: Stream = .standardOutput) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { unsafe Glibc.write(stream.rawValue, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return }  // nobody listens any more
            rest = rest.dropFirst(count)
        }
    }
}
