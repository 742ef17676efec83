import FoundationEssentials
import Testing

/// The cells of a matrix, played: all of them, or the part that the environment asks for.
struct MatrixRun {
    let results: [CellResult]
    let took: Duration
    /// Whether nothing was left out by somebody's wish.
    let isWhole: Bool

    /// Plays the cells three at a time; each that does not end as it was stated is an issue.
    static func play(_ all: [MatrixCell], share: Share = .current) async throws -> MatrixRun {
        let only = ProcessInfo.processInfo.environment["RELIABILITY_ONLY"]
        var cells = only.map { word in all.filter { $0.name.contains(word) } } ?? share.of(all)
        print("\(cells.count) of \(all.count) cells are played: \(share)")
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
        return MatrixRun(
            results: results, took: ContinuousClock().now - start, isWhole: only == nil && share.isWhole)
    }

    /// What stands in a cell of the page.
    func text(_ cell: MatrixCell) -> String {
        guard let result = results.first(where: { $0.cell.name == cell.name }) else { return "not run" }
        let tenths = Int(result.seconds * 10)
        let mark = result.isGood ? MatrixPage.stated(cell) : "FAILED"
        return "\(mark) \(tenths / 10).\(tenths % 10) s"
    }
}
