import Interruption

/// What the metadata service answered to a question by each of its protocols, as far as it was asked.
struct MetadataSight: Sendable {
    /// An instance id, `nil` when there is none, or why there is no answer.
    typealias Answer = Result<[UInt8]?, MetadataError>

    /// Which protocols the settings allow.
    let mode: TokenMode
    /// The service's address, for people.
    let endpoint: String
    /// By IMDSv2; `nil` when it was not asked.
    let byToken: Answer?
    /// By IMDSv1; `nil` when it was not asked.
    let withoutToken: Answer?

    /// Whether IMDSv1 is to be asked after that answer by IMDSv2: only then does it tell something. Where IMDSv2 serves, a request without a
    /// token would only show up in the account's metrics of such requests.
    static func wantsBoth(_ mode: TokenMode, after answer: Answer) -> Bool {
        guard mode == .optional, case .failure(let error) = answer else { return false }
        return switch error {
        case .tokenUnanswered, .tokenRefused: true
        default: false
        }
    }

    /// What that means.
    var diagnosis: Diagnosis {
        switch (byToken, withoutToken) {
        case (.success(let id), _): served(id, by: "IMDSv2")
        case (nil, .success(let id)): served(id, by: "IMDSv1 (tokens are disabled)")
        case (.failure(.tokenUnanswered), let other): tokenMissing(other)
        case (.failure(.tokenRefused(let status)), let other): tokenRefused(status, other)
        case (.failure(let error), _), (nil, .failure(let error)): failed(error)
        case (nil, nil): diagnosis(.fail, "was not asked", nil)
        }
    }

    private func served(_ id: [UInt8]?, by words: String) -> Diagnosis {
        guard let id else {
            return diagnosis(
                .warn, "\(words) answers, but knows no instance-id",
                "is that the instance metadata service? --metadata-endpoint names it")
        }
        guard MetadataService.word(in: id, limit: 128) != nil else {
            return diagnosis(
                .fail, "\(words) answers, but its instance-id is none",
                "something else answers there: check --metadata-endpoint and whatever stands between")
        }
        return diagnosis(.ok, "\(words) answers", nil)
    }

    private func tokenMissing(_ other: Answer?) -> Diagnosis {
        let hops = "set hostNetwork: true, or raise the instance's HttpPutResponseHopLimit to 2"
        switch other {
        case .success:
            return diagnosis(
                .warn, "the IMDSv2 token never arrives (the hop limit is 1, most likely); IMDSv1 answers and is used",
                hops)
        case .failure(.timedOut), .failure(.unreachable):
            return diagnosis(
                .fail, "connects, but does not answer, neither to IMDSv2 nor to IMDSv1",
                "check network policies for the metadata service; if only IMDSv2 should be allowed: \(hops)")
        case .failure, nil:
            return diagnosis(
                .fail,
                "the IMDSv2 token never arrives: the hop limit is 1, most likely, and this pod is not on the host's network",
                hops)
        }
    }

    private func tokenRefused(_ status: Int, _ other: Answer?) -> Diagnosis {
        if case .success? = other {
            return diagnosis(
                .warn, "only IMDSv1 answers, and is used: the token request is refused with status \(status)",
                "set --metadata-tokens required to forbid IMDSv1, or disabled where that is meant so")
        }
        if status == 403 { return failed(.forbidden) }
        return diagnosis(
            .fail, "no IMDSv2: the token request is refused with status \(status)",
            mode == .required
                ? "a proxy or an emulator? --metadata-tokens optional would use IMDSv1"
                : "a proxy or an emulator? check --metadata-endpoint")
    }

    private func failed(_ error: MetadataError) -> Diagnosis {
        let advice =
            switch error {
            case .forbidden: "switch the instance's metadata on (HttpEndpoint enabled), and check who may ask"
            case .tokensRequired: "set --metadata-tokens to required or optional"
            case .unreachable, .timedOut: "check --metadata-endpoint, and network policies for it"
            case .unavailable: "it is overloaded or failing: see who else asks it on this machine"
            default: "something else answers there: check --metadata-endpoint and whatever stands between"
            }
        return diagnosis(.fail, "\(error)", advice)
    }

    private func diagnosis(_ verdict: Diagnosis.Verdict, _ words: String, _ advice: String?) -> Diagnosis {
        Diagnosis("metadata", verdict, "\(endpoint): \(words)", advice: advice)
    }
}
