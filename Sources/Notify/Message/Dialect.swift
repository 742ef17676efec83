/// How a channel writes bold, and what must be escaped there so that a text stays a text.
enum Dialect: Sendable, Hashable {
    /// Nothing is markup.
    case plain
    /// Slack's mrkdwn: https://docs.slack.dev/messaging/formatting-message-text
    case slack
    /// Google Chat's: like Slack's bold, and `<users/all>` mentions everybody.
    case googleChat
    /// Markdown as Discord, Teams and ServerChan read it.
    case markdown
    /// Markdown in which a bare `@all` mentions everybody.
    case mattermost

    /// `text` so that nothing in it acts as markup or as a mention.
    func escaped(_ text: String) -> String {
        switch self {
        case .plain: return text
        case .slack:
            return text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
        case .googleChat:
            // There is no escape for `<`; an invisible character behind it breaks the mention and shows the same text.
            return text.replacing("<", with: "<\u{200B}")
        case .markdown, .mattermost:
            var result = ""
            for character in text {
                if "\\`*_[]<>#|~".contains(character) { result.append("\\") }
                result.append(character)
                if character == "@", self == .mattermost { result.append("\u{200B}") }
            }
            return result
        }
    }

    /// `escaped` in bold.
    func bold(_ escaped: String) -> String {
        switch self {
        case .plain: escaped
        case .slack, .googleChat: "*\(escaped)*"
        case .markdown, .mattermost: "**\(escaped)**"
        }
    }

    /// What a list's item begins with.
    var bullet: String {
        switch self {
        case .plain, .markdown, .mattermost: "- "
        case .slack, .googleChat: "• "
        }
    }
}
