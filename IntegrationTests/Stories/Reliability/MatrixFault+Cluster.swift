import Simulators

extension MatrixFault {
    private static let server = "API server"

    /// The faults of the API server and of what is shown to it.
    static let ofServer: [MatrixFault] =
        [
            ("hangs", Fault.hang), ("404 of a proxy", .html(404)), ("500", .status(500)), ("garbage", .garbage),
            ("64 MiB", .huge(bytes: 64 << 20)), ("a byte in 10 ms", .slow(every: .milliseconds(10))),
        ].map { name, fault in
            row(name, { $0.stage.lab.faults[.kubernetes]?.add(fault) }) { $0.stage.lab.faults[.kubernetes]?.clear() }
        }
        + [
            ("401", ClusterFault.Effect.unauthorized), ("403", .forbidden),
            ("429 of flow control", .tooManyRequests(retryAfter: 1)),
        ].map { name, effect in
            row(name, { $0.stage.cluster.inject(ClusterFault(effect)) }) { $0.stage.cluster.clearFaults() }
        } + [
            row("refuses connections", { await $0.stage.lab.servers[.kubernetes]?.goAway() }) {
                try await $0.stage.lab.servers[.kubernetes]?.comeBack()
            },
            row("a connection goes silent", { $0.stage.lab.servers[.kubernetes]?.silence() }) {
                $0.stage.lab.servers[.kubernetes]?.endSilence()
            },
            row("watches end with 410") { act in
                act.stage.cluster.compact()
                act.stage.cluster.expireWatches()
            },
            MatrixFault(
                dependency: server, name: "the account's token is rotated",
                prepare: { act in
                    try act.stage.write(ClusterPreset.token, to: "token")
                    let config = (act.stage.lab.kubeconfig ?? "").replacing(
                        "token: \(ClusterPreset.token)", with: "tokenFile: \(act.stage.folder)/token")
                    try act.stage.write(config, to: "kubeconfig")
                },
                begin: { act in
                    try act.stage.write("second-token", to: "token")
                    act.stage.cluster.accept(token: "second-token", as: ClusterPreset.account)
                    act.stage.cluster.refuse(token: ClusterPreset.token)
                }),
        ]

    private static func row(
        _ name: String, _ begin: @escaping @Sendable (MatrixAct) async throws -> Void,
        _ end: @escaping @Sendable (MatrixAct) async throws -> Void = { _ in }
    ) -> MatrixFault {
        MatrixFault(dependency: server, name: name, begin: begin, end: end)
    }

    /// The faults of a channel; the other channels are told all the same, and the node is emptied meanwhile.
    static let ofChannel: [MatrixFault] =
        [
            ("hangs", Fault.hang), ("403", .status(403)), ("404", .status(404)), ("500", .status(500)),
            ("429", .retryLater(status: 429, seconds: 1)), ("garbage", .garbage), ("1 GiB", .huge(bytes: 1 << 30)),
            ("a byte a second", .slow(every: .seconds(1))),
        ].map { name, fault in
            MatrixFault(
                dependency: "channel", name: name, lasting: .drain,
                begin: { $0.stage.lab.webhooks.faults.add(fault, to: "/slack*") },
                end: { $0.stage.lab.webhooks.faults.clear() }, channels: ["mattermost", "sematext"],
                impossible: untold)
        } + [
            MatrixFault(
                dependency: "channel", name: "all refuse connections", lasting: .drain,
                begin: { await $0.stage.lab.servers[.webhooks]?.goAway() },
                end: { try await $0.stage.lab.servers[.webhooks]?.comeBack() }, channels: [], impossible: untold)
        ]

    private static let untold: [Phase: String] = [.start: "nobody is told anything before a notice"]
}
