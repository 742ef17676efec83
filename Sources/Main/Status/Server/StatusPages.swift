/// What the pages say.
public struct StatusPages: Sendable {
    /// How long an answer's text may be that is not the metrics.
    private static let textLimit = 4 << 10

    private let metrics: @Sendable () -> String
    private let heartbeatAge: @Sendable () -> Duration
    private let heartbeatLimit: Duration
    private let obstacles: @Sendable () -> [String]

    /// Pages from their sources, each of which must answer at once.
    ///
    /// - Parameters:
    ///   - metrics: The text exposition.
    ///   - heartbeatAge: How long ago the daemon's loops turned last.
    ///   - heartbeatLimit: The age from which on the daemon counts as stuck.
    ///   - obstacles: Why the daemon could not do its work just now, in plain words; empty when it could.
    public init(
        metrics: @escaping @Sendable () -> String,
        heartbeatAge: @escaping @Sendable () -> Duration,
        heartbeatLimit: Duration = .seconds(60),
        obstacles: @escaping @Sendable () -> [String]
    ) {
        self.metrics = metrics
        self.heartbeatAge = heartbeatAge
        self.heartbeatLimit = heartbeatLimit
        self.obstacles = obstacles
    }

    /// The answer to a request.
    func answer(to method: String, target: String) -> StatusAnswer {
        let path = target.prefix { $0 != "?" }
        guard ["/metrics", "/healthz", "/readyz"].contains(path) else {
            return .plain(404, "not found; there are /metrics, /healthz and /readyz\n")
        }
        guard method == "GET" || method == "HEAD" else {
            var answer = StatusAnswer.plain(405, "only GET and HEAD\n")
            answer.headers.append(("Allow", "GET, HEAD"))
            return answer
        }
        return switch path {
        case "/metrics":
            StatusAnswer(status: 200, contentType: "text/plain; version=0.0.4; charset=utf-8", body: metrics())
        case "/healthz": health
        default: readiness
        }
    }

    private var health: StatusAnswer {
        let age = heartbeatAge()
        guard age >= heartbeatLimit else { return .plain(200, "ok\n") }
        return .plain(503, "the main loop has not turned for \(age.components.seconds) s\n")
    }

    private var readiness: StatusAnswer {
        let reasons = obstacles()
        guard !reasons.isEmpty else { return .plain(200, "ready\n") }
        let text = reasons.map { String($0.map { $0.isNewline ? " " : $0 }) + "\n" }.joined()
        guard text.utf8.count > StatusPages.textLimit else { return .plain(503, text) }
        return .plain(503, String(decoding: text.utf8.prefix(StatusPages.textLimit), as: UTF8.self) + "\n")
    }
}

/// An answer of the status server.
struct StatusAnswer: Sendable {
    /// The HTTP status.
    var status: Int
    /// What kind of text the body is.
    var contentType: String
    /// The text.
    var body: String
    /// Further headers.
    var headers: [(String, String)] = []

    /// An answer for people.
    static func plain(_ status: Int, _ text: String) -> StatusAnswer {
        StatusAnswer(status: status, contentType: "text/plain; charset=utf-8", body: text)
    }
}
