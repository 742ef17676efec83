import CLibcurl

extension EasyHandle {
    /// Takes the options of verification, which is never off, and of our own certificate.
    func set(_ trust: TLSTrust) throws(TransportError) {
        try set(CURLOPT_SSL_VERIFYPEER, 1)
        try set(CURLOPT_SSL_VERIFYHOST, 2)
        try set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        // libcurl would keep the parsed authorities for a day: a megabyte, and blind to a file that was renewed.
        try set(CURLOPT_CA_CACHE_TIMEOUT, 0)
        if let authorities = trust.authorities {
            // The system's directory would be trusted as well.
            try set(CURLOPT_CAPATH, nil)
            try set(authorities, file: CURLOPT_CAINFO, blob: CURLOPT_CAINFO_BLOB)
        }
        if let certificate = trust.clientCertificate {
            try set(certificate, file: CURLOPT_SSLCERT, blob: CURLOPT_SSLCERT_BLOB)
        }
        if let key = trust.clientKey {
            try set(key, file: CURLOPT_SSLKEY, blob: CURLOPT_SSLKEY_BLOB)
        }
    }

    private func set(_ material: TLSTrust.Material, file: CURLoption, blob: CURLoption) throws(TransportError) {
        switch material {
        case .file(let path):
            guard !path.isEmpty else { throw .unsendable(detail: "an empty path of a PEM file") }
            try set(file, path)
        case .pem(let text):
            guard !text.isEmpty else { throw .unsendable(detail: "an empty PEM text") }
            try set(blob, blob: Array(text.reveal().utf8))
        }
    }
}
