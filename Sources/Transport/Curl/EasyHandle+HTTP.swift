import CLibcurl

extension EasyHandle {
    /// What every request sends as `User-Agent` unless it brings its own.
    static let userAgent = "interruption-handler"

    /// Takes the options of an HTTP exchange.
    func configure(_ request: HTTPRequest, to parts: URLParts) throws(TransportError) {
        guard parts.scheme == "http" || parts.scheme == "https" else {
            throw .unsendable(detail: "only http and https")
        }
        try reset(connectTimeout: request.connectTimeout, timeout: request.timeout)
        try set(CURLOPT_PROTOCOLS_STR, "http,https")
        try set(CURLOPT_FOLLOWLOCATION, 0)
        try set(CURLOPT_PATH_AS_IS, 1)
        try set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        try set(CURLOPT_USERAGENT, Self.userAgent)
        try set(request.connection, isTLS: parts.scheme == "https")

        let headers = try StringList()
        if let name = request.trust.serverName, parts.scheme == "https" {
            try set(CURLOPT_URL, parts.replacingHost(with: name))
            // An empty name and port on the left match any: every connection of this request goes to the URL's own
            // host.
            try set(CURLOPT_CONNECT_TO, StringList(["::\(parts.hostAndPort)"]))
            if request.headers["Host"] == nil {
                try headers.append("Host: \(parts.hostAndPort)")
            }
        } else {
            try set(CURLOPT_URL, request.url.reveal())
        }
        if parts.scheme == "https" {
            try set(request.trust)
        }
        if let signature = request.signature {
            try sign(request, with: signature, path: parts.rest, headers: headers)
        } else {
            try set(verb: request.method, body: request.body, headers: request.headers, list: headers)
        }
        for field in request.headers.fields {
            try headers.append(Self.line(field.name, field.value))
        }
        try set(CURLOPT_HTTPHEADER, headers)
    }

    private func set(_ policy: ConnectionPolicy, isTLS: Bool) throws(TransportError) {
        if policy.multiplexed {
            try set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_2TLS))
            // A hundred of them may be under way, each with a buffer of its own. Safe, because such a handle is used once.
            if isTLS { try set(CURLOPT_BUFFERSIZE, 4 << 10) }
            // Wait until the first connection knows whether it can be shared, instead of opening one for each request.
            try set(CURLOPT_PIPEWAIT, isTLS ? 1 : 0)
        } else {
            try set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
        }
        if !policy.mayUseProxy {
            try set(CURLOPT_NOPROXY, "*")
        }
    }

    private func set(
        verb: HTTPMethod, body: [UInt8]?, headers: HTTPHeaders, list: StringList
    ) throws(TransportError) {
        switch (verb, body) {
        case (.get, nil):
            try set(CURLOPT_HTTPGET, 1)
        case (.delete, nil):
            try set(CURLOPT_HTTPGET, 1)
            try set(CURLOPT_CUSTOMREQUEST, verb.rawValue)
        case (_, let body):
            // A verb that expects a body says so even when there is none: Content-Length: 0.
            try set(body: body ?? [])
            try set(CURLOPT_CUSTOMREQUEST, verb.rawValue)
            // A header without a value takes back what libcurl would send by itself: a guessed type, and a question
            // that most servers answer only after a second.
            if headers["Content-Type"] == nil {
                try list.append("Content-Type:")
            }
            try list.append("Expect:")
        }
    }

    /// A header as libcurl wants it; an empty value is written with a semicolon.
    static func line(_ name: String, _ value: Secret) throws(TransportError) -> String {
        let text = value.reveal()
        guard !name.isEmpty, name.utf8.allSatisfy(isTokenCharacter) else {
            throw .unsendable(detail: "a header name that is none")
        }
        guard text.utf8.allSatisfy({ ($0 >= 0x20 && $0 != 0x7F) || $0 == 0x09 }) else {
            throw .unsendable(detail: "a control character in the header \(name)")
        }
        return text.isEmpty ? "\(name);" : "\(name): \(text)"
    }

    /// RFC 9110, 5.6.2.
    private static func isTokenCharacter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }
}
