import FoundationEssentials
import Kubernetes
import Transport

/// An exchange with a real API server 1.36, as it was recorded.
struct Recording: Sendable, CustomStringConvertible {
    /// The file's name without its ending.
    let name: String
    /// The request's body.
    let request: String
    /// The answer.
    let answer: HTTPResponse

    var description: String { name }

    static let folder = #filePath.split(separator: "/").dropLast(2).reduce("") { $0 + "/" + $1 } + "/Fixtures"

    /// Every recording, by name.
    static let all: [Recording] =
        ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [])
        .filter { $0.hasSuffix(".txt") }.sorted().compactMap { Recording(file: $0) }

    static func named(_ name: String) throws -> Recording {
        guard let recording = all.first(where: { $0.name == name }) else { throw FileProblem.absent }
        return recording
    }

    private init?(file: String) {
        guard let bytes = try? Surroundings.file(at: Recording.folder + "/" + file) else { return nil }
        let text = String(decoding: bytes, as: UTF8.self)
        guard let rule = text.firstRange(of: "\n------------------------------------------------------------\n") else {
            return nil
        }
        let (_, request) = Self.headAndBody(text[..<rule.lowerBound])
        let (head, body) = Self.headAndBody(text[rule.upperBound...])
        guard let status = head.first?.split(separator: " ").dropFirst().first.flatMap({ Int($0) }) else { return nil }
        var headers = HTTPHeaders()
        for line in head.dropFirst() {
            guard let colon = line.firstRange(of: ": ") else { return nil }
            headers.append(String(line[..<colon.lowerBound]), Secret(String(line[colon.upperBound...])))
        }
        name = String(file.dropLast(4))
        self.request = request
        answer = HTTPResponse(status: status, headers: headers, body: Array(body.utf8))
    }

    private static func headAndBody(_ text: Substring) -> ([Substring], String) {
        let blank = text.firstRange(of: "\n\n")
        let head = text[..<(blank?.lowerBound ?? text.endIndex)].split(separator: "\n")
        return (head, blank.map { String(text[$0.upperBound...]) } ?? "")
    }
}
