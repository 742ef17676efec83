import Transport

extension MetadataOutcome {
    /// How an exchange ended; `nil` for one that we ended ourselves.
    init?(_ outcome: Result<HTTPResponse, TransportError>) {
        switch outcome {
        case .success(let response):
            switch response.status {
            case 200: self = .found
            case 404: self = .absent
            case 401: self = .unauthorized
            case 403: self = .forbidden
            case 429, 503: self = .throttled
            default: self = .failed
            }
        case .failure(.cancelled): return nil
        case .failure(.timedOut(.answering)): self = .timedOut
        case .failure(.garbled), .failure(.bodyTooLarge): self = .garbled
        case .failure: self = .unreachable
        }
    }
}
