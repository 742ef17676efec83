import FoundationEssentials
import Testing

@testable import Interruption

/// `docs/the-machine.md` draws the machine as it is: what stands between its marks is made by playing the machine.
@Suite struct `The page about the machine` {
    private static let begin = "<!-- made by `make docs` from the machine itself -->\n"
    private static let end = "\n<!-- until here -->"

    @Test func `shows what the machine does`() throws {
        let root = #filePath.split(separator: "/").dropLast(4).joined(separator: "/")
        let path = "/\(root)/docs/the-machine.md"
        let text = try String(contentsOfFile: path, encoding: .utf8)
        let head = try #require(text.firstRange(of: Self.begin))
        let tail = try #require(text.firstRange(of: Self.end))
        let chart = MachineChart(orders: 3_000, seed: 11)
        let made = chart.diagram + "\n\n" + chart.table
        if ProcessInfo.processInfo.environment["WRITE_PAGES"] != nil {
            let page = text[..<head.upperBound] + made + text[tail.lowerBound...]
            try String(page).write(toFile: path, atomically: true, encoding: .utf8)
        } else {
            #expect(text[head.upperBound..<tail.lowerBound] == made, "`make docs` writes it anew")
        }
    }
}
