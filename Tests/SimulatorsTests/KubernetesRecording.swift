import FoundationEssentials
import Simulators

/// One exchange with a real API server 1.36, as it was recorded.
struct KubernetesRecording {
    let name: String
    let request: LabRequest
    let status: Int
    let headers: [String: String]
    let body: String

    enum Failure: Error { case malformed(String) }

    /// Reads a recording from the fixtures.
    init(_ name: String) throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "Fixtures/kubernetes-exchanges")
        let text = String(decoding: try Data(contentsOf: folder.appending(path: name + ".txt")), as: UTF8.self)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        guard let middle = lines.firstIndex(where: { $0.hasPrefix("------") }), lines.count > middle + 2 else {
            throw Failure.malformed(name)
        }
        self.name = name
        request = try Self.request(lines[1..<middle], name)
        let head = lines[(middle + 1)...].prefix { !$0.isEmpty }
        guard let status = head.first?.split(separator: " ").dropFirst().first.flatMap({ Int($0) }) else {
            throw Failure.malformed(name)
        }
        self.status = status
        headers = Dictionary(Self.fields(head.dropFirst())) { first, _ in first }
        body = lines[(middle + 1 + head.count + 1)...].joined(separator: "\n")
    }

    private static func request(_ lines: ArraySlice<String>, _ name: String) throws -> LabRequest {
        let first = (lines.first ?? "").split(separator: " ").map(String.init)
        guard first.count == 3 else { throw Failure.malformed(name) }
        let head = lines.dropFirst().prefix { !$0.isEmpty }
        let body = lines.dropFirst(1 + head.count + 1).joined(separator: "\n")
        let target = first[1].split(separator: "?", maxSplits: 1).map(String.init)
        let pairs = (target.count > 1 ? target[1] : "").split(separator: "&").map { pair in
            pair.split(separator: "=", maxSplits: 1).map { String($0).replacing("%3D", with: "=") }
        }
        let query = pairs.map { (name: $0[0], value: $0.count > 1 ? $0[1] : "") }
        return LabRequest(
            method: first[0], path: target[0], query: query,
            headers: fields(head).map { (name: $0.0, value: $0.1) },
            body: Array(body.withoutOuterSpace.utf8))
    }

    private static func fields(_ lines: ArraySlice<String>) -> [(String, String)] {
        lines.compactMap { line in
            guard let colon = line.firstIndex(of: ":") else { return nil }
            return (String(line[..<colon]), String(line[line.index(after: colon)...].dropFirst()))
        }
    }

    /// The body with everything that differs from run to run masked.
    func normalized() throws -> String { try Self.normalized(body) }

    /// A body with UIDs, times, versions and generated names masked, and without `managedFields`; order is kept.
    static func normalized(_ body: String) throws -> String {
        guard body.hasPrefix("{") else { return body.withoutOuterSpace }
        return masked(try KubernetesJSON(parsing: body.withoutOuterSpace), key: "").text
    }

    private static func masked(_ value: KubernetesJSON, key: String) -> KubernetesJSON {
        switch value {
        case .object(let members):
            var result: KubernetesJSON.Members = [:]
            for entry in members.entries where entry.key != "managedFields" {
                result[entry.key] = masked(entry.value, key: entry.key)
            }
            return .object(result)
        case .array(let elements): return .array(elements.map { masked($0, key: "") })
        case .string(let text):
            if key == "resourceVersion" || key == "continue" { return .string("<\(key)>") }
            return .string(masked(text))
        default: return value
        }
    }

    private static func masked(_ text: String) -> String {
        text.replacing(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/) { match in
            match.output.hasPrefix("00000000") ? String(match.output) : "<uid>"
        }
        .replacing(/[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z/, with: "<time>")
        .replacing(/node-a([.-])[a-z0-9]{5}\b/) { "node-a\($0.output.1)<suffix>" }
    }
}

extension String {
    /// The text without spaces and newlines at its ends.
    var withoutOuterSpace: String {
        var text = self[...]
        while let first = text.first, first.isWhitespace { text.removeFirst() }
        while let last = text.last, last.isWhitespace { text.removeLast() }
        return String(text)
    }
}
