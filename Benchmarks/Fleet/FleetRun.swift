import Interruption
import TestSupport

/// One scenario, played to its end.
struct FleetRun: Sendable {
    let scenario: Scenario

    /// Plays it in virtual time, on one thread.
    func outcome() async throws -> FleetOutcome {
        try await VirtualTime.run(limit: .seconds(600)) { timeline in
            let cluster = FleetCluster(scenario)
            let server = APIServerModel(seats: scenario.seats, timeline: timeline)
            let clock = ContinuousClock()
            let began = clock.now
            let nodes = cluster.nodes
            await withDiscardingTaskGroup { group in
                group.addTask { await cluster.run(on: timeline) }
                var generator = SeededGenerator(seed: scenario.seed &+ 1)
                for (index, node) in nodes.enumerated() {
                    let api = FleetNodeAPI(node: index, cluster: cluster, server: server, timeline: timeline)
                    let start = Moment(sinceOrigin: .seconds(30) * Double.random(in: 0..<1, using: &generator))
                    let (poll, dispatch) = (
                        Double.random(in: 0..<1, using: &generator), Double.random(in: 0..<1, using: &generator)
                    )
                    group.addTask {
                        switch scenario.program {
                        case .ours:
                            // Starts are spread over half a minute, long before the first notice.
                            guard (try? await timeline.sleep(until: start, tolerance: nil)) != nil else { return }
                            await HandlerNode(
                                api: api, seed: scenario.seed &* 1_000_003 &+ UInt64(index),
                                announcedAt: node.announcedAt,
                                seenAt: node.announcedAt.advanced(by: .seconds(1) * poll), timeline: timeline
                            ).run()
                        case .reference:
                            // It polls every 2 s, and its dispatcher looks every second.
                            await ReferenceNode(
                                api: api,
                                seenAt: node.announcedAt.advanced(by: .seconds(2) * poll + .seconds(1) * dispatch),
                                deadline: node.deadline
                            ).run()
                        }
                    }
                }
                // Ends early by cancellation only, and then nobody waits.
                try? await timeline.sleep(until: Scenario.end, tolerance: nil)
                group.cancelAll()
            }
            return FleetOutcome(
                scenario, cluster.nodes, cluster.pods, server.tally, took: began.duration(to: clock.now))
        }
    }
}
