/// Events: one kind of object in two spellings, core/v1 and events.k8s.io/v1.
enum EventObject {
    private static let names: [(core: String, new: String)] = [
        ("involvedObject", "regarding"), ("message", "note"), ("source", "deprecatedSource"),
        ("firstTimestamp", "deprecatedFirstTimestamp"), ("lastTimestamp", "deprecatedLastTimestamp"),
        ("count", "deprecatedCount"), ("reportingComponent", "reportingController"),
    ]
    private static let newOrder = [
        "metadata", "eventTime", "series", "reportingController", "reportingInstance", "action", "reason", "regarding",
        "related", "note", "type", "deprecatedSource", "deprecatedFirstTimestamp", "deprecatedLastTimestamp",
        "deprecatedCount",
    ]

    /// The event as the store keeps it, in core/v1's words and with all that is never left out.
    static func stored(_ body: KubernetesJSON) -> KubernetesJSON {
        guard var members = body.members else { return body }
        for name in names {
            if let value = members[name.new] {
                members[name.core] = value
                members[name.new] = nil
            }
        }
        members["involvedObject"] = members["involvedObject"] ?? [:]
        members["source"] = members["source"] ?? [:]
        for name in ["firstTimestamp", "lastTimestamp", "eventTime"] { members[name] = members[name] ?? .null }
        for name in ["reportingComponent", "reportingInstance"] { members[name] = members[name] ?? "" }
        return .object(members)
    }

    /// The stored event in the words of events.k8s.io/v1.
    static func inNewWords(_ stored: KubernetesJSON) -> KubernetesJSON {
        guard let members = stored.members else { return stored }
        var renamed = KubernetesJSON.Members()
        for entry in members.entries {
            renamed.append(names.first { $0.core == entry.key }?.new ?? entry.key, entry.value)
        }
        return .object(renamed.ordered(by: newOrder))
    }

    /// Refuses what the API server refuses.
    static func validate(
        _ json: KubernetesJSON, name: String, namespace: String, isNewAPI: Bool
    ) throws(APIStatus) {
        let about = json["involvedObject"] ?? [:]
        let expected = about["namespace"]?.string ?? ""
        // What has no namespace is reported in `default`; events.k8s.io also takes kube-system.
        let fits =
            expected.isEmpty
            ? namespace == "default" || (isNewAPI && namespace == "kube-system") : expected == namespace
        if !fits {
            throw .invalid(
                "Event", name, field: "involvedObject.namespace", cause: "FieldValueInvalid",
                "Invalid value: \"\(expected)\": does not match event.namespace")
        }
        guard isNewAPI else { return }
        if let prefix = json["metadata", "generateName"]?.string, prefix.hasSuffix(".") {
            throw .invalid(
                "Event", name, field: "metadata.generateName", cause: "FieldValueInvalid",
                "Invalid value: \"\(prefix)\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric "
                    + "characters, '-' or '.', and must start and end with an alphanumeric character (e.g. "
                    + "'example.com', regex used for validation is "
                    + "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')")
        }
        for (field, name) in [
            ("eventTime", "eventTime"), ("reportingComponent", "reportingController"),
            ("reportingInstance", "reportingInstance"), ("action", "action"), ("reason", "reason"),
        ] where json[field] == nil || json[field] == "" || json[field] == .null {
            throw .invalid(
                "Event", json["metadata", "name"]?.string ?? "", field: name, cause: "FieldValueRequired",
                "Required value")
        }
    }
}
