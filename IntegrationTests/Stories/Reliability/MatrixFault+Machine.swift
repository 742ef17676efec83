import FoundationEssentials
import Simulators

extension MatrixFault {
    /// Every row.
    static let all =
        ofMetadata + ofServer + ofAutoScaling + ofTokenService + ofChannel + ofNames + ofResolver + ofClock + ofDisk
        + ofProcess + ofPerson

    /// The node's clock against the world's, which the answers of the metadata service and the cloud tell.
    static let ofClock: [MatrixFault] =
        [("behind", Duration.seconds(3600)), ("ahead", .seconds(-3600))].map { name, offset in
            MatrixFault(
                dependency: "clock", name: "the node's is an hour \(name)", worldOffset: offset, begin: { _ in },
                impossible: Dictionary(
                    uniqueKeysWithValues: Phase.allCases.filter { $0 != .start }.map { ($0, alwaysSo) }))
        } + [
            MatrixFault(
                dependency: "clock", name: "the API server's is an hour ahead",
                begin: { act in act.stage.cluster.configure { $0.dateOffset = .seconds(3600) } })
        ]

    /// Why a fault has no other phase than the start.
    static let alwaysSo = "it is so from the start on"

    /// Descriptors and signals.
    static let ofProcess: [MatrixFault] = [
        MatrixFault(
            dependency: "process", name: "out of file descriptors",
            begin: { act in
                guard let program = act.program else { return }
                let open = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(program.processID)/fd")
                try await MatrixAct.run(
                    "/usr/bin/prlimit", "--pid", "\(program.processID)", "--nofile=\(open.count):")
            },
            end: { act in
                guard let program = act.program else { return }
                try await MatrixAct.run("/usr/bin/prlimit", "--pid", "\(program.processID)", "--nofile=1024:")
            }, needsProgram: true),
        MatrixFault(
            dependency: "process", name: "SIGSTOP, then SIGCONT", lasting: .moment,
            begin: { act in
                guard let program = act.program else { return }
                program.send(.stop)
                let path = "/proc/\(program.processID)/stat"
                while try !String(contentsOfFile: path, encoding: .utf8).contains(") T ") { await Task.yield() }
            },
            end: { $0.program?.send(.resume) }, needsProgram: true),
        MatrixFault(
            dependency: "process", name: "SIGTERM", lasting: .moment, begin: { _ in },
            signal: (.terminate, .exited(0)), endings: [:]),
        MatrixFault(
            dependency: "process", name: "SIGKILL", lasting: .moment, begin: { _ in },
            signal: (.kill, .signalled(9)), endings: [:]),
    ]
}
