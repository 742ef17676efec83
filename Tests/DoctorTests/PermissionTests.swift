import FoundationEssentials
import Settings
import Testing

@testable import Doctor

/// What RBAC must grant, by the settings.
@Suite struct Permissions {
    private static let whole: Set = [
        "get nodes", "patch nodes", "watch nodes", "list pods", "watch pods", "create pods/eviction", "delete pods",
        "patch pods/status", "create events",
    ]

    private func needed(_ flags: [String: [String]] = [:], _ environment: [String: String] = ["NODE_NAME": "n"])
        -> Set<String>
    {
        Set(Permission.needed(by: settings(flags, environment)).map(\.description))
    }

    @Test func `of the defaults are what a drain that escalates asks for`() {
        #expect(needed() == Permissions.whole)
    }

    @Test(
        arguments: [
            (["strategy": ["delete"]], ["create pods/eviction"], []),
            (
                ["strategy": ["cordon-only"]],
                ["create pods/eviction", "delete pods", "patch pods/status", "list pods", "watch pods"], []
            ),
            (
                ["notices": ["rebalance"]],
                ["create pods/eviction", "delete pods", "patch pods/status", "list pods", "watch pods"], []
            ),
            (["strategy": ["cordon-only"], "strategy-for": ["maintenance=evict"]], [], []),
            (["escalate": ["false"]], [], []),
            (["node-events": ["false"]], ["create events"], []),
            (["node-events": ["false"], "pod-events": ["true"]], [], []),
            (["node-conditions": ["true"]], [], ["patch nodes/status"]),
            (
                ["dry-run": ["true"], "node-conditions": ["true"]],
                ["patch nodes", "create pods/eviction", "delete pods", "patch pods/status", "create events"], []
            ),
        ] as [([String: [String]], Set<String>, Set<String>)])
    func `follow the settings`(flags: [String: [String]], less: Set<String>, more: Set<String>) {
        #expect(needed(flags) == Permissions.whole.subtracting(less).union(more))
    }

    @Test func `of a handler that does not know its node include its own pod`() {
        #expect(
            needed([:], ["POD_NAME": "p", "NAMESPACE": "kube-system"]) == Permissions.whole.union(["get pods"]))
    }

    @Test func `are in the table once each`() {
        #expect(Set(Permission.all.map(\.description)).count == Permission.all.count)
    }

    @Test func `of the manifests' ClusterRole are exactly those of the defaults`() throws {
        let root = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(separator: "/")
        let text = try String(contentsOfFile: root + "/deploy/base/cluster-role.yaml", encoding: .utf8)
        let granted = try RoleText(text).grants
        // The manifests leave it open whether NODE_NAME is set.
        let wanted = needed().union(["get pods"])
        #expect(Set(granted) == wanted)
        #expect(Set(granted).count == granted.count)
    }
}

/// The rules of a ClusterRole as our manifests write them: each of the three lists on a line of its own.
private struct RoleText {
    enum Problem: Error { case unreadable(String) }

    /// A verb and a resource each.
    private(set) var grants: [String] = []

    init(_ text: String) throws {
        var resources: [String] = []
        let rules = text.split(separator: "\n").drop { $0 != "rules:" }.dropFirst()
        for line in rules {
            let words = line.split(separator: " ").filter { $0 != "-" }
            guard let key = words.first, !key.hasPrefix("#") else { continue }
            let list = words.dropFirst().joined().drop { $0 == "[" }.prefix { $0 != "]" }.split(separator: ",")
            switch key {
            case "apiGroups:" where list == ["\"\""]: resources = []
            case "resources:": resources = list.map(String.init)
            case "verbs:": grants += resources.flatMap { resource in list.map { "\($0) \(resource)" } }
            default: throw Problem.unreadable(String(line))
            }
        }
    }
}
