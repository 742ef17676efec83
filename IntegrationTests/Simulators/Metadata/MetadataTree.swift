/// The documents below `/latest/`, by path.
struct MetadataTree {
    /// What stands under a path.
    enum Entry {
        /// A document of that media type.
        case document(String, type: String)
        /// The names in a folder, those of folders with a slash at their end.
        case listing([String])
    }

    private let documents: [String: String]

    /// Everything that is there in that state; the role's credentials are made only when they are asked for.
    init(_ state: MetadataState) {
        let instance = state.instance
        var data = [
            "instance-id": instance.id, "instance-type": instance.type, "instance-life-cycle": instance.lifeCycle,
            "ami-id": instance.imageID, "hostname": instance.hostname, "local-hostname": instance.hostname,
            "local-ipv4": instance.address, "mac": instance.hardwareAddress,
            "placement/availability-zone": instance.availabilityZone, "placement/region": instance.region,
            "events/maintenance/scheduled": JSONValue.array(state.maintenance.map(\.json)).text,
            "events/maintenance/history": JSONValue.array(state.maintenanceHistory.map(\.json)).text,
        ]
        if let spot = state.spot {
            data["spot/instance-action"] =
                JSONValue.object([("action", .string(spot.action)), ("time", .string(spot.time.iso8601))]).text
            // The older path knows nothing of instances that are stopped or hibernated.
            if spot.action == "terminate" { data["spot/termination-time"] = spot.time.iso8601 }
        }
        if let text = state.terminationTime { data["spot/termination-time"] = text }
        if let time = state.rebalance {
            data["events/recommendations/rebalance"] = JSONValue.object([("noticeTime", .string(time.iso8601))]).text
        }
        if let target = state.targetLifecycleState { data["autoscaling/target-lifecycle-state"] = target }
        switch state.role {
        case .none: break
        case .named(let name, _), .failing(let name, _, _): data["iam/security-credentials/\(name)"] = ""
        }
        var documents = ["dynamic/instance-identity/document": instance.identityDocument]
        for (path, text) in data { documents["meta-data/\(path)"] = text }
        for (path, text) in state.overrides { documents[path] = text }
        self.documents = documents
    }

    /// What stands under that path; nil when nothing does.
    subscript(_ path: String) -> Entry? {
        if let text = documents[path] {
            let isJSON = text.hasPrefix("{") || text.hasPrefix("[")
            return .document(text, type: isJSON ? "application/json" : "text/plain")
        }
        let folder = path.isEmpty || path.hasSuffix("/") ? path : path + "/"
        let below = documents.keys.filter { $0.hasPrefix(folder) }.map { $0.dropFirst(folder.count) }
        guard !below.isEmpty else { return nil }
        let names = below.map { name in
            name.firstIndex(of: "/").map { String(name[...$0]) } ?? String(name)
        }
        return .listing(Set(names).sorted())
    }
}
