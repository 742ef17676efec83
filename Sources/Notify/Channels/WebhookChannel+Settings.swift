import JSON
import Transport

extension WebhookChannel {
    /// The channel of the settings; `nil` when there is none or it is malformed.
    static func configured(by settings: inout SettingsReader) -> WebhookChannel? {
        let address = settings.address("WEBHOOK_URL")
        let method = settings.webhookMethod()
        let headers = settings.webhookHeaders()
        let template = settings.template("WEBHOOK_TEMPLATE")
        guard let address else {
            for name in ["WEBHOOK_TEMPLATE", "WEBHOOK_METHOD", "WEBHOOK_HEADERS"] {
                settings.warn(name, unusedWithout: "WEBHOOK_URL")
            }
            return nil
        }
        guard let method, let headers, template != nil || !settings.isSet("WEBHOOK_TEMPLATE") else { return nil }
        do {
            return try WebhookChannel(address: address, method: method, headers: headers, template: template)
        } catch {
            settings.reject(settings.source(of: "WEBHOOK_TEMPLATE"), error.description)
            return nil
        }
    }
}

extension SettingsReader {
    /// The method; `nil` when it is malformed, POST when it is absent.
    fileprivate mutating func webhookMethod() -> HTTPMethod? {
        guard let text = text("WEBHOOK_METHOD") else { return .post }
        switch text.uppercased() {
        case "POST": return .post
        case "PUT": return .put
        case "PATCH": return .patch
        default:
            reject("WEBHOOK_METHOD", "must be POST, PUT or PATCH")
            return nil
        }
    }

    /// The headers; `nil` when they are malformed, none when they are absent.
    fileprivate mutating func webhookHeaders() -> [WebhookChannel.Header]? {
        guard isSet("WEBHOOK_HEADERS") else { return [] }
        // A failure to read the file is reported by the reader.
        guard let text = secret("WEBHOOK_HEADERS") else { return nil }
        guard let members = JSONValue(reading: Array(text.reveal().utf8))?.members else {
            reject("WEBHOOK_HEADERS", "must be a JSON object such as {\"Authorization\": \"Bearer ...\"}")
            return nil
        }
        var headers: [WebhookChannel.Header] = []
        for member in members {
            guard SettingsReader.isHeaderName(member.name) else {
                reject("WEBHOOK_HEADERS", "has a header name that no HTTP message may hold")
                return nil
            }
            let isOurs = ["content-length", "host", "transfer-encoding", "connection"].contains(
                member.name.lowercased())
            guard !isOurs else {
                reject("WEBHOOK_HEADERS", "must not set \(member.name): it follows from the message and WEBHOOK_URL")
                return nil
            }
            guard let value = member.value.string else {
                reject(
                    "WEBHOOK_HEADERS",
                    "has a value that is not a text: the value of \(member.name) must stand in quotes")
                return nil
            }
            guard value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7f || $0 == 0x09 }) else {
                reject("WEBHOOK_HEADERS", "has a line break or control character in the value of \(member.name)")
                return nil
            }
            headers.append(WebhookChannel.Header(name: member.name, value: Secret(value)))
        }
        return headers
    }

    /// The template; `nil` when it is absent or malformed.
    fileprivate mutating func template(_ name: String) -> MessageTemplate? {
        guard let text = wholeText(name) else { return nil }
        do {
            return try MessageTemplate(text)
        } catch {
            reject(source(of: name), error.description)
            return nil
        }
    }

    /// Whether it is a token of RFC 9110 §5.6.2.
    private static func isHeaderName(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.count <= 64
            && name.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
                    || "!#$%&'*+-.^_`|~".utf8.contains(byte)
            }
    }
}
