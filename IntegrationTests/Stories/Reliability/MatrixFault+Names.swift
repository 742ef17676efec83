import Simulators

extension MatrixFault {
    /// Names that resolve late or not at all from a moment on, while what is behind them is well.
    static let ofResolver: [MatrixFault] = [
        resolver("the API server's name loses its address", .kubernetes, drops: true) { try $0.lose(.kubernetes) },
        resolver("the API server's name takes 2 s", .kubernetes, drops: true) {
            try $0.resolve(.kubernetes, after: .seconds(2))
        },
        resolver("the Auto Scaling API's name has no address", .aws) { try $0.lose(.aws) },
        resolver("the Auto Scaling API's name takes 2 s", .aws) { try $0.resolve(.aws, after: .seconds(2)) },
        resolver("a channel's name takes 2 s", .webhooks) { try $0.resolve(.webhooks, after: .seconds(2)) },
    ]

    private static func resolver(
        _ name: String, _ server: LabServerName, drops: Bool = false,
        _ begin: @escaping @Sendable (SimulatedNames) throws -> Void
    ) -> MatrixFault {
        MatrixFault(
            dependency: "DNS", name: name, lasting: server == .kubernetes ? .reads(8) : .drain,
            prepare: { act in
                let names = try await SimulatedNames(for: act.stage)
                if server == .kubernetes { try names.nameAPIServer(on: act.stage) }
            },
            environment: { act in SimulatedNames(madeFor: act.stage).environment([server], on: act.stage) },
            begin: { act in
                try begin(SimulatedNames(madeFor: act.stage))
                // What is open needs no name.
                if drops { await act.stage.lab.servers[server]?.dropConnections() }
            },
            end: { try SimulatedNames(madeFor: $0.stage).resolve(server) })
    }
}
