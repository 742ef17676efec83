extension ClusterState {
    /// One object.
    func read(_ call: APICall, _ resource: KubernetesResource) throws(APIStatus) -> StoredObject {
        guard let object = store[resource, call.key] else { throw .notFound(resource, call.key.name) }
        return object
    }

    /// The eviction subresource.
    mutating func evict(_ call: APICall, _ user: ClusterUser) throws(APIStatus) {
        let pod = store[.pods, call.key]
        // The trace is kept even of a request whose body cannot be read.
        let options = (try? KubernetesJSON(parsing: call.request.body))?["deleteOptions"]
        var demanded = DeletionOptions(options)
        demanded.isDryRun = demanded.isDryRun || call.isDryRun
        var status = 201
        defer { note(.eviction, call, pod, demanded, status) }
        do throws(APIStatus) {
            try admit(call, .pods, user)
            let body = try Self.object(in: call)
            if let kind = body["kind"]?.string, kind != "Eviction" {
                throw .badRequest("the object provided is unrecognized (must be of type Eviction)")
            }
            if body["metadata", "name"]?.string ?? "" != call.name {
                throw .badRequest("name in URL does not match name in Eviction object")
            }
            if let namespace = body["metadata", "namespace"]?.string, !namespace.isEmpty, namespace != call.namespace {
                throw .badRequest(
                    "the namespace of the provided object does not match the namespace sent on the request")
            }
            if call.isDryRun, let own = options?["dryRun"]?.array, !own.isEmpty, own != ["All"] {
                throw .badRequest("Non-matching dry-run options in request and content: [All] and \(own.count) others")
            }
            try admitEviction(call, user)
            try evict(call.key, demanded)
        } catch {
            status = error.code
            throw error
        }
    }

    /// DELETE of one object; the last state of it is returned.
    mutating func delete(_ call: APICall, _ resource: KubernetesResource) throws(APIStatus) -> StoredObject {
        var options = DeletionOptions(call.request.body.isEmpty ? nil : try Self.object(in: call))
        if options.grace == nil { options.grace = call.request.queryValue("gracePeriodSeconds").flatMap { Int($0) } }
        options.isDryRun = options.isDryRun || call.isDryRun
        if resource == .pods {
            let pod = store[.pods, call.key]
            var status = 200
            defer { note(.deletion, call, pod, options, status) }
            do throws(APIStatus) {
                return try deletePod(call.key, options)
            } catch {
                status = error.code
                throw error
            }
        }
        guard let object = store[resource, call.key] else { throw .notFound(resource, call.key.name) }
        try check(options, on: object)
        if options.isDryRun { return object }
        if resource == .namespaces {
            var json = object.json
            json.update("metadata") { $0["deletionTimestamp"] = timestamp }
            json.update("status") { $0["phase"] = "Terminating" }
            return put(resource, call.key, CanonicalObject.of(resource, json)) ?? object
        }
        remove(resource, call.key)
        return object
    }

    /// DELETE of all pods that match; it stops at the first that may not be deleted.
    mutating func deletePods(
        _ call: APICall, _ selector: ObjectSelector, _ user: ClusterUser
    ) throws(APIStatus) -> ListAnswer {
        var options = DeletionOptions(call.request.body.isEmpty ? nil : try Self.object(in: call))
        options.isDryRun = options.isDryRun || call.isDryRun
        var deleted: [StoredObject] = []
        for pod in store.list(.pods, selector) {
            try admitCollection(call, user, pod)
            deleted.append(try deletePod(pod.key, options))
        }
        return ListAnswer(objects: deleted, resourceVersion: store.resourceVersion)
    }

    private mutating func note(
        _ way: RemovalRecord.Way, _ call: APICall, _ pod: StoredObject?, _ options: DeletionOptions, _ status: Int
    ) {
        ledger.removal(
            RemovalRecord(
                way: way, time: now, pod: call.key, uid: pod?.uid, node: pod?.pod?.nodeName,
                demandedUID: options.uid, grace: options.grace, isDryRun: options.isDryRun, status: status))
    }
}
