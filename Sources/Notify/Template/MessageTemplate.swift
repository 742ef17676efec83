import Interruption

/// A body with fields, in the notation of aws-node-termination-handler's templates: `{{ .NodeName }}`, also `{{-
/// .NodeName -}}`.
struct MessageTemplate: Sendable, Hashable {
    private var pieces: [Piece]

    private enum Piece: Sendable, Hashable {
        case literal(String)
        case field(TemplateField)
    }

    /// The template in `text`; throws the first thing that it cannot mean.
    init(_ text: String) throws(TemplateProblem) {
        pieces = []
        var rest = Substring(text)
        var line = 1
        var trimsNext = false
        while let opening = rest.firstRange(of: "{{") {
            var literal = rest[..<opening.lowerBound]
            line += literal.count(where: \.isNewline)
            guard let closing = rest[opening.upperBound...].firstRange(of: "}}") else { throw .unclosed(line: line) }
            var inner = rest[opening.upperBound..<closing.lowerBound]
            if trimsNext { literal = literal.drop(while: \.isWhitespace) }
            if inner.hasPrefix("-") {
                inner = inner.dropFirst()
                while literal.last?.isWhitespace == true { literal.removeLast() }
            }
            trimsNext = inner.hasSuffix("-")
            if trimsNext { inner = inner.dropLast() }
            pieces.append(.literal(String(literal)))
            pieces.append(.field(try MessageTemplate.field(in: String(inner), line: line)))
            line += inner.count(where: \.isNewline)
            rest = rest[closing.upperBound...]
        }
        if trimsNext { rest = rest.drop(while: \.isWhitespace) }
        pieces.append(.literal(String(rest)))
        guard !text.allSatisfy(\.isWhitespace) else { throw .empty }
    }

    /// The body for that notification, each value escaped by `escape`, the template's own text as it is.
    func rendered(_ notification: Notification, escape: (String) -> String) -> String {
        pieces.map { piece in
            switch piece {
            case .literal(let text): text
            case .field(let field): escape(field.value(in: notification))
            }
        }.joined()
    }

    private static func field(in inner: String, line: Int) throws(TemplateProblem) -> TemplateField {
        let words = inner.split(whereSeparator: \.isWhitespace)
        guard words.count == 1, let word = words.first, word.hasPrefix("."), word.count > 1,
            word.dropFirst().allSatisfy({ $0.isLetter || $0.isNumber || $0 == "_" })
        else { throw .noField(TextLimit(40, .utf16).clipped(words.joined(separator: " ")), line: line) }
        let name = String(word.dropFirst())
        guard let field = TemplateField(rawValue: name) else {
            let near = TemplateField.allCases.first { $0.rawValue.lowercased() == name.lowercased() }
            throw .unknownField(TextLimit(40, .utf16).clipped(name), line: line, near: near?.rawValue)
        }
        return field
    }
}

/// Why a template cannot be used.
enum TemplateProblem: Error, Sendable, Equatable, CustomStringConvertible {
    /// There is no such field; perhaps another was meant.
    case unknownField(String, line: Int, near: String?)
    /// Something stands between the braces that is no field: functions, conditions and loops are not supported.
    case noField(String, line: Int)
    /// Braces are opened and not closed.
    case unclosed(line: Int)
    /// There is nothing in it.
    case empty
    /// What it makes of that message is not JSON, though the content type says so.
    case invalidJSON(NotificationName)

    /// What is wrong and what is accepted.
    var description: String {
        switch self {
        case .unknownField(let name, let line, let near):
            "line \(line): there is no field {{ .\(name) }}; "
                + (near.map { "did you mean {{ .\($0) }}?" } ?? "the fields are \(TemplateProblem.fields)")
        case .noField(let text, let line):
            "line \(line): {{ \(text) }} is not a field such as {{ .NodeName }}; functions, conditions and loops are not supported"
        case .unclosed(let line): "line \(line): {{ has no }} behind it"
        case .empty: "is empty"
        case .invalidJSON(let name):
            "does not give valid JSON for the message `\(name.rawValue)`: put each text field between double quotes, or set another "
                + "Content-Type in WEBHOOK_HEADERS"
        }
    }

    private static var fields: String {
        TemplateField.allCases.map(\.rawValue).joined(separator: ", ")
    }
}
