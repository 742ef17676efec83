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
            Exit status: 0 when every pod would be out in time with its whole grace, 2 when not, 1 when the API server cannot say, \
            64 or 78 when a setting is wrong.
            """)

    @Argument(help: "The node's name.") var nodeName: String
    @Option(help: "The time that there would be, such as 120s or 5m.") var within = "120s"
    @Option(help: "text, or json for scripts.") var output = OutputForm.text
    @OptionGroup(title: "API server") var cluster: ClusterFlags
    @OptionGroup(title: "Drain") var drain: DrainFlags

    func run() async throws {
        let desk = try OperatorDesk(flags: [cluster.given(), drain.given()], within: within, nodeName: nodeName)
        defer { desk.close() }
        try await desk.refuseUnknownNode()
        let answer = await desk.watchedOver { () -> Result<Forecast, KubernetesError> in
            do throws(KubernetesError) {
                return .success(try await desk.drainer.forecast(desk.plan))
            } catch {
                return .failure(error)
            }
        }
        switch answer {
        case .failure(let error):
            Terminal.write("interruption-handler: \(nodeName): \(error.words)\n", to: .standardError)
            throw ExitCode(1)
        case .success(let forecast):
            print(output == .json ? ForecastText.json(for: forecast) : ForecastText.table(for: forecast))
            if !forecast.isSmooth { throw ExitCode(2) }
        }
    }
}
