import Crypto

/// What the Authorization header of a signed request says (AWS Signature Version 4).
struct RequestSignature {
    let accessKeyID: String
    let date: String
    let region: String
    let service: String
    let signedHeaders: [String]
    let signature: String

    /// The scope of the key, as it stands in the header.
    var scope: String { "\(date)/\(region)/\(service)/aws4_request" }

    /// Reads the header; nil when it is not a complete Signature Version 4.
    init?(authorization: String) {
        let algorithm = "AWS4-HMAC-SHA256 "
        guard authorization.hasPrefix(algorithm) else { return nil }
        var fields: [Substring: Substring] = [:]
        for field in authorization.dropFirst(algorithm.count).split(separator: ",") {
            let pair = field.drop { $0 == " " }.split(separator: "=", maxSplits: 1)
            if pair.count == 2 { fields[pair[0]] = pair[1] }
        }
        let credential = fields["Credential"]?.split(separator: "/").map(String.init) ?? []
        guard credential.count == 5, credential[4] == "aws4_request", let headers = fields["SignedHeaders"],
            let signature = fields["Signature"]
        else { return nil }
        accessKeyID = credential[0]
        date = credential[1]
        region = credential[2]
        service = credential[3]
        signedHeaders = headers.split(separator: ";", omittingEmptySubsequences: false).map(String.init)
        self.signature = String(signature)
    }

    /// The signature that the request should have with that secret.
    func expected(for request: LabRequest, secret: String) -> String {
        let stamp = request.header("x-amz-date") ?? ""
        let digest = Self.hex(SHA256.hash(data: Array(canonical(request).utf8)))
        let text = "AWS4-HMAC-SHA256\n\(stamp)\n\(scope)\n\(digest)"
        var key = Array("AWS4\(secret)".utf8)
        for part in [date, region, service, "aws4_request"] { key = Self.code(part, key: key) }
        return Self.hex(Self.code(text, key: key))
    }

    /// The request as it is hashed; for tests and for error messages.
    func canonical(_ request: LabRequest) -> String {
        let query = request.query.map { (Self.encoded($0.name), Self.encoded($0.value)) }
            .sorted { $0 < $1 }.map { "\($0)=\($1)" }.joined(separator: "&")
        let headers = signedHeaders.map { name in
            let values = request.headers.filter { $0.name.lowercased() == name }.map { Self.trimmed($0.value) }
            return "\(name):\(values.joined(separator: ","))\n"
        }
        // Outside of S3 the path is encoded a second time.
        let path = Self.encoded(Self.encoded(request.path, keepingSlash: true), keepingSlash: true)
        return [
            request.method, path, query, headers.joined(), signedHeaders.joined(separator: ";"),
            Self.hex(SHA256.hash(data: request.body)),
        ].joined(separator: "\n")
    }

    private static func trimmed(_ value: String) -> String {
        value.split(separator: " ").joined(separator: " ")
    }

    private static func code(_ text: String, key: [UInt8]) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: SymmetricKey(data: key)))
    }

    private static func hex(_ bytes: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    private static func encoded(_ text: String, keepingSlash: Bool = false) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var result: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                result.append(byte)
            case UInt8(ascii: "/") where keepingSlash:
                result.append(byte)
            default:
                result += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}
