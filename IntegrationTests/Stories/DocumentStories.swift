import FoundationEssentials
import Simulators
import Testing

/// What the documents say is what the executable says.
@Suite struct `The documents` {
    @Test func `list every setting as the executable knows it`() async throws {
        let outcome = try await RunningProgram.run(Stage.executable, ["settings"], environment: [:]) {
            await $0.untilEnded()
        }
        let page = try String(contentsOfFile: repository + "/docs/settings.md", encoding: .utf8)
        let table = page.split(separator: "\n").map(String.init).drop { !$0.hasPrefix("| flag |") }
        #expect(outcome.lines == Array(table), "make docs writes the page anew")
    }

    private var repository: String {
        #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(separator: "/")
    }
}
