import JSON
import Transport

extension KubernetesClient {
    /// Makes one exchange and returns its answer when that is a success.
    ///
    /// A 401 is asked again once, when the credentials have something newer to offer than what was refused.
    func exchange(
        _ call: Call, as traffic: ConnectionGuard.Traffic = .call, to sink: (any BodySink)? = nil
    ) async throws(KubernetesError) -> HTTPResponse {
        let identity = try await configuration.credentials.identity()
        var answer = try await answer(to: request(for: call, as: identity), traffic, sink)
        if answer.status == 401, let newer = try await configuration.credentials.identity(replacing: identity) {
            answer = try await self.answer(to: request(for: call, as: newer), traffic, sink)
        }
        if let error = KubernetesError(answer: answer) {
            throw error
        }
        return answer
    }

    /// Makes one exchange and decodes its answer.
    func exchange<Body: JSONReadable>(_ call: Call, expecting body: Body.Type) async throws(KubernetesError) -> Body {
        let answer = try await exchange(call)
        return try JSON.decode(body, from: answer.body)
    }

    /// Makes one exchange of whose answer only the success matters.
    func exchangeForStatus(_ call: Call) async throws(KubernetesError) {
        let sink = StatusSink(limit: limits.objectBytes)
        var answer: HTTPResponse
        do {
            answer = try await exchange(call, to: sink)
        } catch .unanswered(.refusedBySink) {
            throw .garbled(detail: "a status of more than \(limits.objectBytes) bytes")
        }
        answer.body = sink.body
        if let error = KubernetesError(answer: answer) {
            throw error
        }
        _ = try JSON.decode(KindBody.self, from: answer.body)
    }

    private func answer(
        to request: HTTPRequest, _ traffic: ConnectionGuard.Traffic, _ sink: (any BodySink)?
    ) async throws(KubernetesError) -> HTTPResponse {
        connectionGuard.began(traffic, with: request)
        do throws(TransportError) {
            let answer =
                if let sink {
                    try await transport.stream(request, to: HeardSink(sink: sink, connectionGuard: connectionGuard))
                } else {
                    try await transport.send(request)
                }
            connectionGuard.ended(traffic, heard: true)
            return answer
        } catch {
            connectionGuard.ended(traffic, heard: error.isNews)
            throw .unanswered(error)
        }
    }

    private func request(for call: Call, as identity: Identity) -> HTTPRequest {
        var headers: HTTPHeaders = ["Accept": "application/json", "User-Agent": userAgent]
        headers["Content-Type"] = call.contentType
        if let token = identity.token {
            headers.append("Authorization", Secret("Bearer " + token.reveal()))
        }
        var trust = configuration.trust
        trust.clientCertificate = identity.certificate
        trust.clientKey = identity.key
        return HTTPRequest(
            method: call.method,
            url: Secret(configuration.server + call.target),
            headers: headers,
            body: call.body,
            timeout: call.limit,
            connectTimeout: limits.connect,
            bodyLimit: limits.objectBytes,
            connection: .multiplexed,
            trust: trust)
    }
}

/// Tells the guard that the connection lives whenever the head or a piece of a stream arrives.
private struct HeardSink: BodySink {
    let sink: any BodySink
    let connectionGuard: ConnectionGuard

    func begin(_ head: HTTPResponse) -> Bool {
        connectionGuard.heard()
        return sink.begin(head)
    }

    func receive(_ bytes: [UInt8]) -> Bool {
        connectionGuard.heard()
        return sink.receive(bytes)
    }
}

extension TransportError {
    /// Whether the end of the exchange tells something of the connection's state: our own time running out or our own
    /// cancellation don't.
    fileprivate var isNews: Bool {
        switch self {
        case .timedOut, .cancelled: false
        default: true
        }
    }
}
