import CLibcurl

/// Turns libcurl's result of a transfer into the module's own error.
enum CurlFailure {
    /// What libcurl knew when the transfer ended.
    struct Facts {
        /// The host's name as written in the URL.
        var host: String
        /// Whether the request was under way: connected, and begun to be sent.
        var wasConnected: Bool
        /// The last reply code of a mail server; 0 if there is none.
        var mailReply: Int
        /// libcurl's words about this failure.
        var text: String
    }

    /// The error for that code; https://curl.se/libcurl/c/libcurl-errors.html.
    static func error(_ code: CURLcode, _ facts: Facts) -> TransportError {
        switch code {
        case CURLE_OPERATION_TIMEDOUT:
            return .timedOut(phase: facts.wasConnected ? .answering : .connecting)
        case CURLE_COULDNT_RESOLVE_HOST:
            return .unresolved(host: facts.host)
        case CURLE_COULDNT_RESOLVE_PROXY, CURLE_PROXY:
            return .unreachable(detail: name(of: code))
        case CURLE_COULDNT_CONNECT, CURLE_INTERFACE_FAILED:
            return .unreachable(detail: detail(code, facts))
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER,
            CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CRL_BADFILE, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_PINNEDPUBKEYNOTMATCH,
            CURLE_SSL_INVALIDCERTSTATUS, CURLE_SSL_CLIENTCERT, CURLE_SSL_ENGINE_NOTFOUND, CURLE_SSL_ENGINE_SETFAILED,
            CURLE_SSL_ENGINE_INITFAILED, CURLE_USE_SSL_FAILED:
            return .untrusted(detail: detail(code, facts))
        case _ where facts.mailReply >= 400:
            return .mailRefused(code: facts.mailReply)
        case CURLE_URL_MALFORMAT, CURLE_BAD_FUNCTION_ARGUMENT, CURLE_UNKNOWN_OPTION, CURLE_NOT_BUILT_IN,
            CURLE_FAILED_INIT:
            return .unsendable(detail: name(of: code))
        // Also the code for an answer that is no HTTP at all (or HTTP/0.9), then after the request was sent.
        case CURLE_UNSUPPORTED_PROTOCOL, CURLE_OUT_OF_MEMORY:
            return facts.wasConnected ? .garbled(detail: detail(code, facts)) : .unsendable(detail: name(of: code))
        // TLS 1.3 servers refuse our certificate, or the lack of one, only after the handshake.
        case CURLE_RECV_ERROR where facts.text.contains("SSL routines") && facts.text.contains("alert"):
            return .untrusted(detail: detail(code, facts))
        case CURLE_RECV_ERROR where facts.text.hasSuffix("in chunked-encoding"):
            return .garbled(detail: detail(code, facts))
        case CURLE_WEIRD_SERVER_REPLY, CURLE_BAD_CONTENT_ENCODING, CURLE_WRITE_ERROR, CURLE_LOGIN_DENIED,
            CURLE_HTTP_RETURNED_ERROR:
            return .garbled(detail: detail(code, facts))
        default:
            return .connectionLost(detail: detail(code, facts))
        }
    }

    /// libcurl's fixed words for that code.
    static func name(of code: CURLcode) -> String {
        unsafe curl_easy_strerror(code).map { unsafe String(cString: $0) } ?? "libcurl error \(code.rawValue)"
    }

    /// libcurl's words about this failure, which name hosts, ports and certificates but never a path, a header or a
    /// body; cut to a line.
    private static func detail(_ code: CURLcode, _ facts: Facts) -> String {
        facts.text.isEmpty ? name(of: code) : String(facts.text.prefix(200))
    }
}
