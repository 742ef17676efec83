@testable import Simulators

/// Signs calls of the Auto Scaling API for tests.
struct SignedCall {
    let credentials: SimulatedCredentials
    var region = "us-east-1"
    var service = "autoscaling"

    /// A signed call with those parameters beside the version.
    func request(_ action: String, _ parameters: [(String, String)] = [], at time: WallTime) -> LabRequest {
        let pairs = [("Action", action), ("Version", "2011-01-01")] + parameters
        let body = Array(pairs.map { "\($0.0)=\($0.1)" }.joined(separator: "&").utf8)
        var headers = [
            (name: "Host", value: "127.0.0.1:4567"), (name: "X-Amz-Date", value: time.basic),
            (name: "Content-Type", value: "application/x-www-form-urlencoded; charset=utf-8"),
        ]
        if let token = credentials.sessionToken { headers.append((name: "X-Amz-Security-Token", value: token)) }
        var request = LabRequest(method: "POST", path: "/", headers: headers, body: body)
        let names = headers.map { $0.name.lowercased() }.sorted().joined(separator: ";")
        let scope = "\(time.basic.prefix(8))/\(region)/\(service)/aws4_request"
        let unsigned =
            "AWS4-HMAC-SHA256 Credential=\(credentials.accessKeyID)/\(scope), SignedHeaders=\(names), Signature="
        let signature = RequestSignature(authorization: unsigned + "none")?
            .expected(for: request, secret: credentials.secretAccessKey)
        request.headers.append((name: "Authorization", value: unsigned + (signature ?? "")))
        return request
    }
}

/// The text of the first element of that name in an XML answer; nil when there is none.
func element(_ name: String, in answer: LabResponse) -> String? {
    guard let text = answer.text, let start = text.firstRange(of: "<\(name)>"),
        let end = text[start.upperBound...].firstRange(of: "</\(name)>")
    else { return nil }
    return String(text[start.upperBound..<end.lowerBound])
}
