import Interruption
import Transport

@testable import AWS

/// Answers of the query APIs: the XML, the verdict, and what is read from a document that succeeds.
@Sendable func examineQuery(_ input: [UInt8]) {
    examineXML(input)
    for status in [200, 400, 503] {
        let response = HTTPResponse(status: status, body: input)
        switch QueryVerdict(response, to: QueryCall("DescribeLifecycleHooks", [])) {
        case .success(let root): expect(root.name == "DescribeLifecycleHooksResponse", "the answer is of the call")
        case .retry(let words): expect(isFitForALine(words, limit: 1600), "bounded words")
        case .expired(let code, let message), .refused(let code, let message):
            expect(status != 200, "a success is never a refusal")
            expect(isFitForALine("\(code): \(message)", limit: 1600), "bounded words")
        case .unreadable(let error):
            expect(status == 200, "a refusal is never unreadable")
            expect(isFitForALine("\(error)", limit: 1600), "bounded error \(error)")
        }
    }
    // Waiting costs more than everything before.
    guard let root = try? XMLDocument.parse(input), root.name.hasSuffix("Response"), !root.children.isEmpty else {
        return
    }
    let failures = blocking { await callEverything(answeredBy: input) } ?? []
    for words in failures { expect(isFitForALine(words, limit: 4000), "bounded error") }
}

private func examineXML(_ input: [UInt8]) {
    guard let root = try? XMLDocument.parse(input) else { return }
    expect(root.depth <= XMLDocument.depthLimit, "depth is bounded")
    expect(root.bytes <= input.count * 4, "text does not grow")
    expect((try? XMLDocument.parse(input)) == root, "parsing is a function")
    // What was read and written again reads the same.
    expect((try? XMLDocument.parse(Array(root.written.utf8))) == root, "a written document reads the same")
}

extension XMLNode {
    fileprivate var depth: Int { 1 + (children.map(\.depth).max() ?? 0) }
    fileprivate var bytes: Int { name.utf8.count + text.utf8.count + children.reduce(0) { $0 + $1.bytes } }

    fileprivate var written: String {
        let escaped = text.unicodeScalars.map { scalar in
            switch scalar {
            case "<": "&lt;"
            case "&": "&amp;"
            case ">": "&gt;"
            case "\r": "&#13;"
            default: String(scalar)
            }
        }.joined()
        return "<\(name)>\(escaped)\(children.map(\.written).joined())</\(name)>"
    }
}

private struct OneAnswer: HTTPTransport {
    let body: [UInt8]

    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        HTTPResponse(status: 200, body: body)
    }
    func stream(_ request: HTTPRequest, to sink: any BodySink) async throws(TransportError) -> HTTPResponse {
        try await send(request)
    }
    func abandonConnections(to origin: String) {}
}

/// Every call that reads something, each answered by `body`; what the failures say.
private func callEverything(answeredBy body: [UInt8]) async -> [String] {
    let timeline = HastyTimeline()
    let variables = [
        "AWS_REGION": "eu-west-1", "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI",
    ]
    let surroundings = Surroundings(variable: { variables[$0] }, readFile: { _ in [] })
    let clock = WorldClock(anchor: anchor, remark: { _ in })
    let transport = OneAnswer(body: body)
    let metadata = MetadataService(
        endpoint: .ipv4, mode: .optional, patience: .init(), transport: transport, timeline: timeline, clock: clock,
        remark: { _ in })
    let region = RegionFinder(surroundings: surroundings, facts: MachineFacts(metadata: metadata))
    let cache = CredentialCache(
        sources: [EnvironmentCredentials(surroundings: surroundings)], timeline: timeline, clock: clock)
    let client = { (endpoint: ServiceEndpoint) in
        QueryClient(
            endpoint: endpoint, surroundings: surroundings, transport: transport, timeline: timeline,
            jitter: Jitter(), credentials: cache, region: region, remark: { _ in })
    }
    let groups = AutoScalingAPI(client: client(.autoScaling))
    let deadline = Moment(sinceOrigin: .seconds(1))
    var failures: [String] = []
    do throws(QueryError) {
        _ = try await groups.membership(of: "i-0bb697ef2705e5b37", until: deadline)
    } catch { failures.append("\(error)") }
    do throws(QueryError) {
        for hook in try await groups.terminationHooks(of: "group", until: deadline) {
            expect(hook.timeout.map { $0 > .zero } ?? true, "a timeout is a time")
        }
    } catch { failures.append("\(error)") }
    do throws(QueryError) {
        _ = try await SecurityTokenService(client: client(.sts)).assumeRole(
            "role", session: "session", webIdentityToken: "t0ken", until: deadline)
    } catch { failures.append("\(error)") }
    return failures
}
