import FoundationEssentials
import Simulators
import Testing

/// Every fault of everything that the handler depends on, in every phase of its life, by the real binary.
@Suite(.timeLimit(.minutes(30))) struct `Under every fault` {
    @Test func `every fault in every phase comes to its stated end`() async throws {
        let only = ProcessInfo.processInfo.environment["RELIABILITY_ONLY"]
        var cells =
            only.map { word in MatrixCell.all.filter { $0.name.contains(word) } } ?? Share.current.of(MatrixCell.all)
        print("\(cells.count) of \(MatrixCell.all.count) cells are played: \(Share.current)")
        if let reason = await MatrixFault.reasonAgainstMounts() {
            let missed = cells.filter(\.fault.needsMounts).map(\.name)
            print("\(missed.count) of these are left out: \(reason)", missed.joined(separator: "; "))
            cells.removeAll { $0.fault.needsMounts }
        }
        let start = ContinuousClock().now
        let results = try await Crew.play(cells) { cell in
            let start = ContinuousClock().now
            let evidence = try await MatrixAct.play(cell)
            let took = ContinuousClock().now - start
            let result = CellResult(
                cell: cell, ending: evidence?.ending(in: cell.phase), violations: evidence?.violations ?? [],
                seconds: took / .seconds(1))
            if !result.isGood {
                let log = (evidence?.lines ?? []).suffix(60).joined(separator: "\n")
                Issue.record("\(cell.name): \(String(describing: result.ending)), \(result.violations)\n\(log)")
            }
            print("\(result.isGood ? "good" : "FAILED") \(Int(result.seconds * 1000)) ms \(cell.name)")
            return result
        }
        let took = ContinuousClock().now - start
        let played = Dictionary(uniqueKeysWithValues: results.map { ($0.cell.name, $0) })
        let table = MatrixPage.table { cell in
            guard let result = played[cell.name] else { return "not run" }
            let tenths = Int(result.seconds * 10)
            let mark = result.isGood ? MatrixPage.stated(cell) : "FAILED"
            return "\(mark) \(tenths / 10).\(tenths % 10) s"
        }
        let text = table + [""] + MatrixPage.counts(results, took: took)
        print(text.joined(separator: "\n"))
        guard only == nil, Share.current.isWhole else { return }
        try ReliabilityPage.keep(text, as: .matrix)
        try ReliabilityPage.keep(MatrixPage.reasonLines, as: .reasons)
        try ReliabilityPage.keep(MatrixPage.phaseLines, as: .phases)
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
        let shown = ReliabilityPage.lines(of: .matrix, in: page).prefix { !$0.isEmpty }.map(stated)
        #expect(shown == MatrixPage.table(MatrixPage.stated).map(stated), "make reliability writes the page anew")
        #expect(ReliabilityPage.lines(of: .reasons, in: page) == MatrixPage.reasonLines)
        #expect(ReliabilityPage.lines(of: .phases, in: page) == MatrixPage.phaseLines)
    }
}
