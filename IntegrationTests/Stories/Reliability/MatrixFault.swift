import Simulators

/// Something that goes wrong from a moment on, and may be mended later: a row of the fault matrix.
struct MatrixFault: Sendable {
    /// How long it lasts at least.
    enum Lasting: Sendable {
        /// Until the metadata service was asked that many times more.
        case reads(Int)
        /// Until the handler says that the metadata service is degraded.
        case warning
        /// It has happened at once.
        case moment
        /// Until the node is empty.
        case drain
    }

    /// On whom the handler depends there.
    let dependency: String
    /// What goes wrong.
    let name: String
    var lasting = Lasting.reads(8)
    /// How far the world's clock is ahead of the node's.
    var worldOffset: Duration?
    /// Makes ready what the fault needs, before the program is started.
    var prepare: @Sendable (MatrixAct) async throws -> Void = { _ in }
    /// Variables that the fault needs.
    var environment: @Sendable (MatrixAct) -> [String: String] = { _ in [:] }
    /// The command line before the handler's own.
    var launcher: @Sendable (MatrixAct) -> [String] = { _ in [] }
    /// Begins it; the program is there in every phase but the start.
    let begin: @Sendable (MatrixAct) async throws -> Void
    /// Ends it.
    var end: @Sendable (MatrixAct) async throws -> Void = { _ in }
    /// The signal that it is, and how the program ends by it.
    var signal: (RunningProgram.Signal, RunningProgram.End)?
    /// Whether nothing can be done about it before the program is there.
    var needsProgram = false
    /// Whether the log can be read.
    var isLogged = true
    /// The channels that must get both messages.
    var channels = MatrixAct.channels
    /// The endings that differ from the usual ones.
    var endings: [Phase: CellEnding] = [:]
    /// The cells that cannot exist, with the reason.
    var impossible: [Phase: String] = [:]
    /// Whether Auto Scaling must have detached the machine in the end.
    var isDetached = false
    /// Whether the program must have a mount namespace of its own.
    var needsMounts = false

    /// Whether it begins, at the start, with the program's first request and not before the program.
    var beginsWithProgram: Bool { needsProgram || signal != nil }

    /// Whether it is the metadata service that fails.
    var isOfMetadata: Bool { dependency == Self.metadata }

    /// How the cell of `phase` must end.
    func ending(in phase: Phase) -> CellEnding {
        if let ending = endings[phase] { return ending }
        if phase == .givingBack { return .givenBack }
        if phase == .completing { return .completed }
        if signal != nil { return phase.hasRecord ? .resumed : .nextLife }
        return .drained
    }
}

/// A cell of the fault matrix.
struct MatrixCell: Sendable {
    let fault: MatrixFault
    let phase: Phase
    var company = Company.alone

    /// Every cell that can exist with nothing but its notice, row by row.
    static let all = cells(of: MatrixFault.all, with: .alone)

    /// Every cell in which another notice came before, row by row.
    static let inCompany = Company.others.flatMap { cells(of: MatrixFault.inCompany, with: $0) }

    private static func cells(of faults: [MatrixFault], with company: Company) -> [MatrixCell] {
        faults.flatMap { fault in
            Phase.allCases.filter { fault.impossible[$0] == nil }.map {
                MatrixCell(fault: fault, phase: $0, company: company)
            }
        }
    }

    var name: String {
        "\(fault.dependency): \(fault.name), \(phase.rawValue)" + (company == .alone ? "" : ", \(company.rawValue)")
    }
}
