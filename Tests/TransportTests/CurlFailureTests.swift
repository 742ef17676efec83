import CLibcurl
import Testing

@testable import Transport

@Suite struct CurlFailureTests {
    private func error(_ code: CURLcode, wasConnected: Bool = true, mailReply: Int = 0, text: String = "why")
        -> TransportError
    {
        CurlFailure.error(
            code, CurlFailure.Facts(host: "a.example", wasConnected: wasConnected, mailReply: mailReply, text: text))
    }

    @Test(arguments: [
        (CURLE_COULDNT_RESOLVE_HOST, TransportError.unresolved(host: "a.example")),
        (CURLE_COULDNT_CONNECT, .unreachable(detail: "why")),
        (CURLE_PEER_FAILED_VERIFICATION, .untrusted(detail: "why")),
        (CURLE_SSL_CONNECT_ERROR, .untrusted(detail: "why")),
        (CURLE_USE_SSL_FAILED, .untrusted(detail: "why")),
        (CURLE_HTTP2, .connectionLost(detail: "why")),
        (CURLE_HTTP2_STREAM, .connectionLost(detail: "why")),
        (CURLE_PARTIAL_FILE, .connectionLost(detail: "why")),
        (CURLE_GOT_NOTHING, .connectionLost(detail: "why")),
        (CURLE_SEND_ERROR, .connectionLost(detail: "why")),
        (CURLE_RECV_ERROR, .connectionLost(detail: "why")),
        (CURLE_WEIRD_SERVER_REPLY, .garbled(detail: "why")),
        (CURLE_OPERATION_TIMEDOUT, .timedOut(phase: .answering)),
    ])
    func `a code means what the caller can do about it`(code: CURLcode, expected: TransportError) {
        #expect(error(code) == expected)
    }

    @Test func `a certificate refused after the handshake is a matter of trust`() {
        let text = "OpenSSL SSL_read: error:0A00045C:SSL routines::tlsv13 alert certificate required, errno 0"
        #expect(error(CURLE_RECV_ERROR, text: text) == .untrusted(detail: text))
    }

    @Test func `before the connection is there, time runs out while connecting`() {
        #expect(error(CURLE_OPERATION_TIMEDOUT, wasConnected: false) == .timedOut(phase: .connecting))
    }

    @Test func `an unknown protocol is ours before the connection and theirs after it`() {
        #expect(error(CURLE_UNSUPPORTED_PROTOCOL, wasConnected: false) == .unsendable(detail: "Unsupported protocol"))
        #expect(error(CURLE_UNSUPPORTED_PROTOCOL) == .garbled(detail: "why"))
    }

    @Test func `a refusal by a mail server wins over the broken connection behind it`() {
        #expect(error(CURLE_SEND_ERROR, mailReply: 550) == .mailRefused(code: 550))
        #expect(error(CURLE_RECV_ERROR, mailReply: 354) == .connectionLost(detail: "why"))
    }

    @Test func `words that may quote the request are not repeated, others are bounded`() {
        #expect(error(CURLE_URL_MALFORMAT) == .unsendable(detail: "URL using bad/illegal format or missing URL"))
        #expect(
            error(CURLE_SEND_ERROR, text: String(repeating: "x", count: 300))
                == .connectionLost(detail: String(repeating: "x", count: 200)))
        #expect(
            error(CURLE_GOT_NOTHING, text: "")
                == .connectionLost(detail: "Server returned nothing (no headers, no data)"))
    }
}
