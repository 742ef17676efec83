/// What becomes of a request at the door.
enum RequestEntry {
    /// It is answered there.
    case answered(LabResponse)
    /// It goes on, maybe not at once, maybe with something that happens to its answer.
    case admitted(after: Duration?, effect: ClusterFault.Effect?)
}

extension ClusterState {
    /// What the API server does with every request before it looks at objects.
    mutating func receive(_ call: APICall) -> (RequestEntry, ClusterUser) {
        ledger.arrived(call)
        let effect = fault(for: call)
        guard let user = user(of: call) else {
            return (refused(.unauthorized), ClusterUser(name: ""))
        }
        if let effect, let response = answer(to: call, under: effect, user) { return (.answered(response), user) }
        let isOpen = call.resourceName.isEmpty && Self.openPaths.contains(call.request.path)
        if let limit = settings.maxInFlight, call.verb != "watch", inFlight >= limit {
            return (.answered(LabResponse.tooManyRequests(retryAfter: 1).with(auditID: random.uuid())), user)
        }
        if !isOpen, let refusal = authorize(call, user) { return (refused(refusal), user) }
        if call.verb != "watch" { inFlight += 1 }
        var after: Duration?
        if case .delay(let duration)? = effect { after = now + duration }
        if after == nil, call.verb == "create", call.subresource == "eviction" { after = evictionAnswer }
        return (.admitted(after: after, effect: effect), user)
    }

    /// Notes what became of a request.
    mutating func dispatched(
        _ call: APICall, _ user: ClusterUser, _ response: LabResponse, _ entry: RequestEntry
    ) {
        if case .admitted = entry, call.verb != "watch" { inFlight -= 1 }
        var status = response.status
        if case .answer = response.fate {} else { status = 0 }
        ledger.answered(
            RequestRecord(
                time: now, verb: call.verb, resource: call.qualifiedResource, namespace: call.namespace,
                name: call.name, user: user.name, status: status,
                userAgent: call.request.header("User-Agent") ?? "", connection: call.request.connectionNumber,
                isHTTP2: call.request.isHTTP2))
    }

    /// The header fields of an answer, in the real server's order.
    mutating func headers(of response: LabResponse) -> [(name: String, value: String)] {
        var headers = [(name: "Audit-Id", value: random.uuid()), (name: "Cache-Control", value: "no-cache, private")]
        headers += response.headers
        if let offset = settings.dateOffset {
            let (seconds, attoseconds) = (now + offset).components
            let time = WallTime(microseconds: seconds * 1_000_000 + attoseconds / 1_000_000_000_000)
            headers.append((name: "Date", value: time.http))
        }
        headers.append((name: "X-Kubernetes-Pf-Flowschema-Uid", value: "d935cf19-ebea-447c-b9b0-40e80bbabf75"))
        headers.append((name: "X-Kubernetes-Pf-Prioritylevel-Uid", value: "8890b17d-1677-4688-9ed9-c218e7eb3842"))
        return headers
    }

    private static let openPaths: Set<String> = ["/livez", "/readyz", "/healthz", "/version", "/version/"]

    private mutating func fault(for call: APICall) -> ClusterFault.Effect? {
        for index in faults.indices where faults[index].hits(call, &random) { return faults[index].effect }
        return nil
    }

    private func user(of call: APICall) -> ClusterUser? {
        if let subject = call.request.header("x-lab-client-certificate") { return .certificate(subject) }
        guard let header = call.request.header("Authorization") else { return .anonymous }
        guard header.hasPrefix("Bearer ") else { return .anonymous }
        return access.user(
            withToken: String(header.dropFirst(7)), at: now, boundTokenLifetime: settings.boundTokenLifetime)
    }

    private func authorize(_ call: APICall, _ user: ClusterUser) -> APIStatus? {
        if call.resourceName.isEmpty {
            if user != .anonymous { return nil }
            return APIStatus(
                code: 403, reason: "Forbidden",
                message: "forbidden: User \"\(user.name)\" cannot \(call.verb) path \"\(call.request.path)\"",
                hasEmptyDetails: true, isAuthorization: true)
        }
        return access.allows(user, call.attempt) ? nil : forbidden(call, user)
    }

    private func forbidden(_ call: APICall, _ user: ClusterUser) -> APIStatus {
        let place = call.namespace.map { "in the namespace \"\($0)\"" } ?? "at the cluster scope"
        return .forbidden(
            call.resourceName, group: call.group, call.name,
            "User \"\(user.name)\" cannot \(call.verb) resource \"\(call.qualifiedResource)\" in API group "
                + "\"\(call.group)\" \(place)",
            isAuthorization: true)
    }

    private mutating func refused(_ status: APIStatus) -> RequestEntry {
        var response = LabResponse(refusal: status)
        if status.code == 401 {
            response = response.with(auditID: random.uuid())
        } else {
            response.headers = headers(of: response)
        }
        return .answered(response)
    }

    private var evictionAnswer: Duration? {
        switch settings.evictionLatency {
        case .none: return nil
        case .each(let duration): return now + duration
        case .untilNextTick(let tick):
            let (seconds, attoseconds) = tick.components
            let nanoseconds = max(1, seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
            let (whole, rest) = now.components
            let present = whole * 1_000_000_000 + rest / 1_000_000_000
            return .nanoseconds((present / nanoseconds + 1) * nanoseconds)
        }
    }

    /// The answer that a fault gives in the place of the API server's own; nil when it only touches that one.
    private mutating func answer(
        to call: APICall, under effect: ClusterFault.Effect, _ user: ClusterUser
    ) -> LabResponse? {
        let name = call.name ?? ""
        let status: APIStatus
        switch effect {
        case .delay, .slow, .truncated, .lostAnswer: return nil
        case .hang: return LabResponse(status: 0, fate: .hang)
        case .drop: return LabResponse(status: 0, fate: .drop)
        case .silence: return LabResponse(status: 0, fate: .silence)
        case .tooManyRequests(let seconds):
            return LabResponse.tooManyRequests(retryAfter: seconds).with(auditID: random.uuid())
        case .answer(let code, let type, let body):
            return LabResponse(
                status: code, headers: [(name: "Content-Type", value: type)], body: .bytes(Array(body.utf8)))
        case .unauthorized: return LabResponse(refusal: .unauthorized).with(auditID: random.uuid())
        case .forbidden: status = forbidden(call, user)
        case .notFound: status = .notFound(call.resource ?? .pods, name)
        case .conflict: status = .modified(call.resource ?? .pods, name)
        case .gone:
            status = .tooOld(1, store.resourceVersion)
            if call.verb == "watch" {
                var line: [UInt8] = []
                WatchEvent.print("ERROR", status.json, into: &line)
                var response = LabResponse.json(200, String(decoding: line, as: UTF8.self))
                response.headers = headers(of: response)
                return response
            }
        case .budget(let name, let isProcessing):
            status =
                isProcessing
                ? .budget("The disruption budget \(name) is still being processed by the server.", retryAfter: 10)
                : .budget("The disruption budget \(name) needs 1 healthy pods and has 1 currently")
        case .internalError:
            status = APIStatus(
                code: 500, reason: "InternalError", message: "Internal error occurred: simulated",
                causes: [APIStatus.Cause(reason: nil, message: "simulated", field: nil)])
        case .unavailable:
            status = APIStatus(
                code: 503, reason: "ServiceUnavailable",
                message: "the server is currently unable to handle the request")
        case .timeout:
            status = APIStatus(
                code: 504, reason: "Timeout",
                message: "Timeout: request did not complete within the allotted timeout", hasEmptyDetails: true)
        case .webhookDenial(let webhook, let code, let message):
            status = APIStatus(
                code: code, reason: code == 403 ? "Forbidden" : nil,
                message: "admission webhook \"\(webhook)\" denied the request: \(message)")
        }
        var response = LabResponse(refusal: status)
        response.headers = headers(of: response)
        return response
    }
}

extension LabResponse {
    /// A refusal as the API server sends it, without the headers that all answers have.
    init(refusal: APIStatus) {
        self = .json(refusal.code, refusal.json.text + "\n")
        if let seconds = refusal.retryAfter { headers.append((name: "Retry-After", value: String(seconds))) }
        if refusal.isAuthorization { headers.append((name: "X-Content-Type-Options", value: "nosniff")) }
    }

    /// What flow control answers; it is no JSON.
    static func tooManyRequests(retryAfter: Int) -> LabResponse {
        LabResponse(
            status: 429,
            headers: [
                (name: "Content-Type", value: "text/plain; charset=utf-8"),
                (name: "Retry-After", value: String(retryAfter)),
                (name: "X-Content-Type-Options", value: "nosniff"),
            ],
            body: .bytes(Array("Too many requests, please try again later.\n".utf8)))
    }

    /// What the router answers to a path that it does not know.
    static var notFoundPage: LabResponse {
        LabResponse(
            status: 404,
            headers: [
                (name: "Content-Type", value: "text/plain; charset=utf-8"),
                (name: "X-Content-Type-Options", value: "nosniff"),
            ],
            body: .bytes(Array("404 page not found\n".utf8)))
    }

    /// The answer with the headers of those that never reach flow control.
    fileprivate func with(auditID: String) -> LabResponse {
        var response = self
        response.headers =
            [(name: "Audit-Id", value: auditID), (name: "Cache-Control", value: "no-cache, private")] + headers
        return response
    }
}
