/// Who sends a request, as the API server sees it.
public struct ClusterUser: Sendable, Equatable {
    /// For example `system:serviceaccount:kube-system:interruption-handler`.
    public var name: String
    /// The account's UID; empty for certificates.
    public var uid: String
    /// The groups.
    public var groups: [String]
    /// What else the credential says, for example the node of a token that is bound to a pod.
    public var extra: [String: [String]]

    /// A user with all its parts.
    public init(name: String, uid: String = "", groups: [String] = [], extra: [String: [String]] = [:]) {
        self.name = name
        self.uid = uid
        self.groups = groups
        self.extra = extra
    }

    /// A ServiceAccount; `node` is what a token bound to a pod says of it (Kubernetes 1.30 and later).
    public static func serviceAccount(
        _ namespace: String, _ name: String, uid: String = "", node: String? = nil
    ) -> ClusterUser {
        ClusterUser(
            name: "system:serviceaccount:\(namespace):\(name)", uid: uid,
            groups: ["system:serviceaccounts", "system:serviceaccounts:\(namespace)", "system:authenticated"],
            extra: node.map { ["authentication.kubernetes.io/node-name": [$0]] } ?? [:])
    }

    /// The user that a client certificate names: `CN=…,O=…`, or only the common name.
    public static func certificate(_ subject: String) -> ClusterUser {
        var name = ""
        var groups: [String] = []
        for part in subject.split(separator: ",") {
            let text = String(part.drop { $0 == " " })
            if text.hasPrefix("CN=") { name = String(text.dropFirst(3)) }
            if text.hasPrefix("O=") { groups.append(String(text.dropFirst(2))) }
        }
        if name.isEmpty { name = subject }
        return ClusterUser(name: name, groups: groups + ["system:authenticated"])
    }

    /// Who sends no credentials.
    static let anonymous = ClusterUser(name: "system:anonymous", groups: ["system:unauthenticated"])

    /// The node whose kubelet this is; nil for everybody else.
    var kubeletNode: String? {
        guard groups.contains("system:nodes"), name.hasPrefix("system:node:") else { return nil }
        return String(name.dropFirst("system:node:".count))
    }
}

/// Some verbs on some resources.
public struct AccessRule: Sendable {
    /// For example `get`, `create`; `*` for all.
    public var verbs: Set<String>
    /// API groups; the core's is empty, `*` for all.
    public var groups: Set<String>
    /// For example `pods`, `pods/eviction`; `*` for all.
    public var resources: Set<String>
    /// The only names it is about; nil for any.
    public var names: Set<String>?
    /// The only namespace it is about; nil for any.
    public var namespace: String?

    /// A rule; groups, names and namespace default to any.
    public init(
        _ verbs: Set<String>, _ resources: Set<String>, groups: Set<String> = ["*"], names: Set<String>? = nil,
        namespace: String? = nil
    ) {
        self.verbs = verbs
        self.groups = groups
        self.resources = resources
        self.names = names
        self.namespace = namespace
    }

    func covers(_ attempt: AccessAttempt) -> Bool {
        func has(_ set: Set<String>, _ value: String) -> Bool { set.contains(value) || set.contains("*") }
        guard has(verbs, attempt.verb), has(groups, attempt.group), has(resources, attempt.resource) else {
            return false
        }
        if let names, !names.contains(attempt.name ?? "") { return false }
        if let namespace, namespace != attempt.namespace { return false }
        return true
    }
}

/// What somebody wants to do.
struct AccessAttempt: Sendable {
    var verb: String
    var group: String
    /// The resource, with its subresource behind a slash.
    var resource: String
    var namespace: String?
    var name: String?
}

/// Who may come in, and what they may do: everything, unless something is said about them.
struct ClusterAccess: Sendable {
    private struct Token: Sendable {
        var user: ClusterUser
        /// The UID of the pod with which the token lives and dies.
        var podUID: String?
    }
    private var tokens: [String: Token] = [:]
    private var roles: [String: [AccessRule]] = [:]
    private var denials: [(user: String?, rule: AccessRule)] = []
    private var podsGone: [String: Duration] = [:]

    mutating func accept(_ token: String, _ user: ClusterUser, podUID: String?) {
        tokens[token] = Token(user: user, podUID: podUID)
    }

    mutating func refuse(_ token: String) { tokens[token] = nil }

    mutating func limit(_ user: String, to rules: [AccessRule]?) { roles[user] = rules }

    mutating func deny(_ user: String?, _ rule: AccessRule) { denials.append((user, rule)) }

    mutating func allowEverything() {
        denials = []
        roles = [:]
    }

    mutating func podIsGone(_ uid: String, at now: Duration) {
        if tokens.values.contains(where: { $0.podUID == uid }) { podsGone[uid] = now }
    }

    /// Whose token that is; nil when it is not, or no longer, valid.
    func user(withToken token: String, at now: Duration, boundTokenLifetime: Duration) -> ClusterUser? {
        guard let entry = tokens[token] else { return nil }
        if let uid = entry.podUID, let gone = podsGone[uid], now >= gone + boundTokenLifetime { return nil }
        return entry.user
    }

    func allows(_ user: ClusterUser, _ attempt: AccessAttempt) -> Bool {
        if user == .anonymous { return false }
        if denials.contains(where: { ($0.user == nil || $0.user == user.name) && $0.rule.covers(attempt) }) {
            return false
        }
        // Everybody who is known may ask about themselves.
        if attempt.verb == "create", attempt.resource.hasPrefix("selfsubject") { return true }
        if let rules = roles[user.name], !user.groups.contains("system:masters") {
            return rules.contains { $0.covers(attempt) }
        }
        return true
    }

    /// What a SelfSubjectRulesReview lists.
    func rules(of user: ClusterUser) -> [AccessRule] {
        user == .anonymous ? [] : roles[user.name] ?? [AccessRule(["*"], ["*"])]
    }
}
