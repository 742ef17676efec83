/// The channels that a configuration names, and everything that is wrong with it, all at once.
public struct ChannelSettings: Sendable {
    /// The channels that can be used.
    public let channels: [any Channel]
    /// What makes a setting unusable; with any of these nothing should start.
    public let problems: [SettingProblem]
    /// What is usable but surely not meant, for the log at start.
    public let warnings: [SettingProblem]

    /// Reads the settings. `environment` answers a variable's value; `readFile` the text of the file that a `*_FILE`
    /// variable names.
    public init(environment: @escaping (String) -> String?, readFile: @escaping (String) throws -> String) {
        var reader = SettingsReader(environment: environment, readFile: readFile)
        let found: [(any Channel)?] = [
            SlackChannel.configured(by: &reader),
            MattermostChannel.configured(by: &reader),
            SematextChannel.configured(by: &reader),
            WeChatChannel.configured(by: &reader),
            GoogleChatChannel.configured(by: &reader),
            MailChannel.configured(by: &reader),
            TeamsChannel.configured(by: &reader),
            DiscordChannel.configured(by: &reader),
            PagerDutyChannel.configured(by: &reader),
            WebhookChannel.configured(by: &reader),
        ]
        channels = found.compactMap { $0 }
        problems = reader.problems
        warnings = reader.warnings
    }
}

/// Something wrong with one setting, in words that never hold its value.
public struct SettingProblem: Error, Sendable, Hashable, CustomStringConvertible {
    /// The variable's name.
    public let variable: String
    /// What is wrong, and what is accepted.
    public let words: String

    /// Name and words, a sentence.
    public var description: String { "\(variable) \(words)" }
}

/// One variable of the channels, for `--help` and the documentation.
public struct ChannelVariable: Sendable, Hashable {
    /// The variable's name; each may also be given as the path of a file in `<name>_FILE`.
    public let name: String
    /// What it is for.
    public let words: String
    /// Whether its value must never be shown.
    public let isSecret: Bool

    /// Every variable, in the order of the channels.
    public static let all: [ChannelVariable] = [
        secret("SLACK_URL", "Slack: the incoming webhook"),
        plain("SLACK_CHANNEL", "Slack: the channel, for old custom integrations only"),
        secret("MATTERMOST_WEBHOOK", "Mattermost: the incoming webhook"),
        plain("MATTERMOST_CHANNEL", "Mattermost: the channel instead of the webhook's own"),
        plain("MATTERMOST_USERNAME", "Mattermost: the name to post as"),
        plain("MATTERMOST_ICON_URL", "Mattermost: the picture to post with"),
        secret("SEMATEXT_URL", "Sematext: the event receiver with the app's token"),
        secret("WECHAT_URL", "WeChat: a WeCom robot, ServerChan, or what is compatible with PushBear"),
        secret("WECHAT_KEY", "WeChat: the key, when it is not in the URL"),
        secret("GOOGLE_CHAT_URL", "Google Chat: the space's webhook"),
        secret("HANGOUTS_URL", "the older name of GOOGLE_CHAT_URL"),
        plain("SMTP_URL", "mail: smtp://host:port (STARTTLS) or smtps://host:port"),
        plain("SMTP_SECURITY", "mail: starttls, or plain for a relay nearby"),
        plain("SMTP_USERNAME", "mail: the login"),
        secret("SMTP_PASSWORD", "mail: the login's password"),
        plain("SMTP_FROM", "mail: the sender"),
        plain("SMTP_TO", "mail: the recipients, separated by commas"),
        plain("GMAIL_USERNAME", "the older name of SMTP_USERNAME, with Gmail's server"),
        secret("GMAIL_PASSWORD", "the older name of SMTP_PASSWORD"),
        plain("GMAIL_FROM", "the older name of SMTP_FROM"),
        plain("GMAIL_TO", "the older name of SMTP_TO"),
        secret("TEAMS_URL", "Microsoft Teams: the workflow's address"),
        secret("DISCORD_URL", "Discord: the webhook"),
        secret("PAGERDUTY_ROUTING_KEY", "PagerDuty: the key of an Events API v2 integration"),
        plain("PAGERDUTY_URL", "PagerDuty: another region's address"),
        secret("WEBHOOK_URL", "any receiver: where to send"),
        plain("WEBHOOK_TEMPLATE", "any receiver: the body, with fields such as {{ .NodeName }}"),
        plain("WEBHOOK_METHOD", "any receiver: POST, PUT or PATCH"),
        secret("WEBHOOK_HEADERS", "any receiver: headers as a JSON object"),
    ]

    private static func plain(_ name: String, _ words: String) -> ChannelVariable {
        ChannelVariable(name: name, words: words, isSecret: false)
    }

    private static func secret(_ name: String, _ words: String) -> ChannelVariable {
        ChannelVariable(name: name, words: words, isSecret: true)
    }
}
