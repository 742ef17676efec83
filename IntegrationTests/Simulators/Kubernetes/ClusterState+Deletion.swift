/// What a client demands of a deletion.
struct DeletionOptions {
    /// Seconds; nil for the pod's own.
    var grace: Int?
    var uid: String?
    var resourceVersion: String?
    var isDryRun = false

    /// Reads a `DeleteOptions` object; absent members are nil.
    init(_ json: KubernetesJSON?) {
        grace = json?["gracePeriodSeconds"]?.integer
        uid = json?["preconditions", "uid"]?.string
        resourceVersion = json?["preconditions", "resourceVersion"]?.string
        isDryRun = json?["dryRun"]?.array?.contains("All") ?? false
    }
}

extension ClusterState {
    /// Deletes a pod as DELETE does: with grace the object stays until its containers have ended.
    ///
    /// - Returns: the pod as it stands afterwards, or as it was when it is gone.
    mutating func deletePod(_ key: ObjectKey, _ options: DeletionOptions) throws(APIStatus) -> StoredObject {
        guard let pod = store[.pods, key], let facts = pod.pod else { throw .notFound(.pods, key.name) }
        try check(options, on: pod)
        if options.isDryRun { return pod }
        if pod.isTerminating { return shorten(pod, facts, options) }

        let grace = Self.grace(of: facts, options)
        var json = pod.json
        let gone = ClusterTimestamp.text(now + .seconds(grace))
        json.update("metadata") { metadata in
            metadata["deletionTimestamp"] = .string(gone)
            metadata["deletionGracePeriodSeconds"] = .integer(grace)
            metadata["generation"] = .integer((metadata["generation"]?.integer ?? 0) + 1)
            metadata = CanonicalObject.metadata(metadata)
        }
        if grace == 0, !facts.hasFinalizers {
            remove(.pods, key)
            return StoredObject(.pods, key, store.resourceVersion, ObjectStore.stamped(json, store.resourceVersion))
        }
        return put(.pods, key, json) ?? pod
    }

    private static func grace(of facts: PodFacts, _ options: DeletionOptions) -> Int {
        if facts.nodeName.isEmpty || facts.isTerminal { return 0 }
        let grace = options.grace ?? facts.specGrace ?? 30
        return grace < 0 ? 1 : grace
    }

    // Once a deletion is under way its grace can only become shorter.
    private mutating func shorten(
        _ pod: StoredObject, _ facts: PodFacts, _ options: DeletionOptions
    ) -> StoredObject {
        guard let asked = options.grace, let current = facts.deletionGrace else { return pod }
        var grace = asked < 0 ? 1 : asked
        guard grace < current else { return pod }
        if grace == 0, !facts.hasFinalizers {
            remove(.pods, pod.key)
            return pod
        }
        let told = lives[pod.uid]?.told ?? now
        var gone = told + .seconds(grace)
        if gone < now {
            gone = now
            if grace != 0 { grace = 1 }
        }
        var json = pod.json
        json.update("metadata") { metadata in
            metadata["deletionTimestamp"] = .string(ClusterTimestamp.text(gone))
            metadata["deletionGracePeriodSeconds"] = .integer(grace)
        }
        return put(.pods, pod.key, json) ?? pod
    }

    /// Refuses when a precondition does not hold.
    func check(_ options: DeletionOptions, on object: StoredObject) throws(APIStatus) {
        if let uid = options.uid, !uid.isEmpty, uid != object.uid {
            throw .precondition(
                object.resource.kind, object.key.name,
                "the UID in the precondition (\(uid)) does not match the UID in record (\(object.uid)). "
                    + "The object might have been deleted and then recreated")
        }
        let version = String(object.resourceVersion)
        if let asked = options.resourceVersion, !asked.isEmpty, asked != version {
            throw .precondition(
                object.resource.kind, object.key.name,
                "the ResourceVersion in the precondition (\(asked)) does not match the ResourceVersion in record "
                    + "(\(version)). The object might have been modified")
        }
    }
}
