extension Fault {
    /// How faults are written on a command line, for messages to people.
    public static let forms = """
        status:503 retry:429:5 html:502 aws:400:Throttling[:message] text:anything empty garbage charset huge:10MiB \
        truncated:5 slow:100ms late:3s hang drop silence
        """

    /// A fault as people type it, in one of the `forms`; nil for anything else.
    public init?(text: String) {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let argument = parts.count > 1 ? parts[1] : nil
        guard let fault = Self.plain[parts[0]] ?? argument.flatMap({ Self.parameterised(parts[0], $0) }) else {
            return nil
        }
        self = fault
    }

    private static let plain: [String: Fault] = [
        "empty": .empty, "garbage": .garbage, "charset": .wrongCharset, "hang": .hang, "drop": .drop,
        "silence": .silence,
    ]

    private static func parameterised(_ name: String, _ argument: String) -> Fault? {
        let fields = argument.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
        switch name {
        case "status": return Int(argument).map { .status($0) }
        case "html": return Int(argument).map { .html($0) }
        case "text": return .text(argument)
        case "huge": return byteCount(argument).map { .huge(bytes: $0) }
        case "truncated": return Int(argument).map { .truncated(after: $0) }
        case "slow": return Duration(text: argument).map { .slow(every: $0) }
        case "late": return Duration(text: argument).map { .late(by: $0) }
        case "retry":
            guard fields.count == 2, let status = Int(fields[0]), let seconds = Int(fields[1]) else { return nil }
            return .retryLater(status: status, seconds: seconds)
        case "aws":
            guard fields.count >= 2, let status = Int(fields[0]) else { return nil }
            return .queryError(status: status, code: fields[1], message: fields.count > 2 ? fields[2] : "as asked")
        default: return nil
        }
    }

    private static func byteCount(_ text: String) -> Int? {
        for (unit, size) in [("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30)] where text.hasSuffix(unit) {
            return Int(text.dropLast(3)).map { $0 * size }
        }
        return Int(text)
    }
}
