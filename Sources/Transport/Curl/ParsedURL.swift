import CLibcurl

/// A URL that libcurl has parsed once and for all, freed with this object: what is asked again and again is not parsed each time.
///
/// Safe: the handle is made in `init`, never changed afterwards, and freed in `deinit` only; `EasyHandle` keeps this object as long as
/// libcurl reads it.
@safe final class ParsedURL {
    /// The `CURLU*`; valid as long as this object.
    let raw: UnsafeMutableRawPointer

    /// `nil` for what libcurl cannot parse, or if there is no memory.
    init?(_ url: String) {
        guard let handle = unsafe curl_url() else { return nil }
        unsafe raw = UnsafeMutableRawPointer(handle)
        // The flags are those with which libcurl parses `CURLOPT_URL` under `CURLOPT_PATH_AS_IS`.
        let flags = UInt32(CURLU_GUESS_SCHEME | CURLU_NON_SUPPORT_SCHEME | CURLU_PATH_AS_IS)
        guard unsafe url.withCString({ unsafe curl_url_set(handle, CURLUPART_URL, $0, flags) }) == CURLUE_OK else {
            return nil
        }
    }

    deinit {
        unsafe curl_url_cleanup(OpaquePointer(raw))
    }
}
