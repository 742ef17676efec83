import CLibcurl

/// A `CURL*` with what must live as long as it: the error text's buffer and the lists it points to.
///
/// Safe: both pointers are made in `init`, freed in `deinit` only, and used by the loop's thread only.
@safe final class EasyHandle {
    /// The handle itself; valid as long as this object.
    let raw: UnsafeMutableRawPointer

    private let words: UnsafeMutablePointer<CChar>
    private var lists: [StringList] = []
    private var parsedURL: ParsedURL?

    /// A new handle, or `nil` if there is no memory.
    init?() {
        guard let raw = unsafe curl_easy_init() else { return nil }
        unsafe self.raw = raw
        unsafe words = .allocate(capacity: Int(CURL_ERROR_SIZE))
        unsafe words.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    }

    deinit {
        unsafe curl_easy_cleanup(raw)
        unsafe words.deallocate()
    }

    /// Forgets all options, headers, bodies and secrets of the last request, and takes what is the same for every next
    /// one.
    func reset(connectTimeout: Duration, timeout: Duration?) throws(TransportError) {
        scrub()
        unsafe words.pointee = 0
        try unsafe set(CURLOPT_ERRORBUFFER, pointer: words)
        try set(CURLOPT_NOSIGNAL, 1)
        // Without it, ending a transfer that still looks up its name waits for the resolver's thread, and everybody
        // else with it.
        try set(CURLOPT_QUICK_EXIT, 1)
        try set(CURLOPT_CONNECTTIMEOUT_MS, connectTimeout.wholeMilliseconds)
        try set(CURLOPT_TIMEOUT_MS, timeout?.wholeMilliseconds ?? 0)
        try set(CURLOPT_UPLOAD_BUFFERSIZE, 16 << 10)
        try set(CURLOPT_TCP_KEEPALIVE, 1)
        try set(CURLOPT_TCP_KEEPIDLE, 20)
        try set(CURLOPT_TCP_KEEPINTVL, 5)
    }

    /// Forgets the options, lists and bodies of the last request, so that none waits in the pool.
    func scrub() {
        unsafe curl_easy_reset(raw)
        lists.removeAll(keepingCapacity: true)
        parsedURL = nil
    }

    /// Sets a number.
    func set(_ option: CURLoption, _ value: Int) throws(TransportError) {
        try check(unsafe clibcurl_set_long(raw, option, value))
    }

    /// Sets a text, which libcurl copies; `nil` clears it.
    func set(_ option: CURLoption, _ value: String?) throws(TransportError) {
        guard let value else { return try check(unsafe clibcurl_set_string(raw, option, nil)) }
        // libcurl would read such a text only up to there, and send something else than was asked.
        guard !value.utf8.contains(0) else { throw .unsendable(detail: "a zero byte in a setting") }
        try check(unsafe value.withCString { unsafe clibcurl_set_string(raw, option, $0) })
    }

    /// Sets a pointer, which must stay valid as long as the transfer.
    @unsafe func set(_ option: CURLoption, pointer: UnsafeMutableRawPointer?) throws(TransportError) {
        try check(unsafe clibcurl_set_pointer(raw, option, pointer))
    }

    /// Sets bytes, which libcurl copies.
    func set(_ option: CURLoption, blob: [UInt8]) throws(TransportError) {
        try check(unsafe blob.withUnsafeBytes { unsafe clibcurl_set_blob(raw, option, $0.baseAddress, $0.count) })
    }

    /// Sets a list, and keeps it as long as libcurl may read it.
    func set(_ option: CURLoption, _ list: StringList) throws(TransportError) {
        lists.append(list)
        try check(unsafe clibcurl_set_pointer(raw, option, list.head))
    }

    /// Has the URL parsed now, for a transfer that is made again and again; what cannot be parsed stays to be told by the transfer.
    func parseAhead(_ url: String) throws(TransportError) {
        guard let parsed = ParsedURL(url) else { return }
        parsedURL = parsed
        try unsafe set(CURLOPT_CURLU, pointer: parsed.raw)
    }

    /// Sets the body, which libcurl copies.
    func set(body: [UInt8]) throws(TransportError) {
        try check(unsafe clibcurl_set_offset(raw, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count)))
        // Of no bytes there may be no address, and without one libcurl would ask the read callback for a body.
        try check(
            unsafe (body.isEmpty ? [0] : body).withUnsafeBytes { bytes in
                unsafe clibcurl_set_pointer(
                    raw, CURLOPT_COPYPOSTFIELDS, UnsafeMutableRawPointer(mutating: bytes.baseAddress))
            }
        )
    }

    /// An option that libcurl does not take means that the request would not be what was asked: it is not sent.
    func check(_ code: CURLcode) throws(TransportError) {
        guard code == CURLE_OK else { throw .unsendable(detail: CurlFailure.name(of: code)) }
    }

    /// libcurl's own words about what went wrong, if it had any.
    var errorText: String {
        unsafe String(cString: words)
    }
}

extension Duration {
    /// Milliseconds, rounded up, at least 1 (0 would mean forever to libcurl) and at most a day.
    var wholeMilliseconds: Int {
        let (seconds, attoseconds) = components
        let milliseconds =
            min(max(seconds, 0), 86_400) * 1000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
        return Int(max(milliseconds, 1))
    }
}
