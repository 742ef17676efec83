import Simulators
import Synchronization

#if canImport(Glibc)
    import Glibc
#endif

/// What a person sees of the demonstration: a live table on a terminal, plain lines elsewhere.
final class DemoView: Sendable {
    private struct Row {
        var name: String
        var state: String
    }

    private struct State {
        var rows: [String: Row] = [:]
        var order: [String] = []
        var drawnLines = 0
        var start: ContinuousClock.Instant?
    }

    private let lab: Lab
    private let cluster: KubernetesCluster
    private let node: String
    private let isTerminal: Bool
    private let state = Mutex(State())

    init(lab: Lab, cluster: KubernetesCluster, node: String) {
        self.lab = lab
        self.cluster = cluster
        self.node = node
        isTerminal = isatty(STDOUT_FILENO) == 1
    }

    /// Prints a line above the table.
    func say(_ words: String) {
        print(words, terminator: "\n", to: .now)
    }

    /// Returns when the handler has asked the metadata service for a notice.
    func metadataWasAsked() async -> Bool {
        var count = 1
        while !Task.isCancelled {
            let entries = await lab.metadata.log.entries(atLeast: count)
            if entries.contains(where: { $0.request.path.hasSuffix("spot/instance-action") }) { return true }
            count = entries.count + 1
        }
        return false
    }

    /// Shows what happens until the outcome's message came in, at most until `end`; whether the node is empty then.
    func follow(until end: ContinuousClock.Instant) async -> Bool {
        let clock = ContinuousClock()
        state.withLock { $0.start = clock.now }
        while clock.now < end {
            update()
            if messages.count >= 2 { break }
            guard (try? await clock.sleep(for: .milliseconds(100))) != nil else { break }  // cancelled
        }
        update()
        return leaving.isEmpty
    }

    /// Prints the report, as it arrived in the channel, and what it took.
    func report() {
        say("")
        if let outcome = messages.last, messages.count >= 2 {
            say("The report, as it came to the channel:")
            // Markdown is for the channel.
            for line in outcome.replacing("**", with: "").split(separator: "\n") { say("  \(line)") }
        } else {
            say("No report came to the channel.")
        }
        let pods = cluster.removals.filter { !$0.isDryRun && $0.status < 300 }.count
        say("")
        say(
            "\(cluster.counts.values.reduce(0, +)) requests to the API server for \(pods) pods; "
                + "\(cluster.removals.filter { $0.status == 429 }.count) of them were refused by a budget.")
    }

    private var messages: [String] {
        lab.webhooks.received(at: "/mattermost").compactMap { request in
            // What is no JSON is no message of ours.
            guard let body = try? KubernetesJSON(parsing: request.bodyText) else { return nil }
            return body["text"]?.string ?? body["attachments"]?.array?.first?["text"]?.string
        }
    }

    private var leaving: [KubernetesJSON] {
        cluster.pods(on: node).filter { pod in
            let owner = pod["metadata", "ownerReferences"]?.array?.first?["kind"]?.string
            let isMirror = pod["metadata", "annotations"]?["kubernetes.io/config.mirror"] != nil
            return owner != "DaemonSet" && !isMirror
        }
    }

    private func update() {
        let pods = leaving
        let refusals = Dictionary(grouping: cluster.removals.filter { $0.status == 429 }, by: \.pod.name)
        let accepted = Dictionary(
            cluster.removals.filter { $0.status < 300 && !$0.isDryRun }.map { ($0.pod.name, $0.way) },
            uniquingKeysWith: { $1 })
        var now: [String: String] = [:]
        for pod in pods {
            guard let name = pod["metadata", "name"]?.string, let space = pod["metadata", "namespace"]?.string else {
                continue
            }
            let isLeaving = pod["metadata", "deletionTimestamp"] != nil
            let grace = pod["metadata", "deletionGracePeriodSeconds"]?.integer.map { ", grace \($0) s" } ?? ""
            let way = accepted[name] == .deletion ? "deleted" : "evicted"
            let refused = refusals[name].map { "budget refuses (\($0.count))" }
            now["\(space)/\(name)"] = isLeaving ? "\(way), stopping\(grace)" : refused ?? "running"
        }
        show(now)
    }

    private func show(_ now: [String: String]) {
        let changes = state.withLock { state -> [String] in
            var changes: [String] = []
            for name in now.keys.sorted() where state.rows[name] == nil { state.order.append(name) }
            for name in state.order {
                let text = now[name] ?? "gone"
                let before = state.rows[name]?.state
                guard before != text else { continue }
                state.rows[name] = Row(name: name, state: text)
                let isNews = !(text.hasPrefix("budget refuses") && before?.hasPrefix("budget refuses") == true)
                if text != "running", isNews { changes.append("\(padded(name, 34)) \(text)") }
            }
            return changes
        }
        if isTerminal { return draw() }
        for change in changes { say("\(stamp())  \(change)") }
    }

    private func draw() {
        let text = state.withLock { state in
            var text = state.drawnLines > 0 ? "\u{1B}[\(state.drawnLines)A" : ""
            let rows = state.order.compactMap { state.rows[$0] }
            let left = rows.filter { $0.state != "gone" }.count
            text += "\u{1B}[K\(stamp(state.start))  \(left) of \(rows.count) pods still here\n"
            for row in rows { text += "\u{1B}[K  \(padded(row.name, 34)) \(row.state)\n" }
            state.drawnLines = rows.count + 1
            return text
        }
        print(text, terminator: "", to: .table)
    }

    private enum Place { case now, table }

    private func print(_ text: String, terminator: String, to place: Place) {
        if place == .now { state.withLock { $0.drawnLines = 0 } }
        announceText(text + terminator)
    }

    private func stamp() -> String { stamp(state.withLock { $0.start }) }

    private func stamp(_ start: ContinuousClock.Instant?) -> String {
        let tenths = start.map { Int(($0.duration(to: ContinuousClock().now)) / .milliseconds(100)) } ?? 0
        return padded("", max(0, 4 - "\(tenths / 10)".count)) + "\(tenths / 10).\(tenths % 10) s"
    }

    private func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}
