import Simulators

/// What goes wrong while a notice stands or ends: one thing at a time, by a seeded choice.
///
/// Nothing here gives a notice or takes one back by itself: bytes that cannot be read on a spot or rebalance path count as a notice, so
/// nonsense is served where it does not.
struct Mischief {
    private let stage: SoakStage
    private let tally: Tally
    private var generator: SeededGenerator
    private var token: String
    private var tokenCount = 0

    /// Mischief of that seed; `token` is what the API server accepts now.
    init(on stage: SoakStage, tally: Tally, seed: UInt64) {
        self.stage = stage
        self.tally = tally
        generator = SeededGenerator(seed: seed)
        token = stage.lab.configuration.kubernetesToken
    }

    private static let metadata: [FaultRule] = [
        FaultRule(.status(503), times: 4), FaultRule(.status(500), path: "/latest/meta-data/*", times: 3),
        FaultRule(.html(502), times: 3), FaultRule(.html(200), path: "/latest/meta-data/spot/*", times: 2),
        FaultRule(.garbage, path: "/latest/api/token", times: 1),
        FaultRule(.garbage, path: "/latest/meta-data/events/maintenance/*", times: 1),
        FaultRule(.garbage, path: "/latest/meta-data/autoscaling/*", times: 1),
        FaultRule(.drop, times: 2), FaultRule(.hang, path: "/latest/meta-data/spot/instance-action", times: 1),
        FaultRule(.hang, path: "/latest/api/token", times: 1), FaultRule(.silence, times: 1),
        FaultRule(.huge(bytes: 8 << 20), path: "/latest/meta-data/spot/instance-action", times: 1),
        FaultRule(.truncated(after: 3), path: "/latest/meta-data/events/*", times: 1),
        FaultRule(.status(401), times: 2),
        FaultRule(.late(by: .milliseconds(300)), times: 3), FaultRule(.slow(every: .milliseconds(2)), times: 2),
    ]

    private static let kubernetes: [FaultRule] = [
        FaultRule(.status(500), times: 2), FaultRule(.status(503), method: "PATCH", times: 2),
        FaultRule(.retryLater(status: 429, seconds: 1), method: "POST", times: 2),
        FaultRule(.html(502), method: "PATCH", times: 1), FaultRule(.garbage, method: "GET", times: 1),
        FaultRule(.drop, times: 2), FaultRule(.hang, method: "GET", times: 1),
        FaultRule(.hang, method: "PATCH", times: 1),
        FaultRule(.late(by: .milliseconds(500)), times: 4), FaultRule(.truncated(after: 20), method: "GET", times: 1),
    ]

    /// Only while the node is given back: a cordon that arrives on a connection which is silent by then is taken for somebody else's
    /// afterwards, and stays. That is what the handler is meant to do; it cannot know.
    private static let kubernetesGivingBack =
        kubernetes + [FaultRule(.silence, times: 1), FaultRule(.silence, times: 1)]

    private static let channels: [FaultRule] = [
        FaultRule(.hang, times: 1), FaultRule(.status(500), times: 1), FaultRule(.drop, times: 2),
        FaultRule(.retryLater(status: 429, seconds: 1), times: 1), FaultRule(.html(502), times: 1),
    ]

    private static let cloud: [FaultRule] = [
        FaultRule(.queryError(status: 400, code: "Throttling", message: "Rate exceeded"), times: 2),
        FaultRule(.status(503), times: 1), FaultRule(.garbage, times: 1), FaultRule(.drop, times: 1),
        FaultRule(.hang, times: 1),
    ]

    /// What strikes when.
    enum Occasion {
        /// A notice is about to be given.
        case notice
        /// It is about to be taken back.
        case withdrawal
    }

    /// Does one thing of those that can go wrong.
    mutating func strike(at occasion: Occasion) async throws {
        switch Int.random(in: 0..<20, using: &generator) {
        case 0..<6: add(Self.metadata, to: stage.lab.faults[.metadata])
        case 6..<10:
            let faults = occasion == .notice ? Self.kubernetes : Self.kubernetesGivingBack
            add(faults, to: stage.lab.faults[.kubernetes])
        case 10, 11: add(Self.channels, to: stage.inboxFaults)
        case 12: add(Self.cloud, to: stage.lab.faults[.aws])
        case 13: await disconnect(from: .metadata, for: .milliseconds(700))
        case 14: await disconnect(from: .kubernetes, for: .milliseconds(400))
        case 15: await dropConnections()
        case 16, 17: try await rotateServiceAccountToken()
        case 18: rotate { stage.lab.metadata.expireTokens() }
        default: rotate { stage.lab.issuer.expireAll() }
        }
    }

    private mutating func add(_ rules: [FaultRule], to script: FaultScript?) {
        guard let rule = rules.randomElement(using: &generator) else { return }
        script?.add(rule)
    }

    /// The server refuses connections, closes those that are open, and comes back.
    private func disconnect(from name: LabServerName, for time: Duration) async {
        await stage.lab.servers[name]?.goAway(for: time)
        tally.note { $0.disconnections += 1 }
    }

    private func dropConnections() async {
        for name in [LabServerName.kubernetes, .aws] { await stage.lab.servers[name]?.dropConnections() }
        await stage.channels.dropConnections()
        tally.note { $0.disconnections += 1 }
    }

    /// The kubelet writes another token, and the old one is refused from now on.
    private mutating func rotateServiceAccountToken() async throws {
        tokenCount += 1
        let fresh = "soak-token-\(tokenCount)"
        stage.cluster.accept(
            token: fresh, as: .serviceAccount("kube-system", "interruption-handler", node: SoakStage.node))
        try stage.write(token: fresh)
        stage.cluster.refuse(token: token)
        token = fresh
        tally.note { $0.rotations += 1 }
    }

    private func rotate(_ expire: () -> Void) {
        expire()
        tally.note { $0.rotations += 1 }
    }
}
