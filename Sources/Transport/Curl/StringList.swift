import CLibcurl

/// A `curl_slist`, freed with this object.
///
/// Safe: the list is changed by `append` only and freed in `deinit` only; `EasyHandle` keeps this object as long as
/// libcurl reads it.
@safe final class StringList {
    /// The list for libcurl to read; `nil` when empty.
    private(set) var head: UnsafeMutablePointer<curl_slist>?

    /// A list of these texts.
    init(_ texts: [String] = []) throws(TransportError) {
        for text in texts {
            try append(text)
        }
    }

    deinit {
        unsafe curl_slist_free_all(head)
    }

    /// Adds a copy of the text.
    func append(_ text: String) throws(TransportError) {
        guard let longer = unsafe text.withCString({ unsafe curl_slist_append(head, $0) }) else {
            throw .unsendable(detail: "out of memory")
        }
        unsafe head = longer
    }
}
