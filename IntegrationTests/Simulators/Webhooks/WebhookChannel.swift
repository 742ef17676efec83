/// The kind of channel that a path stands for: `/slack/…`, `/mattermost/…`, `/sematext/…`, `/pushbear/…`,
/// `/serverchan/…`, `/wecom/…`, `/chat/…`, `/teams/…`, `/discord/…`, `/pagerduty/…`; everything else is generic.
enum WebhookChannel: String {
    /// A Slack incoming webhook.
    case slack
    /// A Mattermost incoming webhook.
    case mattermost
    /// The Sematext event receiver.
    case sematext
    /// PushBear, called by GET with everything in the query.
    case pushbear
    /// ServerChan, JSON or form.
    case serverchan
    /// A WeCom group robot.
    case wecom
    /// A Google Chat space.
    case chat
    /// A Teams workflow.
    case teams
    /// A Discord webhook.
    case discord
    /// The PagerDuty events API.
    case pagerduty
    /// Anything that is content with any body.
    case generic

    /// The channel that a request is for.
    init(_ request: LabRequest) {
        let first = request.path.split(separator: "/").first.map(String.init) ?? ""
        self = WebhookChannel(rawValue: first) ?? .generic
    }

    /// What the channel's server says to that request.
    func answer(to request: LabRequest) -> LabResponse {
        let isForm = request.header("content-type")?.hasPrefix("application/x-www-form-urlencoded") ?? false
        let fields = isForm ? RequestTarget.pairs(request.body) : request.query
        let payload = isForm ? fields.first { $0.name == "payload" }.map { Array($0.value.utf8) } : request.body
        let json = payload.flatMap { JSONValue($0) }
        switch self {
        case .generic: return .text(200, "ok")
        case .pushbear:
            let isComplete = ["sendkey", "text"].allSatisfy { name in fields.contains { $0.name == name } }
            return .json(200, isComplete ? #"{"code":0,"message":"success"}"# : #"{"code":1024,"message":"bad input"}"#)
        case .serverchan:
            let hasTitle = json?["title"]?.string != nil || fields.contains { $0.name == "title" && !$0.value.isEmpty }
            return .json(hasTitle ? 200 : 400, hasTitle ? #"{"code":0,"message":""}"# : #"{"code":40001}"#)
        default: return json.map { jsonAnswer(to: $0) } ?? invalid()
        }
    }

    private func jsonAnswer(to json: JSONValue) -> LabResponse {
        switch self {
        case .slack:
            let hasText = json["text"]?.string != nil || json["blocks"] != nil || json["attachments"] != nil
            return hasText ? .text(200, "ok") : .text(400, "no_text")
        case .mattermost:
            let hasText = json["text"]?.string != nil || json["attachments"] != nil
            return hasText ? .text(200, "ok") : .json(400, #"{"id":"web.incoming_webhook.text.app_error"}"#)
        case .sematext:
            let isComplete = json["type"]?.string != nil && json["message"]?.string != nil
            return isComplete ? .json(200, "{}") : .json(400, #"{"error":"type and message are required"}"#)
        case .wecom:
            let isComplete = json["msgtype"]?.string.map { json[$0] != nil } ?? false
            return .json(
                200,
                isComplete
                    ? #"{"errcode":0,"errmsg":"ok"}"# : #"{"errcode":40008,"errmsg":"invalid message type"}"#)
        case .chat: return json["text"] == nil ? invalid() : .json(200, "{}")
        case .teams: return json["attachments"] == nil ? invalid() : .text(202, "")
        case .discord:
            let hasContent = json["content"] != nil || json["embeds"] != nil
            return hasContent ? LabResponse(status: 204) : .json(400, #"{"message":"Cannot send an empty message"}"#)
        case .pagerduty:
            guard json["routing_key"]?.string != nil, let action = json["event_action"]?.string,
                action != "trigger" || json["payload"]?["summary"]?.string != nil
            else { return invalid() }
            let key = json["dedup_key"] ?? .string("lab")
            let members: [(String, JSONValue)] = [
                ("status", .string("success")), ("message", .string("Event processed")), ("dedup_key", key),
            ]
            return .json(202, JSONValue.object(members).text)
        case .pushbear, .serverchan, .generic: return .text(200, "ok")
        }
    }

    private func invalid() -> LabResponse {
        switch self {
        case .slack: .text(400, "invalid_payload")
        case .wecom: .json(200, #"{"errcode":47001,"errmsg":"data format error"}"#)
        case .pagerduty: .json(400, #"{"status":"invalid event","message":"Event object is invalid"}"#)
        default: .json(400, #"{"message":"Invalid body"}"#)
        }
    }
}
