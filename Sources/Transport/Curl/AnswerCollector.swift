/// One answer as it arrives: keeps the head within its bounds, and the body within the request's or hands it to the
/// sink.
///
/// Pure: bytes in, `false` out as soon as the exchange must end, `failure` then says why.
struct AnswerCollector {
    /// Most bytes of head that are accepted, interim answers included.
    static let headLimit = 64 << 10
    /// Most bytes of a body whose room is kept for the next one.
    private static let roomKept = 4 << 10
    private static let lengthName = "content-length:".utf8

    /// The final status; 0 before it is known.
    private(set) var status = 0
    /// What was collected of the body.
    private(set) var body: [UInt8] = []
    /// Why the exchange must end.
    private(set) var failure: TransportError?

    private let bodyLimit: Int
    private let sink: (any BodySink)?
    /// The fields of the final head as they were sent, each with a line feed: nobody reads them of an answer that is no news.
    private var fields: [UInt8] = []
    private var declaredLength: Int?
    private var headBytes = 0
    private var isHeadComplete = false

    /// Whether a final head has arrived to its end; libcurl calls a connection that closes in the middle of one a
    /// success.
    var hasHead: Bool { isHeadComplete && !isInterim }

    /// A collector for one answer.
    init(bodyLimit: Int, sink: (any BodySink)?) {
        self.bodyLimit = bodyLimit
        self.sink = sink
    }

    /// Forgets the answer, and keeps its room for another one.
    mutating func begin() {
        status = 0
        failure = nil
        headBytes = 0
        beginHead()
        // More than that is not to be held while nothing happens.
        body.count > Self.roomKept ? body = [] : body.removeAll(keepingCapacity: true)
    }

    /// The headers of the final head, read anew each time.
    var headers: HTTPHeaders {
        fields.split(separator: UInt8(ascii: "\n")).reduce(into: [:]) { headers, line in
            if line.first.map(Self.isBlank) ?? false {
                headers.continueLast(with: Self.trimmed(line))
            } else {
                let name = line.prefix { $0 != UInt8(ascii: ":") }
                headers.append(Self.trimmed(name), Secret(Self.trimmed(line.dropFirst(name.count + 1))))
            }
        }
    }

    /// One line of the head, with its line ending, as the other side sent it.
    mutating func takeHeadLine(_ line: some RandomAccessCollection<UInt8>) -> Bool {
        headBytes += line.count
        if headBytes > Self.headLimit {
            return fail(.garbled(detail: "more than \(Self.headLimit) bytes of headers"))
        }
        let line = line.prefix { $0 != UInt8(ascii: "\r") && $0 != UInt8(ascii: "\n") }
        if line.starts(with: "HTTP/".utf8), !isHeadComplete || isInterim {
            return takeStatusLine(line)
        }
        if isHeadComplete {
            // Trailers: nobody asked for them, and what is decided on the head must stay true.
            return true
        }
        return line.isEmpty ? endHead() : takeField(line)
    }

    /// One piece of the body.
    mutating func takeBody(_ piece: some RandomAccessCollection<UInt8>) -> Bool {
        if let sink, isSuccess {
            return sink.receive(Array(piece)) ? true : fail(.refusedBySink)
        }
        if piece.count > bodyLimit - body.count {
            body = []
            return fail(.bodyTooLarge(limit: bodyLimit))
        }
        body += piece
        return true
    }

    private var isSuccess: Bool { (200..<300).contains(status) }
    private var isInterim: Bool { (100..<200).contains(status) }

    private mutating func takeStatusLine(_ line: some RandomAccessCollection<UInt8>) -> Bool {
        // What stands behind the digits is read by nobody, libcurl included.
        let code = line.drop { $0 != UInt8(ascii: " ") }.dropFirst().prefix { (0x30...0x39).contains($0) }
        status = Int(String(decoding: code, as: UTF8.self)) ?? 0
        beginHead()
        return (100..<1000).contains(status) ? true : fail(.garbled(detail: "a status line without a status"))
    }

    private mutating func takeField(_ line: some RandomAccessCollection<UInt8>) -> Bool {
        if declaredLength == nil, line.prefix(Self.lengthName.count).elementsEqual(Self.lengthName, by: Self.isSame) {
            // What is not a number is left to libcurl, which reads it, too.
            declaredLength = Int(Self.trimmed(line.dropFirst(Self.lengthName.count)))
        }
        fields += line
        fields.append(UInt8(ascii: "\n"))
        return true
    }

    private mutating func beginHead() {
        fields.removeAll(keepingCapacity: true)
        declaredLength = nil
        isHeadComplete = false
    }

    private mutating func endHead() -> Bool {
        isHeadComplete = true
        if isInterim {
            return true
        }
        if let sink, isSuccess {
            let head = HTTPResponse(status: status, headers: headers)
            return sink.begin(head) ? true : fail(.refusedBySink)
        }
        // Declared too long is refused before the first byte of it.
        if let declaredLength, declaredLength > bodyLimit {
            return fail(.bodyTooLarge(limit: bodyLimit))
        }
        return true
    }

    private mutating func fail(_ error: TransportError) -> Bool {
        failure = error
        return false
    }

    private static func isSame(_ byte: UInt8, _ small: UInt8) -> Bool { byte.asciiLowercased == small }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
    }

    private static func trimmed(_ bytes: some RandomAccessCollection<UInt8>) -> String {
        let start = bytes.drop(while: isBlank)
        let end = start.lastIndex { !isBlank($0) }.map { start.index(after: $0) } ?? start.startIndex
        return String(decoding: start[start.startIndex..<end], as: UTF8.self)
    }
}
