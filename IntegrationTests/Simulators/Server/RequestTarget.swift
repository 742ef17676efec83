/// A request target taken apart: the decoded path and the decoded query.
struct RequestTarget {
    let path: String
    let query: [(name: String, value: String)]

    /// Takes apart what stands in the request line; an absolute form, as a proxy gets it, stays whole in the path.
    init(_ uri: String) {
        guard let mark = uri.utf8.firstIndex(of: UInt8(ascii: "?")) else {
            path = Self.decoded(uri.utf8, plusIsSpace: false)
            query = []
            return
        }
        path = Self.decoded(uri.utf8[..<mark], plusIsSpace: false)
        query = Self.pairs(uri.utf8[uri.utf8.index(after: mark)...])
    }

    /// The pairs of a query or of a form body, decoded, in order.
    static func pairs(_ bytes: some Collection<UInt8>) -> [(name: String, value: String)] {
        bytes.split(separator: UInt8(ascii: "&")).map { pair in
            let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            return (
                name: decoded(parts[0], plusIsSpace: true),
                value: parts.count > 1 ? decoded(parts[1], plusIsSpace: true) : ""
            )
        }
    }

    private static func decoded(_ bytes: some Collection<UInt8>, plusIsSpace: Bool) -> String {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var rest = bytes[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), rest.count >= 2,
                let code = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            {
                result.append(code)
                rest = rest.dropFirst(2)
            } else if byte == UInt8(ascii: "+"), plusIsSpace {
                result.append(UInt8(ascii: " "))
            } else {
                result.append(byte)
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}
