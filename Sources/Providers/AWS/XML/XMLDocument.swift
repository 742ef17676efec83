import CLibxml2

/// A whole XML document as values. libxml2's tree lives only inside `parse`, so no pointer of it can outlive the parsing.
enum XMLDocument {
    /// Answers are a few hundred bytes to some ten kilobytes.
    static let byteLimit = 1 << 20
    /// Answers nest about eight deep; libxml2 itself stops at 256.
    static let depthLimit = 64

    private static let isReady: Bool = {
        xmlInitParser()
        return true
    }()

    /// The document's root. A document type, an entity, another encoding than UTF-8, or a document that does not end properly is an
    /// error, never half an answer.
    static func parse(
        _ bytes: [UInt8], byteLimit: Int = byteLimit, depthLimit: Int = depthLimit
    ) throws(XMLError) -> XMLNode {
        guard bytes.count <= byteLimit, bytes.count <= Int(Int32.max) else { throw .tooLarge(limit: byteLimit) }
        guard String(validating: bytes, as: UTF8.self) != nil, !bytes.contains(0) else { throw .wrongEncoding }
        // Looked for before libxml2 sees the document: a document type is where entities are declared, and reading those is the attack.
        guard !bytes.contains("<!DOCTYPE"), !bytes.contains("<!ENTITY") else { throw .doctype }
        guard isReady else { throw .malformed(line: 0, code: 0) }
        let options =
            XML_PARSE_NONET.rawValue | XML_PARSE_NOERROR.rawValue | XML_PARSE_NOWARNING.rawValue
            | XML_PARSE_NOCDATA.rawValue
        let result: Result<XMLNode, XMLError> = unsafe bytes.withUnsafeBytes { buffer in
            // The buffer outlives the call and libxml2 copies what it keeps; the count was checked to fit above.
            let start = unsafe buffer.baseAddress?.assumingMemoryBound(to: CChar.self)
            xmlResetLastError()
            let document = unsafe xmlReadMemory(start, Int32(bytes.count), nil, nil, Int32(options))
            guard let document = unsafe document else { return .failure(lastError()) }
            defer { unsafe xmlFreeDoc(document) }
            return unsafe copy(document, depthLimit: depthLimit)
        }
        return try result.get()
    }

    private static func lastError() -> XMLError {
        // The error belongs to this thread, and nothing suspends between the parsing and this line.
        guard let error = unsafe xmlGetLastError() else { return .malformed(line: 0, code: 0) }
        return .malformed(line: Int(unsafe error.pointee.line), code: Int(unsafe error.pointee.code))
    }

    private static func copy(_ document: xmlDocPtr, depthLimit: Int) -> Result<XMLNode, XMLError> {
        guard unsafe document.pointee.intSubset == nil, unsafe document.pointee.extSubset == nil else {
            return .failure(.doctype)
        }
        if let encoding = unsafe document.pointee.encoding, unsafe !isUTF8(string(encoding)) {
            return .failure(.wrongEncoding)
        }
        guard let root = unsafe xmlDocGetRootElement(document) else { return .failure(.malformed(line: 0, code: 0)) }
        return Result { () throws(XMLError) in try unsafe copy(root, depth: 1, limit: depthLimit) }
    }

    private static func copy(_ node: xmlNodePtr, depth: Int, limit: Int) throws(XMLError) -> XMLNode {
        guard depth <= limit else { throw .tooDeep(limit: limit) }
        var text = ""
        var children: [XMLNode] = []
        var next = unsafe node.pointee.children
        while let child = unsafe next {
            switch unsafe child.pointee.type {
            case XML_ELEMENT_NODE: children.append(try unsafe copy(child, depth: depth + 1, limit: limit))
            case XML_TEXT_NODE, XML_CDATA_SECTION_NODE:
                text += unsafe child.pointee.content.map { unsafe string($0) } ?? ""
            case XML_COMMENT_NODE, XML_PI_NODE: break
            default: throw .doctype
            }
            unsafe next = unsafe child.pointee.next
        }
        return XMLNode(name: unsafe node.pointee.name.map { unsafe string($0) } ?? "", text: text, children: children)
    }

    /// libxml2's strings end with a zero and are UTF-8 whatever the document was.
    private static func string(_ characters: UnsafePointer<xmlChar>) -> String {
        unsafe String(cString: characters)
    }

    private static func isUTF8(_ encoding: String) -> Bool {
        ["utf-8", "utf8", "us-ascii", "ascii"].contains(encoding.lowercased())
    }
}

extension [UInt8] {
    /// Whether `text` occurs here, byte by byte.
    fileprivate func contains(_ text: StaticString) -> Bool {
        let wanted = Array("\(text)".utf8)
        guard let first = wanted.first, count >= wanted.count else { return false }
        return indices.dropLast(wanted.count - 1).contains { start in
            self[start] == first && self[start..<start + wanted.count].elementsEqual(wanted)
        }
    }
}
