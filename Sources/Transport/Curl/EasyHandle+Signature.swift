import CLibcurl

extension EasyHandle {
    /// Takes the options of a signed POST, or throws `unsendable` for everything that libcurl might sign wrongly or not
    /// at all.
    ///
    /// libcurl 7.88 sends unsigned, without an error, when a credential is empty or an `Authorization` header is there;
    /// it takes region and service from the host's name when they are missing; and it signs removed, empty, repeated
    /// and prefix-named headers, queries and encoded paths in its own way
    /// (https://curl.se/libcurl/c/CURLOPT_AWS_SIGV4.html; fixed one by one between 8.3 and 8.14).
    func sign(
        _ request: HTTPRequest, with signature: AWSSignature, path: Substring, headers: StringList
    ) throws(TransportError) {
        guard request.method == .post, let body = request.body, !body.isEmpty, body.count <= 1 << 20 else {
            throw .unsendable(detail: "only a POST with a body of up to 1 MiB can be signed")
        }
        guard path.utf8.allSatisfy({ Self.isWordCharacter($0) || $0 == UInt8(ascii: "/") }) else {
            throw .unsendable(detail: "only a plain path without a query can be signed")
        }
        guard Self.isScopeWord(signature.region), Self.isScopeWord(signature.service) else {
            throw .unsendable(detail: "a signature needs a region and a service")
        }
        guard Self.isCredential(signature.accessKeyID), Self.isCredential(signature.secretAccessKey.reveal()) else {
            throw .unsendable(detail: "a signature needs an access key and its secret")
        }
        try checkSignedHeaders(request.headers)

        try set(CURLOPT_POST, 1)
        try set(body: body)
        try set(CURLOPT_USERNAME, signature.accessKeyID)
        try set(CURLOPT_PASSWORD, signature.secretAccessKey.reveal())
        if let token = signature.sessionToken {
            guard Self.isCredential(token.reveal()) else { throw .unsendable(detail: "a session token that is none") }
            try headers.append(Self.line("X-Amz-Security-Token", token))
        }
        // Last: CURLOPT_HTTPAUTH after it would switch it off.
        try set(CURLOPT_AWS_SIGV4, "aws:amz:\(signature.region):\(signature.service)")
    }

    private func checkSignedHeaders(_ headers: HTTPHeaders) throws(TransportError) {
        for allowed in ["Content-Type", "X-Amz-Target"] {
            guard headers.fields.filter({ HTTPHeaders.isSameName($0.name, allowed) }).count <= 1 else {
                throw .unsendable(detail: "a repeated header cannot be signed")
            }
        }
        for field in headers.fields {
            guard
                HTTPHeaders.isSameName(field.name, "Content-Type")
                    || HTTPHeaders.isSameName(field.name, "X-Amz-Target"),
                !field.value.isEmpty
            else { throw .unsendable(detail: "only Content-Type and X-Amz-Target can be signed") }
        }
        // Without one libcurl sends its own, which is not part of the signature.
        guard headers["Content-Type"] != nil else { throw .unsendable(detail: "a signature needs a Content-Type") }
    }

    /// What stands for itself in a canonical path.
    private static func isWordCharacter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"):
            true
        default: false
        }
    }

    /// A part of the credential scope: a colon would end it early, and libcurl cuts it at 64 bytes.
    private static func isScopeWord(_ text: String) -> Bool {
        (1...63).contains(text.utf8.count) && text.utf8.allSatisfy(isWordCharacter)
    }

    /// Printable ASCII: anything else is a file read wrongly.
    private static func isCredential(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
    }
}
