public import Interruption
import JSON
public import Transport

/// Any other receiver: method, headers and body are the user's. Values are escaped for the body's content type.
public struct WebhookChannel: WebChannel {
    private let address: WebAddress
    private let method: HTTPMethod
    private let headers: [Header]
    private let template: MessageTemplate?
    private let scrubber: Scrubber

    /// A header of the user's; its value may be a token.
    struct Header: Sendable, Hashable {
        /// The name.
        let name: String
        /// The value.
        let value: Secret
    }

    /// A channel, its template tried on a full sample of every message; throws what is wrong with it.
    init(address: WebAddress, method: HTTPMethod = .post, headers: [Header] = [], template: MessageTemplate? = nil)
        throws(TemplateProblem)
    {
        self.address = address
        self.method = method
        self.headers = headers
        self.template = template
        let tokens = headers.filter { $0.name.lowercased() != "content-type" && $0.value.reveal().utf8.count >= 4 }
        // `Bearer <token>` may come back as the token alone.
        let parts = tokens.flatMap { $0.value.reveal().split(separator: " ").filter { $0.utf8.count >= 8 } }
        scrubber = Scrubber(addresses: [address], keys: tokens.map(\.value) + parts.map { Secret(String($0)) })
        guard isJSON else { return }
        for sample in Notification.samples where JSONValue(reading: body(for: sample)) == nil {
            throw .invalidJSON(sample.name)
        }
    }

    /// `webhook`.
    public var name: String { "webhook" }
    /// Host and fingerprint of the receiver.
    public var redacted: String { address.redacted }
    /// `text` without the address' secrets and the values of the user's headers.
    public func cleaned(_ text: String) -> String { scrubber.cleaned(text) }

    /// The message in the template, or as a JSON document with a `text` and every fact.
    public func request(for notification: Notification) -> HTTPRequest {
        var fields: HTTPHeaders = ["Content-Type": "application/json; charset=utf-8"]
        for header in headers { fields[header.name] = nil }
        for header in headers { fields.append(header.name, header.value) }
        return HTTPRequest(method: method, url: address.url, headers: fields, body: body(for: notification))
    }

    /// Any 2xx is success.
    public func verdict(on response: HTTPResponse) -> Verdict {
        response.isSuccess
            ? .delivered(response.answerWords)
            : .failure(
                response, mend: "WEBHOOK_URL",
                [
                    401: "it wants another key; check WEBHOOK_HEADERS and WEBHOOK_URL",
                    405: "it does not accept this method; check WEBHOOK_METHOD",
                    415: "it does not accept this content type; check WEBHOOK_HEADERS",
                ])
    }

    /// The body for that notification.
    func body(for notification: Notification) -> [UInt8] {
        guard let template else { return WebhookChannel.document(for: notification).bytes }
        return Array(template.rendered(notification, escape: escape).utf8)
    }

    /// The document without a template: a `text` that chat receivers show, and the facts for programs.
    static func document(for notification: Notification) -> JSONValue {
        let left: [TemplateField] = [.text, .title, .event]
        let numbers: Set<TemplateField> = [
            .secondsLeft, .podsTotal, .podsEvicted, .podsDeleted, .podsGone, .podsTerminating, .podsBlocked,
            .podsFailed,
            .podsWaiting, .podsSkipped, .podsEscalated, .secondsToCordon, .secondsToLastRequest, .secondsToEmpty,
        ]
        let middle: [TemplateField] = [
            .severity, .key, .dryRun, .time, .nodeName, .cluster, .instanceID, .instanceType, .instanceLifeCycle,
            .availabilityZone,
            .region, .eventID, .kind, .words, .deadline, .certainty, .strategy, .ending, .reason, .blockedPods,
            .unfinishedPods,
        ]
        let members = (left + middle + numbers.sorted { $0.rawValue < $1.rawValue }).map { field in
            let value = field.value(in: notification)
            let name = field.rawValue.prefix(1).lowercased() + field.rawValue.dropFirst()
            return JSONValue.Member(name: name, value: numbers.contains(field) ? number(value) : .string(value))
        }
        return .object(members)
    }

    private static func number(_ text: String) -> JSONValue {
        Int(text).map { .int($0) } ?? .number(Double(text) ?? 0)
    }

    private var contentType: String {
        headers.last { $0.name.lowercased() == "content-type" }?.value.reveal().lowercased() ?? "application/json"
    }

    private var isJSON: Bool { contentType.contains("json") }

    private func escape(_ value: String) -> String {
        if isJSON { return JSONValue.escaped(value) }
        return contentType.hasPrefix("application/x-www-form-urlencoded") ? value.percentEncoded : value
    }
}
