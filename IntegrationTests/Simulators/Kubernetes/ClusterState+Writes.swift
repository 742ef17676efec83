extension ClusterState {
    /// Creates what a client sent.
    mutating func create(_ call: APICall, _ resource: KubernetesResource) throws(APIStatus) -> StoredObject {
        let body = try Self.object(in: call)
        let namespace = resource.isNamespaced ? call.namespace ?? "" : ""
        var json = resource == .events ? EventObject.stored(body) : body
        if let given = body["metadata", "namespace"]?.string, !given.isEmpty, given != namespace,
            resource.isNamespaced
        {
            throw .badRequest(
                "the namespace of the provided object does not match the namespace sent on the request")
        }
        var name = json["metadata", "name"]?.string ?? ""
        if name.isEmpty, let prefix = json["metadata", "generateName"]?.string { name = prefix + random.suffix() }
        if name.isEmpty {
            throw .invalid(
                resource.kind, "", field: "metadata.name", cause: "FieldValueRequired",
                "Required value: name or generateName is required")
        }
        json.update("metadata") { metadata in
            metadata["name"] = .string(name)
            metadata["resourceVersion"] = nil
            metadata["uid"] = nil
            metadata["creationTimestamp"] = nil
        }
        switch resource {
        case .pods: json = PodTemplate.defaulted(json)
        case .events: try EventObject.validate(json, name: name, namespace: namespace, isNewAPI: !call.group.isEmpty)
        case .podDisruptionBudgets:
            json["status"] = [
                "disruptionsAllowed": 0, "currentHealthy": 0, "desiredHealthy": 0, "expectedPods": 0,
            ]
        case .namespaces: json["status"] = ["phase": "Active"]
        default: break
        }
        let key = ObjectKey(namespace, name)
        if store[resource, key] != nil { throw .alreadyExists(resource, name) }
        if resource == .pods { addTopology(&json, from: json["spec", "nodeName"]?.string) }
        if resource == .pods, json["spec", "nodeName"]?.string == nil { agenda.add(.placePods, at: now) }
        guard let stored = put(resource, key, born(resource, json, namespace: namespace)) else {
            throw .notFound(resource, name)
        }
        return stored
    }

    /// Changes an object as a patch says.
    mutating func patch(_ call: APICall, _ resource: KubernetesResource) throws(APIStatus) -> StoredObject {
        let parsed: KubernetesPatch?
        do throws(KubernetesJSONError) {
            parsed = try KubernetesPatch(contentType: call.contentType, body: call.request.body)
        } catch {
            throw .badRequest("error decoding patch: \(error.message)")
        }
        guard let patch = parsed else { throw .unsupportedMediaType }
        guard let old = store[resource, call.key] else { throw .notFound(resource, call.key.name) }
        guard let changed = patch.applied(to: old.document()) else { throw .patchRejected }
        let uid = changed["metadata", "uid"]?.string
        if let uid, uid != old.uid {
            throw .invalid(
                resource.kind, old.key.name, field: "metadata.uid", cause: "FieldValueInvalid",
                "Invalid value: \"\(uid)\": field is immutable", times: 2)
        }
        return try replace(old, with: changed, subresource: call.subresource, isDryRun: call.isDryRun)
    }

    /// Puts what a client sent in the place of an object.
    mutating func update(_ call: APICall, _ resource: KubernetesResource) throws(APIStatus) -> StoredObject {
        let body = try Self.object(in: call)
        guard let old = store[resource, call.key] else { throw .notFound(resource, call.key.name) }
        if let uid = body["metadata", "uid"]?.string, !uid.isEmpty, uid != old.uid {
            throw .precondition(
                resource.qualified, old.key.name,
                "Precondition failed: UID in precondition: \(uid), UID in object meta: \(old.uid)")
        }
        return try replace(old, with: body, subresource: call.subresource, isDryRun: call.isDryRun)
    }

    private mutating func replace(
        _ old: StoredObject, with changed: KubernetesJSON, subresource: String?, isDryRun: Bool
    ) throws(APIStatus) -> StoredObject {
        let resource = old.resource
        if let version = changed["metadata", "resourceVersion"]?.string, !version.isEmpty,
            version != String(old.resourceVersion)
        {
            throw .modified(resource, old.key.name)
        }
        var json = changed
        // The main resource does not touch the status, the status nothing else.
        if subresource == "status" { json["spec"] = old.json["spec"] } else { json["status"] = old.json["status"] }
        let fixed = old.json["metadata"] ?? [:]
        json.update("metadata") { metadata in
            for name in [
                "name", "namespace", "uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds",
                "generation",
            ] { metadata[name] = fixed[name] }
        }
        json = CanonicalObject.of(resource, json)
        try validate(json, resource, old.key.name)
        if json["spec"] != old.json["spec"], let generation = fixed["generation"]?.integer {
            json.update("metadata") { $0["generation"] = .integer(generation + 1) }
        }
        if isDryRun {
            return StoredObject(resource, old.key, old.resourceVersion, ObjectStore.stamped(json, old.resourceVersion))
        }
        return put(resource, old.key, json) ?? old
    }

    private func validate(
        _ json: KubernetesJSON, _ resource: KubernetesResource, _ name: String
    ) throws(APIStatus) {
        for (_, value) in (json["metadata", "labels"]?.strings ?? [:]).sorted(by: { $0.key < $1.key })
        where !Self.isLabelValue(value) {
            throw .invalid(
                resource.kind, name, field: "metadata.labels", cause: "FieldValueInvalid",
                "Invalid value: \"\(value)\": a valid label must be an empty string or consist of alphanumeric "
                    + "characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. "
                    + "'MyValue',  or 'my_value',  or '12345', regex used for validation is "
                    + "'(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')",
                times: resource == .nodes ? 4 : 2)
        }
        guard resource == .nodes else { return }
        var seen: Set<String> = []
        for (index, taint) in (json["spec", "taints"]?.array ?? []).enumerated() {
            func text(_ key: String) -> String { taint[key]?.string ?? "" }
            if seen.insert(text("key") + "\u{0}" + text("effect")).inserted { continue }
            throw .invalid(
                "Node", name, field: "metadata.taints[\(index)]", cause: "FieldValueDuplicate",
                "Duplicate value: {\"Key\":\"\(text("key"))\",\"Value\":\"\(text("value"))\",\"Effect\":"
                    + "\"\(text("effect"))\",\"TimeAdded\":null}: taints must be unique by key and effect pair",
                times: 2)
        }
    }

    private static func isLabelValue(_ text: String) -> Bool {
        guard let first = text.utf8.first, let last = text.utf8.last else { return true }
        func isAlphanumeric(_ byte: UInt8) -> Bool {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "a")...UInt8(ascii: "z"):
                true
            default: false
            }
        }
        return text.utf8.count <= 63 && isAlphanumeric(first) && isAlphanumeric(last)
            && text.utf8.allSatisfy { isAlphanumeric($0) || "-_.".utf8.contains($0) }
    }

    /// The object in a request's body.
    ///
    /// - Throws: the API server's 415 or 400.
    static func object(in call: APICall) throws(APIStatus) -> KubernetesJSON {
        let type = call.contentType?.split(separator: ";").first.map(String.init) ?? "application/json"
        guard type == "application/json" || type == "*/*" else { throw .unsupportedMediaType }
        do throws(KubernetesJSONError) {
            return try KubernetesJSON(parsing: call.request.body)
        } catch {
            throw .badRequest(
                "couldn't get version/kind; json parse error: \(error.message)")
        }
    }
}
