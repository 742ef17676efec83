extension StringProtocol {
    /// This text with every byte percent-encoded that RFC 3986 (2.3) does not call unreserved, in upper-case hex: for
    /// one path segment, one query value or one form value, never for a whole URL.
    public var percentEncoded: String {
        let plain = Array(utf8)
        var encoded: [UInt8] = []
        encoded.reserveCapacity(plain.count)
        for byte in plain {
            if byte.isUnreservedInURL {
                encoded.append(byte)
            } else {
                encoded += [UInt8(ascii: "%"), (byte >> 4).hexDigit, (byte & 0xF).hexDigit]
            }
        }
        return String(decoding: encoded, as: UTF8.self)
    }
}

extension UInt8 {
    /// Whether RFC 3986 lets this byte stand for itself everywhere: letters, digits and `-._~`.
    fileprivate var isUnreservedInURL: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "~"):
            true
        default: false
        }
    }

    /// The upper-case hex digit of a number below 16.
    fileprivate var hexDigit: UInt8 {
        self < 10 ? UInt8(ascii: "0") + self : UInt8(ascii: "A") + self - 10
    }
}
