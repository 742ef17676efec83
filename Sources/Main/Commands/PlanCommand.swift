import ArgumentParser
import Drain
import Interruption
import Kubernetes

/// A forecast: what a drain of that node would meet now. Nothing is changed; evictions are only tried (`dryRun`).
struct PlanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Say what a drain of a node would meet now, pod by pod, without changing anything.",
        discussion: """
            With --selector or --all it goes through the nodes of a pool, one after another, and names the pods that would not be out \
            in time with their whole grace.

            Exit status: 0 when every pod would be out in time with its whole grace, 2 when not, 1 when the API server cannot say, \
            64 or 78 when a setting is wrong.
            """)

    /// How many questions are under way at once where many nodes are asked for.
    static let poolWidth = 4

    @Argument(help: "The node's name.") var nodeName: String?
    @Option(help: "The nodes with these labels, such as karpenter.sh/capacity-type=spot.") var selector: String?
    @Flag(help: "Every node.") var all = false
    @Option(help: "The time that there would be, such as 120s or 5m.") var within = "120s"
    @Option(help: "text, or json for scripts.") var output = OutputForm.text
    @OptionGroup(title: "API server") var cluster: ClusterFlags
    @OptionGroup(title: "Drain") var drain: DrainFlags

    func validate() throws {
        let given = [nodeName != nil, selector != nil, all].count { $0 }
        guard given == 1 else { throw ValidationError("give one of these: a node's name, --selector, or --all") }
    }

    func run() async throws {
        let desk = try OperatorDesk(flags: [cluster.given(), drain.given()], within: within, nodeName: nodeName ?? "")
        defer { desk.close() }
        if nodeName != nil { try await desk.refuseUnknownNode() }
        let answer = await desk.watchedOver { () -> Result<Bool, KubernetesError> in
            do throws(KubernetesError) {
                return .success(nodeName == nil ? try await wholePool(desk) : try await oneNode(desk))
            } catch {
                return .failure(error)
            }
        }
        switch answer {
        case .failure(let error):
            Terminal.write("interruption-handler: \(nodeName ?? "nodes"): \(error.words)\n", to: .standardError)
            throw ExitCode(1)
        case .success(let isSmooth):
            if !isSmooth { throw ExitCode(2) }
        }
    }

    private func oneNode(_ desk: OperatorDesk) async throws(KubernetesError) -> Bool {
        let forecast = try await desk.drainer.forecast(desk.plan, reading: desk.client)
        print(output == .json ? ForecastText.json(for: forecast) : ForecastText.table(for: forecast))
        return forecast.isSmooth
    }

    /// One node after the other, so that a large pool is no burden for the API server.
    private func wholePool(_ desk: OperatorDesk) async throws(KubernetesError) -> Bool {
        var pool = PoolForecast()
        for name in try await desk.client.nodeNames(matching: selector ?? "") {
            pool.add(
                try await desk.drainer(of: name).forecast(desk.plan, reading: desk.client, width: Self.poolWidth))
        }
        print(output == .json ? pool.json : pool.table)
        return pool.isSmooth
    }
}
