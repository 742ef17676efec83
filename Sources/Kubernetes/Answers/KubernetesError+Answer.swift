import Transport

extension KubernetesError {
    /// What a refusal means; `nil` for a success.
    ///
    /// A 404, 403 or 409 that does not come from the API server itself (a proxy's page, a wrong path) is `garbled`, or
    /// a pod would count as gone because a load balancer does not know it.
    init?(answer: HTTPResponse) {
        let status = answer.isSuccess && answer.body.count > 16_384 ? nil : StatusBody(answer.body)
        let failedInside = answer.isSuccess && status?.status == "Failure"
        guard !answer.isSuccess || failedInside else { return nil }
        let code = failedInside ? status?.code ?? 500 : answer.status
        let retryAfter = answer.retryAfter ?? status?.details?.retryAfter
        self =
            if let status {
                Self(status, code: code, retryAfter: retryAfter)
            } else {
                Self(strangersAnswer: answer, retryAfter: retryAfter)
            }
    }

    /// What a `Status` means; also that of a watch's `ERROR` event.
    init(_ status: StatusBody, code: Int, retryAfter: Duration?) {
        let message = Self.bounded(status.message ?? status.reason ?? "")
        // Asked first, because webhooks and policies choose their code freely: KubeVirt's denies evictions with 429.
        if message.isAdmissionDenial {
            self = .denied(message: message)
            return
        }
        switch code {
        case 401:
            self = .unauthorized
        case 403:
            self = Self(forbidding: status, message)
        case 404 where status.isAboutBudget:
            // An eviction reads and changes the budget; it was deleted in between, and the pod is where it was.
            self = .conflict(message: message)
        case 404:
            self = .notFound
        case 409:
            self = message.isAboutAnotherUID ? .otherUID : .conflict(message: message)
        case 410:
            self = .expired
        case 429:
            guard let cause = status.cause("DisruptionBudget") else {
                self = .throttled(retryAfter: retryAfter)
                return
            }
            self = .budgetRefused(
                budget: cause.message.flatMap(Self.budgetName).map(Self.bounded),
                message: Self.bounded(cause.message ?? message),
                retryAfter: retryAfter)
        case 500 where message.hasPrefix("This pod has more than one PodDisruptionBudget"):
            self = .severalBudgets
        case 408, 500...599:
            self = .serverFailed(status: code, message: message, retryAfter: retryAfter)
        case 400..<500:
            self = .invalid(message: message)
        default:
            self = .garbled(detail: "a failure with status \(code)")
        }
    }

    private init(forbidding status: StatusBody, _ message: String) {
        if status.cause("NamespaceTerminating") != nil {
            self = .namespaceTerminating
        } else if status.isAboutBudget {
            // The budget's own state refuses for now ("pdb disruptions allowed is negative", "DisruptedPods map too
            // big"), not RBAC.
            self = .budgetRefused(budget: status.details?.name.map(Self.bounded), message: message, retryAfter: nil)
        } else {
            self = .forbidden(message: message)
        }
    }

    /// Flow control answers in plain text, and load balancers in HTML: then only the status counts.
    private init(strangersAnswer answer: HTTPResponse, retryAfter: Duration?) {
        switch answer.status {
        case 401:
            self = .unauthorized
        case 410:
            self = .expired
        case 429:
            self = .throttled(retryAfter: retryAfter)
        case 408, 500...599:
            self = .serverFailed(
                status: answer.status, message: "\(answer.body.count) bytes that are not a Status",
                retryAfter: retryAfter)
        default:
            self = .garbled(detail: "status \(answer.status) without a Kubernetes Status")
        }
    }

    /// The budget in `The disruption budget NAME needs 3 healthy pods …`.
    private static func budgetName(_ message: String) -> String? {
        let words = message.split(separator: " ", maxSplits: 4)
        guard words.count > 3, words.prefix(3) == ["The", "disruption", "budget"] else { return nil }
        return String(words[3])
    }

    /// At most 512 bytes, cut between characters, without control characters.
    static func bounded(_ text: String) -> String {
        var cut = ""
        var bytes = 0
        for character in text {
            bytes += character.utf8.count
            guard bytes <= 512 else { break }
            cut.append(character.isNewline || character.isControl ? " " : character)
        }
        return cut
    }
}

extension String {
    /// The API server's words for a webhook's and for a policy's denial.
    fileprivate var isAdmissionDenial: Bool {
        (contains("admission webhook \"") && contains("\" denied the request"))
            || (contains("ValidatingAdmissionPolicy '") && contains("' denied request"))
    }

    /// The eviction's words and the store's for a uid that does not match.
    fileprivate var isAboutAnotherUID: Bool {
        contains("UID in the precondition") || contains("UID in precondition")
    }
}

extension Character {
    fileprivate var isControl: Bool {
        unicodeScalars.allSatisfy { $0.properties.generalCategory == .control }
    }
}
