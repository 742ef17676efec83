import FoundationEssentials
import Simulators
import Testing

/// Every fault of everything that the handler depends on, in every phase of its life, by the real binary.
@Suite(.serialized, .timeLimit(.minutes(30))) struct `Under every fault` {
    @Test func `every fault in every phase comes to its stated end`() async throws {
        let played = try await MatrixRun.play(MatrixCell.all)
        let text =
            MatrixPage.table(played.text) + [""]
            + MatrixPage.counts(played.results, of: MatrixFault.all, took: played.took)
        print(text.joined(separator: "\n"))
        guard played.isWhole else { return }
        try ReliabilityPage.keep(text, as: .matrix)
        try ReliabilityPage.keep(MatrixPage.reasonLines, as: .reasons)
        try ReliabilityPage.keep(MatrixPage.phaseLines, as: .phases)
    }

    @Test func `the same with another notice before it`() async throws {
        let played = try await MatrixRun.play(MatrixCell.inCompany, share: Share.current.halved)
        let faults = Company.others.flatMap { _ in MatrixFault.inCompany }
        let text =
            MatrixPage.companyTable(played.text) + [""]
            + MatrixPage.counts(played.results, of: faults, took: played.took)
        print(text.joined(separator: "\n"))
        guard played.isWhole else { return }
        try ReliabilityPage.keep(text, as: .company)
    }

    @Test func `has the cells that the document shows`() throws {
        let parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
        let root = parts.dropLast(4).joined(separator: "/")
        let page = try String(contentsOfFile: root + "/docs/reliability.md", encoding: .utf8)
        // The last number of a cell is measured.
        func stated(_ line: String) -> [String] {
            line.split(separator: "|").map { cell in
                let words = cell.split(separator: " ").map(String.init)
                return (words.last == "s" ? words.dropLast(2) : words[...]).joined(separator: " ")
            }
        }
        func shown(_ part: ReliabilityPage.Part) -> [[String]] {
            ReliabilityPage.lines(of: part, in: page).prefix { !$0.isEmpty }.map(stated)
        }
        #expect(shown(.matrix) == MatrixPage.table(MatrixPage.stated).map(stated), "make reliability writes the page")
        #expect(shown(.company) == MatrixPage.companyTable(MatrixPage.stated).map(stated), "as above")
        #expect(ReliabilityPage.lines(of: .reasons, in: page) == MatrixPage.reasonLines)
        #expect(ReliabilityPage.lines(of: .phases, in: page) == MatrixPage.phaseLines)
    }
}
