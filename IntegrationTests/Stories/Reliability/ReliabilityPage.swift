import FoundationEssentials

/// The page `docs/reliability.md`, of which the suites write a part each when they are asked to.
enum ReliabilityPage {
    /// A part of the page, between two comments that name it.
    enum Part: String {
        case matrix
        case company
        case reasons
        case phases
        case restarts
        case intrusions
    }

    /// The variable that names the page to write.
    static let variable = "RELIABILITY_PAGE"

    /// Writes the lines into the page, if that is wanted.
    static func keep(_ lines: [String], as part: Part) throws {
        guard let path = ProcessInfo.processInfo.environment[variable], !path.isEmpty else { return }
        let page = try String(contentsOfFile: path, encoding: .utf8)
        let written = replacing(part, in: page, with: lines)
        try written.write(toFile: path, atomically: true, encoding: .utf8)
    }

    /// The page with another text in that part.
    static func replacing(_ part: Part, in page: String, with lines: [String]) -> String {
        let all = page.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        guard let begin = all.firstIndex(of: "<!-- \(part.rawValue) -->"),
            let end = all.firstIndex(of: "<!-- /\(part.rawValue) -->"), begin < end
        else { return page }
        return (all[...begin] + lines + all[end...]).joined(separator: "\n")
    }

    /// The lines of a part.
    static func lines(of part: Part, in page: String) -> [String] {
        let all = page.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        guard let begin = all.firstIndex(of: "<!-- \(part.rawValue) -->"),
            let end = all.firstIndex(of: "<!-- /\(part.rawValue) -->"), begin < end
        else { return [] }
        return Array(all[(begin + 1)..<end])
    }
}
