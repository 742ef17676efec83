import CLibcurl

extension Transfer {
    /// Gives the easy handle everything that the work needs; throws `unsendable` for what cannot be sent as asked.
    func prepare(_ work: Order.Work, at now: Int64) throws(TransportError) {
        switch work {
        case .http(let request, _):
            let parts = try aim(at: request.url)
            try easy.configure(request, to: parts)
            if isRepeated, request.trust.serverName == nil { try easy.parseAhead(request.url.reveal()) }
            isMultiplexed = request.connection.multiplexed && parts.scheme == "https"
            deadline = request.timeout.map { now + Int64($0.wholeMilliseconds) * 1_000_000 }
        case .mail(let message):
            let parts = try aim(at: message.server)
            try easy.configure(message, to: parts)
            outgoing = message.wireContent[...]
            deadline = now + Int64(message.timeout.wholeMilliseconds) * 1_000_000
            isMail = true
        }
        try easy.attach(self)
    }

    /// The answer, or what libcurl's code for its end means.
    func result(_ code: CURLcode) -> Result<HTTPResponse, TransportError> {
        if let failure = answer.failure {
            return .failure(failure)
        }
        let mailReply = isMail ? unsafe clibcurl_long(easy.raw, CURLINFO_RESPONSE_CODE) : 0
        guard code == CURLE_OK else {
            let isUnderWay = unsafe clibcurl_offset(easy.raw, CURLINFO_PRETRANSFER_TIME_T) > 0
            let facts = CurlFailure.Facts(
                host: host, wasConnected: isUnderWay || mailReply > 0, mailReply: mailReply, text: easy.errorText)
            return .failure(CurlFailure.error(code, facts))
        }
        if isMail {
            return .success(HTTPResponse(status: mailReply))
        }
        guard answer.hasHead else { return .failure(.connectionLost(detail: "the headers are not whole")) }
        let version = unsafe clibcurl_long(easy.raw, CURLINFO_HTTP_VERSION)
        return .success(
            HTTPResponse(
                status: answer.status, headers: answer.headers, body: answer.body,
                isHTTP2: version == Int(CURL_HTTP_VERSION_2_0))
        )
    }

    private func aim(at url: Secret) throws(TransportError) -> URLParts {
        guard let parts = URLParts(url.reveal()) else { throw .unsendable(detail: "the URL is none") }
        origin = parts.comparableOrigin
        host = String(parts.host)
        return parts
    }
}
