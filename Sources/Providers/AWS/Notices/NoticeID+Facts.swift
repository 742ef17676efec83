import Interruption

extension NoticeID {
    /// An identity from a fact of AWS's, cut and cleaned so that it can be a label's value.
    init(_ prefix: String, of fact: String?) {
        let text = fact.map { prefix.isEmpty ? $0 : "\(prefix)-\($0)" } ?? prefix
        let allowed = text.utf8.prefix(63).map { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
                byte
            default: UInt8(ascii: "-")
            }
        }
        var clean = Substring(String(decoding: allowed, as: UTF8.self))
        while let first = clean.first, "-._".contains(first) { clean.removeFirst() }
        while let last = clean.last, "-._".contains(last) { clean.removeLast() }
        // The record on the Node knows no notice without an identity.
        self.init(rawValue: clean.isEmpty ? "unnamed" : String(clean))
    }
}

extension [UInt8] {
    /// Whether this cannot come from the metadata service: nothing at all, or a page for people that something in between has put there.
    var isNoMetadata: Bool {
        let first = first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
        return first == nil || first == UInt8(ascii: "<")
    }
}
