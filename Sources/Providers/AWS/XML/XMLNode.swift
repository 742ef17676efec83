/// One element of an XML document, copied out of libxml2: its name, its own text and the elements inside, nothing else.
struct XMLNode: Sendable, Equatable {
    /// The element's name without a namespace prefix.
    let name: String
    /// The text directly inside, in order, predefined entities resolved; white space as written.
    let text: String
    /// The elements directly inside, in order.
    let children: [XMLNode]

    /// The first child of that name; never looks deeper.
    subscript(_ name: String) -> XMLNode? {
        children.first { $0.name == name }
    }

    /// The child of that name; throws `missing` with the path of what was looked for.
    func required(_ name: String) throws(XMLError) -> XMLNode {
        guard let child = self[name] else { throw missing(name) }
        return child
    }

    /// The text of the child of that name without white space around it; throws `missing` when there is none or it is empty.
    func requiredText(_ name: String) throws(XMLError) -> String {
        let text = try required(name).text.trimmed
        guard !text.isEmpty else { throw missing(name) }
        return text
    }

    private func missing(_ child: String) -> XMLError {
        .missing("\(name.printable(limit: 64))/\(child)")
    }
}

/// Why a document is not one that we read. Nothing of the document's content is carried.
enum XMLError: Error, Sendable, Equatable {
    /// Longer than accepted.
    case tooLarge(limit: Int)
    /// Elements nested deeper than accepted.
    case tooDeep(limit: Int)
    /// Not well-formed: truncated, mismatched, an unknown entity; libxml2's own error code.
    case malformed(line: Int, code: Int)
    /// It brings a document type or an entity of its own, which no answer of AWS has.
    case doctype
    /// Its bytes are not UTF-8, or it says that it is something else.
    case wrongEncoding
    /// The document's root is another than the answer's.
    case unexpectedRoot(String)
    /// An element that must be there is not.
    case missing(String)
}

extension StringProtocol {
    /// Without white space at either end.
    var trimmed: String {
        var rest = Substring(self)
        while rest.first?.isWhitespace == true { rest.removeFirst() }
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return String(rest)
    }
}
