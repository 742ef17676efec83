import Transport

/// One call of a query API: the action and its parameters, in order.
struct QueryCall: Sendable {
    /// The API's own name of the action.
    let action: String
    /// Its parameters.
    let parameters: [(name: String, value: String)]
    /// Whether it is signed; only STS's exchange of a web identity is not.
    let isSigned: Bool

    init(_ action: String, _ parameters: [(name: String, value: String)], isSigned: Bool = true) {
        self.action = action
        self.parameters = parameters
        self.isSigned = isSigned
    }

    /// The request, always a POST of a form to a plain path with an explicit scope: the shape whose signature is known to be right. A call
    /// that must be signed and has nothing to be signed with is refused here, before anything else could send it unsigned.
    func request(
        to url: String, of endpoint: ServiceEndpoint, region: String, credentials: AWSCredentials?
    ) throws(QueryError) -> HTTPRequest {
        let fields = [(name: "Action", value: action), (name: "Version", value: endpoint.version)] + parameters
        var request = HTTPRequest(
            method: .post, url: Secret(url), headers: ["Content-Type": FormBody.contentType],
            body: FormBody(fields).bytes,
            bodyLimit: XMLDocument.byteLimit)
        guard isSigned else { return request }
        guard let credentials else { throw .credentials(.none) }
        guard !region.isEmpty else { throw .misconfigured("no region to sign for") }
        request.signature = AWSSignature(
            region: region, service: endpoint.service, accessKeyID: credentials.accessKeyID,
            secretAccessKey: credentials.secretAccessKey, sessionToken: credentials.sessionToken)
        return request
    }
}

/// How an answer of a query API is to be taken.
enum QueryVerdict: Sendable, Equatable {
    /// The answer's document.
    case success(XMLNode)
    /// AWS asks for patience, or failed itself.
    case retry(String)
    /// The credentials are too old.
    case expired(code: String, message: String)
    /// Refused for good.
    case refused(code: String, message: String)
    /// No document of this API.
    case unreadable(XMLError)

    private static let patience: Set = [
        "Throttling", "ThrottlingException", "ThrottledException", "RequestThrottled", "RequestThrottledException",
        "RequestLimitExceeded", "TooManyRequestsException", "SlowDown", "PriorRequestNotComplete", "RequestTimeout",
        "RequestTimeoutException", "ResourceContention", "IDPCommunicationError",
    ]
    private static let retriedStatuses: Set = [429, 500, 502, 503, 504]

    /// Reads the answer to `call`.
    init(_ response: HTTPResponse, to call: QueryCall) {
        if response.isSuccess {
            do throws(XMLError) {
                let root = try XMLDocument.parse(response.body)
                guard root.name == "\(call.action)Response" else {
                    throw .unexpectedRoot(root.name.printable(limit: 64))
                }
                self = .success(root)
            } catch {
                self = .unreadable(error)
            }
            return
        }
        // A failure whose body is no error document still has a status to go by.
        let error = (try? XMLDocument.parse(response.body))?["Error"]
        let code = error?["Code"]?.text.trimmed.printable(limit: 64) ?? "status \(response.status)"
        let message = error?["Message"]?.text.trimmed.printable(limit: 300) ?? "no message"
        if QueryVerdict.retriedStatuses.contains(response.status) || QueryVerdict.patience.contains(code) {
            self = .retry("\(code): \(message)")
        } else if call.isSigned, code == "ExpiredToken" || code == "ExpiredTokenException" {
            self = .expired(code: code, message: message)
        } else {
            self = .refused(code: code, message: message)
        }
    }
}
