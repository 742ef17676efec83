import FoundationEssentials

/// What became of a cell.
struct CellResult: Sendable {
    let cell: MatrixCell
    let ending: CellEnding?
    let violations: [Violation]
    let seconds: Double

    /// Whether no promise was broken and the cell ended as it was stated.
    var isGood: Bool { violations.isEmpty && ending?.satisfies(cell.fault.ending(in: cell.phase)) == true }
}

/// The fault matrix as a page for people.
struct MatrixPage {
    /// The table's head and one row for each fault; `text` says what stands in a cell that can exist.
    static func table(_ text: (MatrixCell) -> String) -> [String] {
        head + rows(of: MatrixFault.all, with: .alone, text)
    }

    /// The table of the cells in which another notice came before.
    static func companyTable(_ text: (MatrixCell) -> String) -> [String] {
        head + Company.others.flatMap { rows(of: MatrixFault.inCompany, with: $0, text) }
    }

    private static let head = [
        "| fault | " + Phase.allCases.map(\.rawValue).joined(separator: " | ") + " |",
        "|---|" + Phase.allCases.map { _ in "---|" }.joined(),
    ]

    private static func rows(
        of faults: [MatrixFault], with company: Company, _ text: (MatrixCell) -> String
    ) -> [String] {
        faults.map { fault in
            let cells = Phase.allCases.map { phase in
                let cell = MatrixCell(fault: fault, phase: phase, company: company)
                return fault.impossible[phase].map { "– \(letter(of: $0))" } ?? text(cell)
            }
            let start = company == .alone ? "" : "\(company.rawValue); "
            return "| \(start)\(fault.dependency): \(fault.name) | " + cells.joined(separator: " | ") + " |"
        }
    }

    /// The reasons why cells cannot exist, in the order of their letters.
    static let reasons: [String] = {
        var found: [String] = []
        for fault in MatrixFault.all + MatrixFault.inCompany {
            for phase in Phase.allCases {
                if let reason = fault.impossible[phase], !found.contains(reason) { found.append(reason) }
            }
        }
        return found
    }()

    /// The reasons as a list under their letters.
    static var reasonLines: [String] { reasons.map { "- \(letter(of: $0)): \($0)" } }

    /// What tells that a phase has begun, as rows.
    static var phaseLines: [String] { Phase.allCases.map { "| \($0.rawValue) | \($0.entry) |" } }

    /// The letter that stands for a reason.
    static func letter(of reason: String) -> String {
        let index = reasons.firstIndex(of: reason) ?? 0
        return String(UnicodeScalar(UInt8(97 + index)))
    }

    /// What the cell must say, without the measured part.
    static func stated(_ cell: MatrixCell) -> String { cell.fault.ending(in: cell.phase).rawValue }

    /// The counts below the table.
    static func counts(_ results: [CellResult], of faults: [MatrixFault], took: Duration) -> [String] {
        func count(_ kind: Violation.Kind) -> Int {
            results.reduce(0) { $0 + $1.violations.count { $0.kind == kind } }
        }
        let other = results.count { $0.violations.isEmpty && !$0.isGood }
        let impossible = faults.reduce(0) { $0 + $1.impossible.count }
        return [
            "| cells run | \(results.count) |", "| cells that cannot exist | \(impossible) |",
            "| other endings than stated | \(other) |",
        ] + Violation.Kind.allCases.map { "| \($0.rawValue) | \(count($0)) |" }
            + ["| seconds for all, three at a time | \(took.components.seconds) |"]
    }
}
