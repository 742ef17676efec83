import TestSupport
import Testing
import Transport

@testable import Kubernetes

@Suite struct `Answers of a real API server` {
    /// What each recorded refusal means, messages left out; every other recording is a success.
    static let meanings: [String: String] = [
        "05-evict-missing-pod": "notFound", "07b-get-after-grace-0": "notFound", "16b-get-after": "notFound",
        "35-node-patch-missing": "notFound", "70-vap-29": "notFound", "70-vap-32": "notFound", "70-vap-34": "notFound",
        "06-evict-uid-mismatch": "otherUID",
        "32-node-stale-resourceVersion": "conflict", "35e-node-put-stale": "conflict",
        "12-evict-pdb-blocks": "budgetRefused need3 nil", "12b-evict-pdb-blocks-dryrun": "budgetRefused need3 nil",
        "18-evict-unready-IfHealthyBudget": "budgetRefused need3 nil",
        "20-evict-pdb-unmanaged-pods": "budgetRefused allow1 nil", "21b-evict-pdb-next": "budgetRefused allow1b nil",
        "22-evict-pdb-not-processed": "budgetRefused unseen 10.0 seconds",
        "60-429-max-inflight": "throttled 1.0 seconds", "61-429-apf": "throttled 1.0 seconds",
        "19-evict-two-pdbs": "severalBudgets",
        "23-evict-forbidden": "forbidden", "23b-list-pods-forbidden": "forbidden", "24b-evict-anonymous": "forbidden",
        "35b-node-patch-forbidden": "forbidden", "50c-ordinary-pod-by-node": "forbidden",
        "52b-node-cordons-other": "forbidden", "52d-node-evicts-other": "forbidden",
        "24-evict-bad-token": "unauthorized", "25d-bound-token-pod-gone": "unauthorized",
        "26-evict-in-terminating-namespace": "namespaceTerminating",
        "26c-evict-terminating-pod-in-terminating-namespace": "namespaceTerminating",
        "26d-event-in-terminating-namespace": "namespaceTerminating",
        "11-evict-name-mismatch": "invalid", "31g-node-json-patch-test-fails": "invalid",
        "32b-node-uid-mismatch": "invalid", "33d-node-taint-json-patch-append-no-list": "invalid",
        "33e-node-taint-duplicate": "invalid", "34b-node-label-invalid": "invalid",
        "35c-node-patch-wrong-content-type": "invalid", "35d-node-patch-bad-json": "invalid",
        "40d-list-bad-continue": "invalid", "41b-event-v1-namespace-mismatch": "invalid",
        "41c-event-new-api-trailing-dot": "invalid", "70-vap-27": "invalid", "70-vap-28": "invalid",
        "70-vap-06": "denied", "70-vap-08": "denied", "70-vap-09": "denied", "70-vap-10": "denied",
        "70-vap-13": "denied", "70-vap-14": "denied", "70-vap-15": "denied", "70-vap-16": "denied",
        "70-vap-19": "denied", "70-vap-20": "denied", "70-vap-22": "denied", "70-vap-24": "denied",
        "70-vap-25": "denied", "70-vap-26": "denied", "70-vap-31": "denied",
    ]

    @Test(arguments: Recording.all) func `each recording means what the facts say`(_ recording: Recording) {
        let meaning = KubernetesError(answer: recording.answer)?.meaning
        #expect(meaning == Self.meanings[recording.name])
    }

    @Test func `every recording is there`() {
        #expect(Recording.all.count == 123)
        #expect(Set(Self.meanings.keys).isSubset(of: Recording.all.map(\.name)))
    }
}

@Suite struct `Answers that are not recorded` {
    @Test(arguments: [
        (429, #"admission webhook \"virt.kubevirt.io\" denied the request: evacuating"#, "TooManyRequests", "denied"),
        (500, #"admission webhook \"x\" denied the request: no"#, "", "denied"),
        (
            500, #"Internal error occurred: failed calling webhook \"x\": timeout"#, "InternalError",
            "serverFailed 500 nil"
        ),
        (429, "slow down", "TooManyRequests", "throttled nil"),
        (
            409,
            #"Operation cannot be fulfilled on pods \"u\": Precondition failed: UID in precondition: a, UID in object meta: b"#,
            "Conflict", "otherUID"
        ),
        (409, "pods already exists", "AlreadyExists", "conflict"),
        (410, "The provided continue parameter is too old", "Expired", "expired"),
        (500, "boom", "InternalError", "serverFailed 500 nil"),
        (413, "too large", "RequestEntityTooLarge", "invalid"),
    ])
    func `a status means what its code, causes and message say`(
        _ code: Int, _ message: String, _ reason: String, _ meaning: String
    ) {
        let answer = HTTPResponse.text(statusJSON(code, reason, message), status: code)
        #expect(KubernetesError(answer: answer)?.meaning == meaning)
    }

    @Test(arguments: [
        (401, "unauthorized"), (403, "garbled"), (404, "garbled"), (409, "garbled"), (410, "expired"),
        (429, "throttled 3.0 seconds"), (502, "serverFailed 502 3.0 seconds"), (503, "serverFailed 503 3.0 seconds"),
        (302, "garbled"), (408, "serverFailed 408 3.0 seconds"),
    ])
    func `a stranger's page, or nothing, means only what its status can mean`(_ code: Int, _ meaning: String) {
        for body in ["<html>Bad Gateway</html>", "", "404 page not found", #"{"error":"x"}"#, "[]"] {
            let answer = HTTPResponse.text(body, status: code, headers: ["Retry-After": "3"])
            #expect(KubernetesError(answer: answer)?.meaning == meaning, "body: \(body)")
        }
    }

    @Test func `a budget's own 403 is a refusal that passes, not missing rights`() {
        let details = #"{"name":"need3","kind":"poddisruptionbudget","group":"policy"}"#
        let body = statusJSON(403, "Forbidden", "pdb disruptions allowed is negative", details: details)
        #expect(KubernetesError(answer: .text(body, status: 403))?.meaning == "budgetRefused need3 nil")
    }

    @Test func `the details' retryAfterSeconds counts when the header is missing`() {
        let body = statusJSON(504, "Timeout", details: #"{"retryAfterSeconds":10}"#)
        #expect(KubernetesError(answer: .text(body, status: 504))?.meaning == "serverFailed 504 10.0 seconds")
    }

    @Test func `a failure that came as 201 is still a failure`() {
        let body = statusJSON(500, "", "This pod has more than one PodDisruptionBudget, which the eviction …")
        #expect(KubernetesError(answer: .text(body, status: 201)) == .severalBudgets)
    }

    @Test func `a message is cut to 512 bytes between characters and cleaned of line breaks`() throws {
        let message = "one\\ntwo " + String(repeating: "é", count: 600)
        let error = try #require(KubernetesError(answer: .text(statusJSON(400, "BadRequest", message), status: 400)))
        guard case .invalid(let kept) = error else { throw error }
        #expect(kept.hasPrefix("one two é"))
        #expect(kept.utf8.count <= 512 && kept.utf8.count > 509)
    }

    @Test func `a budget's name is cut like every other word of the server`() throws {
        let name = "a\u{7}" + String(repeating: "b", count: 5000)
        let message = #"The disruption budget \#(name) needs 3 healthy pods"#
        let bodies = [
            statusJSON(
                429, "TooManyRequests", "m",
                details: #"{"causes":[{"reason":"DisruptionBudget","message":"\#(message)"}]}"#),
            statusJSON(403, "Forbidden", "m", details: #"{"name":"\#(name)","kind":"poddisruptionbudget"}"#),
        ]
        for body in bodies {
            // The control character makes it no JSON for some decoders; escaped it is one for all.
            let escaped = body.replacing("\u{7}", with: #"\u0007"#)
            let code = escaped.contains("Forbidden") ? 403 : 429
            guard case .budgetRefused(let budget, _, _)? = KubernetesError(answer: .text(escaped, status: code)) else {
                Issue.record("\(code) is not a budget's refusal")
                continue
            }
            #expect(budget.map { $0.utf8.count <= 512 && !$0.contains("\u{7}") } ?? true)
        }
    }

    @Test func `where an answer is no JSON that we know is told in 512 bytes`() throws {
        let key = String(repeating: "k", count: 5000)
        let body = #"{"metadata":{"name":"n","uid":"u","labels":{"\#(key)\u0007":7}}}"#
        let error = #expect(throws: KubernetesError.self) {
            try JSON.decode(PodBody.self, from: Array(body.utf8))
        }
        guard case .garbled(let detail)? = error else { throw try #require(error) }
        #expect(detail.utf8.count <= 512 && detail.hasPrefix("not Pod: another type at metadata.labels.k"))
    }

    @Test func `the budget's words are kept, because they say how many pods it needs`() throws {
        let answer = try Recording.named("12-evict-pdb-blocks").answer
        #expect(
            KubernetesError(answer: answer)
                == .budgetRefused(
                    budget: "need3", message: "The disruption budget need3 needs 3 healthy pods and has 3 currently",
                    retryAfter: nil))
    }
}

extension KubernetesError {
    /// The case and what is decided by, without messages.
    fileprivate var meaning: String {
        switch self {
        case .budgetRefused(let budget, _, let retryAfter): "budgetRefused \(budget ?? "nil") \(retryAfter.words)"
        case .throttled(let retryAfter): "throttled \(retryAfter.words)"
        case .serverFailed(let status, _, let retryAfter): "serverFailed \(status) \(retryAfter.words)"
        default: String("\(self)".prefix { $0 != "(" })
        }
    }
}

extension Duration? {
    fileprivate var words: String { map { "\($0)" } ?? "nil" }
}
