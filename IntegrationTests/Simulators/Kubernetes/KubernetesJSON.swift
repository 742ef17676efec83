/// A JSON value that keeps the order of keys and the spelling of numbers, so that whatever a client sends survives.
public enum KubernetesJSON: Sendable, Equatable {
    /// `null`.
    case null
    /// `true` or `false`.
    case bool(Bool)
    /// A number, as it was written.
    case number(String)
    /// A string.
    case string(String)
    /// A list.
    case array([KubernetesJSON])
    /// An object.
    case object(Members)
    /// JSON text printed as it is: large parts that nobody looks into, such as `managedFields`, at the cost of a copy.
    case verbatim([UInt8])

    /// The members of an object in their order; equality ignores the order, as JSON does.
    public struct Members: Sendable, Equatable {
        /// One key with its value.
        public struct Entry: Sendable, Equatable {
            /// The key.
            public let key: String
            /// Its value.
            public var value: KubernetesJSON
        }

        /// The members, in the order they are printed.
        public private(set) var entries: [Entry] = []

        /// An object without members.
        public init() {}

        /// The value of a key; assigning nil removes it, a new key goes to the end.
        public subscript(key: String) -> KubernetesJSON? {
            get { entries.first { $0.key == key }?.value }
            set {
                let index = entries.firstIndex { $0.key == key }
                switch (index, newValue) {
                case (let index?, let value?): entries[index].value = value
                case (let index?, nil): entries.remove(at: index)
                case (nil, let value?): entries.append(Entry(key: key, value: value))
                case (nil, nil): break
                }
            }
        }

        /// Adds a member without looking whether the key is there already; for the parser.
        mutating func append(_ key: String, _ value: KubernetesJSON) {
            entries.append(Entry(key: key, value: value))
        }

        /// The same members, the named keys first and in that order, the others behind as they were.
        func ordered(by keys: [String]) -> Members {
            var result = Members()
            result.entries.reserveCapacity(entries.count)
            for key in keys {
                if let value = self[key] { result.append(key, value) }
            }
            if result.entries.count < entries.count {
                result.entries += entries.filter { !keys.contains($0.key) }
            }
            return result
        }

        /// The same members by ascending key, as Go prints a map.
        func sorted() -> Members {
            var result = self
            result.entries.sort { $0.key < $1.key }
            return result
        }

        /// Whether there is no member.
        public var isEmpty: Bool { entries.isEmpty }

        /// Whether both have the same members, in whatever order.
        public static func == (left: Members, right: Members) -> Bool {
            guard left.entries.count == right.entries.count else { return false }
            for (index, entry) in left.entries.enumerated() {
                let other = right.entries[index]
                let value = other.key == entry.key ? other.value : right[entry.key]
                guard value == entry.value else { return false }
            }
            return true
        }
    }
}

extension KubernetesJSON {
    /// A whole number.
    public static func integer(_ value: Int) -> KubernetesJSON { .number(String(value)) }

    /// A member of an object; nil for a missing key and for everything that is not an object.
    public subscript(key: String) -> KubernetesJSON? {
        get {
            guard case .object(let members) = self else { return nil }
            return members[key]
        }
        set {
            guard case .object(var members) = self else {
                if newValue != nil { self = .object([key: newValue ?? .null]) }
                return
            }
            // The case is emptied first, so that the members are changed in place instead of copied.
            self = .null
            members[key] = newValue
            self = .object(members)
        }
    }

    /// What is found by following these keys.
    public subscript(keys: String...) -> KubernetesJSON? {
        var value: KubernetesJSON? = self
        for key in keys { value = value?[key] }
        return value
    }

    /// Changes what a key leads to, creating an empty object where there was nothing.
    public mutating func update(_ key: String, _ change: (inout KubernetesJSON) -> Void) {
        var value = self[key] ?? .object([:])
        change(&value)
        self[key] = value
    }

    /// The string, if it is one.
    public var string: String? {
        if case .string(let text) = self { text } else { nil }
    }

    /// The whole number, if it is one.
    public var integer: Int? {
        if case .number(let text) = self { Int(text) } else { nil }
    }

    /// The truth value, if it is one.
    public var bool: Bool? {
        if case .bool(let value) = self { value } else { nil }
    }

    /// The elements, if it is a list.
    public var array: [KubernetesJSON]? {
        if case .array(let elements) = self { elements } else { nil }
    }

    /// The members, if it is an object.
    public var members: Members? {
        if case .object(let members) = self { members } else { nil }
    }

    /// The string members of an object, as labels and annotations are.
    public var strings: [String: String] {
        var result: [String: String] = [:]
        for entry in members?.entries ?? [] { result[entry.key] = entry.value.string }
        return result
    }

    /// An object of strings, by ascending key.
    public static func strings(_ values: [String: String]) -> KubernetesJSON {
        var members = Members()
        for (key, value) in values.sorted(by: { $0.key < $1.key }) { members.append(key, .string(value)) }
        return .object(members)
    }
}

extension KubernetesJSON.Members: ExpressibleByDictionaryLiteral {
    /// The members in the order they are written.
    public init(dictionaryLiteral elements: (String, KubernetesJSON)...) {
        for (key, value) in elements { append(key, value) }
    }
}

extension KubernetesJSON: ExpressibleByDictionaryLiteral, ExpressibleByArrayLiteral, ExpressibleByStringLiteral,
    ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral
{
    /// An object, its members in the order they are written.
    public init(dictionaryLiteral elements: (String, KubernetesJSON)...) {
        var members = Members()
        for (key, value) in elements { members.append(key, value) }
        self = .object(members)
    }
    /// A list.
    public init(arrayLiteral elements: KubernetesJSON...) { self = .array(elements) }
    /// A string.
    public init(stringLiteral value: String) { self = .string(value) }
    /// A whole number.
    public init(integerLiteral value: Int) { self = .integer(value) }
    /// A truth value.
    public init(booleanLiteral value: Bool) { self = .bool(value) }
}
