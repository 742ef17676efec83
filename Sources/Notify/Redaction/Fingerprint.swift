import Transport

/// A short, stable hash that tells texts apart without showing them.
enum Fingerprint {
    /// 64-bit FNV-1a.
    static func hash(_ text: String) -> UInt64 {
        text.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3 }
    }

    /// Six hexadecimal digits: enough to tell a few channels apart, far too few to find a key again.
    static func short(_ secret: Secret) -> String {
        let mixed = hash(secret.reveal())
        return padded((mixed ^ (mixed >> 24) ^ (mixed >> 48)) & 0xff_ffff, 6)
    }

    /// Sixteen hexadecimal digits, for keys that must not collide.
    static func long(_ text: String) -> String {
        padded(hash(text), 16)
    }

    private static func padded(_ number: UInt64, _ width: Int) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: width - digits.count) + digits
    }
}
