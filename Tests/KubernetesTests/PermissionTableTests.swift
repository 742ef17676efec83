import FoundationEssentials
import TestSupport
import Testing
import Transport

@testable import Kubernetes

/// What each call sends, against `deploy/permissions.tsv`, from which the ClusterRoles are checked.
@Suite struct `The table of permissions` {
    /// A row: the function, the method and the path with its placeholders.
    struct Row: Hashable, Sendable, CustomTestStringConvertible {
        let call: String
        let request: String

        var testDescription: String { "\(call): \(request)" }
    }

    /// Every function of `ClusterAPI`, called once.
    private static let calls: [(name: String, make: @Sendable (KubernetesClient) async -> Void)] = [
        ("node", { _ = try? await $0.node(named: "{node}") }),
        ("patchNode", { _ = try? await $0.patchNode(named: "{node}", Patch(.merge, "{}")) }),
        ("patchNodeStatus", { try? await $0.patchNodeStatus(named: "{node}", Patch(.merge, "{}")) }),
        ("watchNode", { try? await $0.watchNode(named: "n", from: "1") { _ in } }),
        ("pods", { _ = try? await $0.pods(onNode: "n") }),
        ("watchPods", { try? await $0.watchPods(onNode: "n", from: "1") { _ in } }),
        ("pod", { _ = try? await $0.pod(named: "{pod}", namespace: "{namespace}") }),
        ("evict", { try? await $0.evict(placeholder, grace: nil, dryRun: false) }),
        ("delete", { try? await $0.delete(placeholder, grace: nil, dryRun: false) }),
        ("patchPodStatus", { try? await $0.patchPodStatus(placeholder, Patch(.merge, "{}")) }),
        (
            "post",
            {
                try? await $0.post(
                    EventNote(
                        subject: .pod(placeholder), reason: "R", message: "m", isWarning: false,
                        time: "2026-11-21T00:08:42Z", reportingInstance: "n"))
            }
        ),
        ("may", { _ = try? await $0.may(AccessQuestion(verb: "get", resource: "pods")) }),
        ("serverVersion", { _ = try? await $0.serverVersion() }),
    ]

    private static let placeholder = PodReference(namespace: "{namespace}", name: "{pod}", uid: "u")

    private func table() throws -> Set<Row> {
        let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        let text = try String(contentsOfFile: "/\(root)/deploy/permissions.tsv", encoding: .utf8)
        let lines = text.split(separator: "\n").filter { !$0.hasPrefix("#") }
        return Set(
            lines.dropFirst().map { line in
                let cells = line.split(separator: "\t")
                return Row(call: String(cells[0]), request: "\(cells[1]) \(cells[2])")
            })
    }

    private func sent(by call: (name: String, make: @Sendable (KubernetesClient) async -> Void)) async throws -> Row {
        let server = ScriptedTransport { _ in .failure(.connectionLost(detail: "nobody is here")) }
        await call.make(client(server))
        let request = try #require(server.requests.first)
        let target = request.url.reveal().dropFirst("https://api.test:6443".count)
        let path = target.prefix { $0 != "?" }.replacing("%7B", with: "{").replacing("%7D", with: "}")
        let watched = target.contains("watch=true") ? "?watch=true" : ""
        return Row(call: call.name, request: "\(request.method.rawValue) \(path)\(watched)")
    }

    @Test func `has what every call sends, and nothing else`() async throws {
        var found: Set<Row> = []
        for call in Self.calls { found.insert(try await sent(by: call)) }
        #expect(found == (try table()))
    }
}
