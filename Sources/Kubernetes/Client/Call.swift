import Transport

/// One request to the API server, before it is known which server that is and who we are.
struct Call: Sendable {
    /// The verb.
    var method: HTTPMethod = .get
    /// The path, every segment percent-encoded already (`Call.path`).
    var path: String
    /// Names and plain values of the query.
    var query: [(name: String, value: String)] = []
    /// What `body` is.
    var contentType: String?
    /// The body; `nil` sends none.
    var body: [UInt8]?
    /// Time for the whole exchange.
    var limit: Duration

    /// A path from its plain segments.
    static func path(_ segments: String...) -> String { path(segments) }

    /// The same for segments in a list.
    static func path(_ segments: [String]) -> String {
        segments.reduce(into: "") { path, segment in
            path += "/"
            path += segment.percentEncoded
        }
    }

    /// Path and query as they are sent.
    var target: String {
        guard !query.isEmpty else { return path }
        return path + "?" + query.map { $0.name.percentEncoded + "=" + $0.value.percentEncoded }.joined(separator: "&")
    }
}
