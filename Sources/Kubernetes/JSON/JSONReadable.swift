import JSON

/// What can be made of a JSON value.
protocol JSONReadable {
    /// Makes it of that value; throws where something is missing or of another type.
    init(json: JSONValue) throws(JSONMismatch)
}

/// Why a JSON value is not what was expected, and where; never what was there.
struct JSONMismatch: Error {
    /// What can be wrong.
    enum Fault {
        /// It is of another type than was expected.
        case anotherType
        /// A member of that name is missing.
        case absent(String)
    }

    /// What is wrong.
    let fault: Fault
    /// The way to it from the top, innermost first.
    private(set) var way: [String] = []

    /// A mismatch right here.
    init(_ fault: Fault) {
        self.fault = fault
    }

    /// The same seen from one level higher.
    func within(_ name: String) -> JSONMismatch {
        var outer = self
        outer.way.append(name)
        return outer
    }

    /// What is wrong and where, in words.
    var summary: String {
        let place = way.isEmpty ? "the top" : way.reversed().joined(separator: ".")
        switch fault {
        case .anotherType: return "another type at \(place)"
        case .absent(let name): return "no \(name) at \(place)"
        }
    }
}

extension JSONValue {
    /// The members, when this is an object.
    func object() throws(JSONMismatch) -> [Member] {
        guard case .object(let members) = self else { throw JSONMismatch(.anotherType) }
        return members
    }
}

extension [JSONValue.Member] {
    /// The member of that name; `nil` when it is not there or `null`.
    func optional<Value: JSONReadable>(_ name: String) throws(JSONMismatch) -> Value? {
        guard let place = firstIndex(where: { $0.name == name }) else { return nil }
        if case .null = self[place].value { return nil }
        do throws(JSONMismatch) {
            return try Value(json: self[place].value)
        } catch {
            throw error.within(name)
        }
    }

    /// The member of that name.
    func required<Value: JSONReadable>(_ name: String) throws(JSONMismatch) -> Value {
        guard let value: Value = try optional(name) else { throw JSONMismatch(.absent(name)) }
        return value
    }
}

extension Bool: JSONReadable {
    init(json: JSONValue) throws(JSONMismatch) {
        guard case .bool(let value) = json else { throw JSONMismatch(.anotherType) }
        self = value
    }
}

extension Int: JSONReadable {
    init(json: JSONValue) throws(JSONMismatch) {
        switch json {
        case .int(let value): self = value
        case .number(let value):
            guard let whole = Int(exactly: value) else { throw JSONMismatch(.anotherType) }
            self = whole
        default: throw JSONMismatch(.anotherType)
        }
    }
}

extension String: JSONReadable {
    init(json: JSONValue) throws(JSONMismatch) {
        guard case .string(let value) = json else { throw JSONMismatch(.anotherType) }
        self = value
    }
}

extension Array: JSONReadable where Element: JSONReadable {
    init(json: JSONValue) throws(JSONMismatch) {
        guard case .array(let values) = json else { throw JSONMismatch(.anotherType) }
        self = []
        reserveCapacity(values.count)
        for (place, value) in values.enumerated() {
            do throws(JSONMismatch) {
                append(try Element(json: value))
            } catch {
                throw error.within(String(place))
            }
        }
    }
}

extension [String: String]: JSONReadable {
    init(json: JSONValue) throws(JSONMismatch) {
        self = [:]
        for member in try json.object() where self[member.name] == nil {
            do throws(JSONMismatch) {
                self[member.name] = try String(json: member.value)
            } catch {
                throw error.within(member.name)
            }
        }
    }
}
