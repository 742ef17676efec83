import ArgumentParser
import Drain
import Interruption
import Kubernetes
import Picture
import Settings
import Synchronization
import Transport

/// A person's drain: the same engine under the same kind of deadline.
struct DrainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drain", abstract: "Cordon a node and empty it within a time.",
        discussion: """
            Budgets are honoured: what they refuse to the end stays, unless --escalate is given.

            Exit status: 0 when the node is empty, 1 when it is not, 64 or 78 when a setting is wrong.
            """)

    @Argument(help: "The node's name.") var nodeName: String
    @Option(help: "The time that there is, such as 120s or 5m.") var within = "120s"
    @Option(help: "text, or json for scripts.") var output = OutputForm.text
    @Option(help: "Draw the drain as a timeline into this SVG file.") var picture: String?
    @OptionGroup(title: "API server") var cluster: ClusterFlags
    @OptionGroup(title: "Drain") var drain: DrainFlags
    @OptionGroup(title: "Marks on the Node") var marks: MarkFlags

    func run() async throws {
        let desk = try OperatorDesk(
            flags: [cluster.given(), drain.given(), marks.given()], within: within, nodeName: nodeName,
            escalatesUnasked: false)
        defer { desk.close() }
        let report = await desk.watchedOver { await drained(desk) }
        if report.toCordon == nil { try await desk.refuseUnknownNode() }
        switch output {
        case .text: Terminal.write(DrainView(isTerminal: false, start: desk.start).text(for: report, node: nodeName))
        case .json: print(ReportJSON.text(for: report, node: nodeName))
        }
        if let picture {
            try PictureFile.write(
                DrainPicture(of: report, node: nodeName, margin: desk.plan.margin), to: picture)
        }
        if report.ending != .empty { throw ExitCode(1) }
    }

    private func drained(_ desk: OperatorDesk) async -> Report {
        let isTerminal = Terminal.isTerminal(.standardOutput)
        let view = Mutex(DrainView(isTerminal: isTerminal, start: desk.start))
        let deadline = desk.plan.notice.deadline
        let (cordons, cordoned) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let others = OthersWord()
        let order = DrainOrder(
            plan: desk.plan, arrival: desk.start, deadline: { deadline },
            stop: { Interrupts.wasAsked ? .stopping : others.isUncordoned ? .unwanted : nil },
            progress: { [output, timeline = desk.workplace.timeline] progress in
                if case .cordoned = progress { cordoned.yield() }
                guard output == .text else { return }
                Terminal.write(view.withLock { $0.text(for: progress, at: timeline.now, deadline: deadline) })
            })
        Interrupts.listen()
        return await withTaskGroup(of: Void.self) { group in
            // Another person's uncordon ends it: who is out stays out, nobody else is moved.
            group.addTask {
                for await _ in cordons {
                    if await desk.drainer.untilUncordoned() { others.uncordoned() }
                    return
                }
            }
            let report = await desk.drainer.drain(order)
            group.cancelAll()
            if report.ending == .givenUp { await forgotten(desk) }
            return report
        }
    }

    /// Takes our entry out of the record: what holds nothing any more is not to be there.
    private func forgotten(_ desk: OperatorDesk) async {
        // Left behind where the API server cannot be asked, it does no harm: it holds no cordon.
        await desk.drainer.noteUncordon(givingUp: [.operatorRequest], insistingOn: nil)
        let others = (try? await desk.drainer.record())?.record.notices.map(\.id) ?? []
        let keeping = Set(others).subtracting([.operatorRequest])
        _ = try? await desk.drainer.giveBack(because: "a person made the node schedulable", keeping: keeping)
    }
}

/// Whether another person made the node schedulable meanwhile.
private final class OthersWord: Sendable {
    private let state = Mutex(false)

    var isUncordoned: Bool { state.withLock { $0 } }

    func uncordoned() { state.withLock { $0 = true } }
}

/// How a command prints.
enum OutputForm: String, ExpressibleByArgument, CaseIterable {
    case text
    case json
}

/// Gives a node back that was emptied by hand or by the daemon.
struct UncordonCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "uncordon",
        abstract: "Make a node schedulable again and remove our own marks from it, never anybody else's.")

    @Argument(help: "The node's name.") var nodeName: String
    @OptionGroup(title: "API server") var cluster: ClusterFlags

    func run() async throws {
        let desk = try OperatorDesk(flags: [cluster.given()], within: "60s", nodeName: nodeName)
        defer { desk.close() }
        do {
            let leftovers = try await desk.drainer.uncordon()
            print("Node \(nodeName) is schedulable")
            for leftover in leftovers { print("  left behind: \(leftover)") }
        } catch {
            let words = (error as? KubernetesError)?.words ?? (error as? GiveBackError)?.words ?? "\(error)"
            Terminal.write("interruption-handler: \(nodeName): \(words)\n", to: .standardError)
            throw ExitCode(1)
        }
    }
}
