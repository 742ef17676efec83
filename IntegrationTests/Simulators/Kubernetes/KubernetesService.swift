/// The API server of a simulated cluster: requests in, answers out, no networking.
public struct KubernetesService: LabService {
    /// The cluster behind it.
    public let cluster: KubernetesCluster

    /// The API server of a cluster.
    public init(cluster: KubernetesCluster) { self.cluster = cluster }

    /// The answer to one request, after what the real server does before it looks at an object: authentication, flow
    /// control, authorization.
    public func respond(to request: LabRequest) async -> LabResponse {
        let call = APICall(request)
        let (entry, user) = cluster.withState { $0.receive(call) }
        let response =
            switch entry {
            case .answered(let response): response
            case .admitted(let after, let effect): await perform(call, user, after, effect)
            }
        cluster.withState { $0.dispatched(call, user, response, entry) }
        return response
    }

    private func perform(
        _ call: APICall, _ user: ClusterUser, _ after: Duration?, _ effect: ClusterFault.Effect?
    ) async -> LabResponse {
        if let after {
            // Cancellation means that nobody waits for the answer any more.
            guard (try? await cluster.time.sleep(until: after)) != nil else {
                return LabResponse(status: 0, fate: .drop)
            }
        }
        var response: LabResponse
        do throws(APIStatus) {
            try await race(call)
            response = try answer(call, user)
        } catch {
            response = LabResponse(refusal: error)
        }
        response.headers = cluster.withState { $0.headers(of: response) }
        switch (effect, response.body) {
        case (.lostAnswer, _): response.fate = .drop
        case (.slow(let pause), .bytes(let bytes)): response.body = .slow(bytes, every: pause)
        case (.truncated(let count), .bytes(let bytes)):
            response.body = .truncated(Array(bytes.prefix(count)), declared: bytes.count)
        default: break
        }
        return response
    }

    /// Evictions under one budget race each other: each reads it, and only who writes first wins.
    private func race(_ call: APICall) async throws(APIStatus) {
        guard call.verb == "create", call.subresource == "eviction" else { return }
        for _ in 0..<ClusterState.budgetTries {
            let (write, version) = cluster.withState { ($0.settings.budgetRace, $0.budgetVersion(for: call.key)) }
            guard let write, let version else { return }
            // Cancellation means that nobody waits for the answer any more.
            guard (try? await cluster.time.sleep(until: cluster.time.now + write)) != nil else { return }
            let (isUnchanged, nap) = cluster.withState {
                ($0.wroteBudget(for: call.key, since: version), $0.budgetNap())
            }
            if isUnchanged { return }
            cluster.withState { $0.ledger.lostRaces += 1 }
            guard (try? await cluster.time.sleep(until: cluster.time.now + nap)) != nil else { return }
        }
        throw .budgetContended
    }

    private func answer(_ call: APICall, _ user: ClusterUser) throws(APIStatus) -> LabResponse {
        if call.resourceName.isEmpty {
            return KubernetesDiscovery.answer(call.request.path, version: cluster.withState { $0.settings.version })
        }
        if let review = try KubernetesReview.answer(call, user, cluster) { return review }
        guard let resource = call.resource else { return .notFoundPage }
        return try answer(call, resource, user)
    }

    private func answer(
        _ call: APICall, _ resource: KubernetesResource, _ user: ClusterUser
    ) throws(APIStatus) -> LabResponse {
        let format = AnswerFormat(call, cluster.time)
        if call.verb != "get" && call.verb != "list" && call.verb != "watch" && !resource.isWritable {
            throw .methodNotAllowed
        }
        switch (call.verb, call.subresource) {
        case ("get", nil), ("get", "status"):
            return format.answer(
                200, try cluster.withState { state throws(APIStatus) in try state.read(call, resource) })
        case ("list", nil):
            let selector = try ObjectSelector(call, resource)
            return try list(call, resource, selector, format)
        case ("watch", nil):
            return try watch(call, resource, format)
        case ("create", nil) where call.name == nil:
            let created = try cluster.withState { state throws(APIStatus) in
                try state.admit(call, resource, user)
                return try state.create(call, resource)
            }
            return format.answer(201, created)
        case ("create", "eviction") where resource == .pods:
            try cluster.withState { state throws(APIStatus) in try state.evict(call, user) }
            return .json(201, APIStatus.created.text + "\n")
        case ("patch", nil), ("patch", "status"):
            let patched = try cluster.withState { state throws(APIStatus) in
                try state.admit(call, resource, user)
                return try state.patch(call, resource)
            }
            return format.answer(200, patched)
        case ("update", nil), ("update", "status"):
            let updated = try cluster.withState { state throws(APIStatus) in
                try state.admit(call, resource, user)
                return try state.update(call, resource)
            }
            return format.answer(200, updated)
        case ("delete", nil):
            let deleted = try cluster.withState { state throws(APIStatus) in
                try state.admit(call, resource, user)
                return try state.delete(call, resource)
            }
            return format.deletion(deleted)
        case ("deletecollection", nil) where resource == .pods:
            let selector = try ObjectSelector(call, resource)
            let deleted = try cluster.withState { state throws(APIStatus) in
                try state.deletePods(call, selector, user)
            }
            return format.list(resource, deleted)
        default:
            throw call.subresource == nil ? .methodNotAllowed : .notFound(resource, call.name ?? "")
        }
    }

    private func list(
        _ call: APICall, _ resource: KubernetesResource, _ selector: ObjectSelector, _ format: AnswerFormat
    ) throws(APIStatus) -> LabResponse {
        // The watch cache answers version 0, and it does not know pages.
        let fromCache = call.request.queryValue("resourceVersion") == "0"
        let limit = fromCache ? nil : call.request.queryValue("limit").flatMap { Int($0) }
        let token = call.request.queryValue("continue").flatMap { $0.isEmpty ? nil : $0 }
        let answer = try cluster.withState { state throws(APIStatus) in
            try state.list(resource, selector, limit: limit, continuing: token)
        }
        return format.list(resource, answer)
    }

    private func watch(
        _ call: APICall, _ resource: KubernetesResource, _ format: AnswerFormat
    ) throws(APIStatus) -> LabResponse {
        var after: Int?
        if let text = call.request.queryValue("resourceVersion"), !text.isEmpty, text != "0" {
            guard let version = Int(text) else {
                throw .badRequest("resourceVersion: Invalid value: \"\(text)\": strconv.ParseUint: invalid syntax")
            }
            after = version
        }
        func isTrue(_ name: String) -> Bool { ["true", "1"].contains(call.request.queryValue(name)) }
        let sendsInitial = isTrue("sendInitialEvents")
        let request = WatchRequest(
            resource: resource, selector: try ObjectSelector(call, resource), after: sendsInitial ? nil : after,
            allowsBookmarks: isTrue("allowWatchBookmarks"),
            marksInitialEnd: sendsInitial && isTrue("allowWatchBookmarks"),
            timeout: call.request.queryValue("timeoutSeconds").flatMap { Int($0) }.map { .seconds($0) })
        return LabResponse(
            status: 200, headers: [(name: "Content-Type", value: "application/json")],
            body: .stream(cluster.stream(request, format)))
    }
}

extension ObjectSelector {
    /// What a request's path and query select.
    init(_ call: APICall, _ resource: KubernetesResource) throws(APIStatus) {
        namespace = resource.isNamespaced ? call.namespace : nil
        if let text = call.request.queryValue("fieldSelector") {
            fields = try FieldRequirement.parse(text, for: resource)
        }
        if let name = call.name {
            fields.append(FieldRequirement(path: "metadata.name", value: name, isNegated: false))
        }
        if let text = call.request.queryValue("labelSelector") { labels = try LabelSelector(query: text) }
    }
}
