import CLibyaml

extension YAMLValue {
    /// Deeper nesting is refused: a kubeconfig has eight levels.
    private static let depthLimit = 64

    /// Reads one YAML document; JSON is YAML too. This file is the only one that knows the parser.
    init(yaml: String) throws(YAMLProblem) {
        var events = YAMLEvents(yaml)
        while true {
            switch try events.next() {
            case .other:
                continue
            case .end:
                self = .scalar("", isPlain: true)
                return
            case let event:
                self = try YAMLValue(event, in: &events, depth: 0)
                return
            }
        }
    }

    private init(_ event: YAMLEvents.Event, in events: inout YAMLEvents, depth: Int) throws(YAMLProblem) {
        guard depth < Self.depthLimit else { throw events.problem("too deep") }
        switch event {
        case .scalar(let text, let isPlain):
            self = .scalar(text, isPlain: isPlain)
        case .sequenceStart:
            self = .sequence(try Self.elements(in: &events, depth: depth + 1))
        case .mappingStart:
            self = .mapping(try Self.fields(in: &events, depth: depth + 1))
        case .alias:
            throw events.problem("an alias (*name), which is not supported")
        case .sequenceEnd, .mappingEnd, .other, .end:
            throw events.problem("nothing where a value should be")
        }
    }

    private static func elements(in events: inout YAMLEvents, depth: Int) throws(YAMLProblem) -> [YAMLValue] {
        var elements: [YAMLValue] = []
        while true {
            let event = try events.next()
            if event == .sequenceEnd {
                return elements
            }
            elements.append(try YAMLValue(event, in: &events, depth: depth))
        }
    }

    private static func fields(in events: inout YAMLEvents, depth: Int) throws(YAMLProblem) -> [Field] {
        var fields: [Field] = []
        var names: Set<String> = []
        while true {
            let event = try events.next()
            if event == .mappingEnd {
                return fields
            }
            guard case .scalar(let name, _) = event else { throw events.problem("a key that is not text") }
            guard names.insert(name).inserted else { throw events.problem("a key that is there twice") }
            let value = try events.next()
            fields.append(Field(name: name, value: try YAMLValue(value, in: &events, depth: depth)))
        }
    }
}

/// libyaml's events over one text (https://pyyaml.org/wiki/LibYAML); owns the C parser and the bytes that it reads.
@safe private struct YAMLEvents: ~Copyable {
    /// What the parser found.
    enum Event: Equatable {
        case scalar(String, isPlain: Bool)
        case sequenceStart
        case sequenceEnd
        case mappingStart
        case mappingEnd
        case alias
        /// The end of the stream: nothing follows.
        case end
        /// Something between values.
        case other
    }

    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let bytes: UnsafeMutableBufferPointer<UInt8>

    /// Begins to parse `text`.
    init(_ text: String) {
        unsafe parser = .allocate(capacity: 1)
        unsafe parser.initialize(to: yaml_parser_t())
        // The parser reads from memory that it doesn't own: it lives exactly as long as this value.
        unsafe bytes = .allocate(capacity: max(1, text.utf8.count))
        _ = unsafe bytes.initialize(from: text.utf8)
        // Fails only without memory, and then leaves a parser that has nothing to say.
        if unsafe yaml_parser_initialize(parser) == 1 {
            unsafe yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
            unsafe yaml_parser_set_input_string(parser, bytes.baseAddress, text.utf8.count)
        }
    }

    deinit {
        unsafe yaml_parser_delete(parser)
        unsafe parser.deallocate()
        unsafe bytes.deallocate()
    }

    /// The next event; the parser's own words and line when the text is no YAML.
    mutating func next() throws(YAMLProblem) -> Event {
        var event = unsafe yaml_event_t()
        guard unsafe yaml_parser_parse(parser, &event) == 1 else {
            let words = unsafe parser.pointee.problem.map { unsafe String(cString: $0) } ?? "unreadable"
            throw unsafe YAMLProblem(detail: "line \(parser.pointee.problem_mark.line + 1): \(words)")
        }
        // The event owns its text, which was copied by then.
        defer { unsafe yaml_event_delete(&event) }
        switch unsafe event.type {
        case YAML_SCALAR_EVENT:
            let scalar = unsafe event.data.scalar
            let text = unsafe String(
                decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self)
            return unsafe .scalar(text, isPlain: scalar.style == YAML_PLAIN_SCALAR_STYLE)
        case YAML_SEQUENCE_START_EVENT: return .sequenceStart
        case YAML_SEQUENCE_END_EVENT: return .sequenceEnd
        case YAML_MAPPING_START_EVENT: return .mappingStart
        case YAML_MAPPING_END_EVENT: return .mappingEnd
        case YAML_ALIAS_EVENT: return .alias
        case YAML_STREAM_END_EVENT, YAML_NO_EVENT: return .end
        default: return .other
        }
    }

    /// What is wrong where the parser stands.
    func problem(_ words: String) -> YAMLProblem {
        unsafe YAMLProblem(detail: "line \(parser.pointee.mark.line + 1): \(words)")
    }
}
