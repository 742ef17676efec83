/// A piece of an XML answer.
indirect enum XMLFragment: Sendable {
    /// An element with what it contains; without anything it is written as an empty element.
    case element(String, [XMLFragment])
    /// An element that contains only text.
    case leaf(String, String)

    /// A list as the query APIs write them: one `member` per entry.
    static func list(_ name: String, _ members: [[XMLFragment]]) -> XMLFragment {
        .element(name, members.map { .element("member", $0) })
    }

    /// The fragment as indented text.
    func text(indent: String = "", attributes: String = "") -> String {
        switch self {
        case .element(let name, let children) where children.isEmpty:
            "\(indent)<\(name)\(attributes)/>\n"
        case .element(let name, let children):
            "\(indent)<\(name)\(attributes)>\n" + children.map { $0.text(indent: indent + "  ") }.joined()
                + "\(indent)</\(name)>\n"
        case .leaf(let name, let text):
            "\(indent)<\(name)\(attributes)>\(Self.escaped(text))</\(name)>\n"
        }
    }

    private static func escaped(_ text: String) -> String {
        var result = ""
        for character in text {
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            default: result.append(character)
            }
        }
        return result
    }
}
