public import Interruption

/// The label values of `metadata_requests_total`: how a request to the instance metadata service ended.
public enum MetadataResult: String, Sendable, CaseIterable {
    /// An answer with content.
    case ok
    /// Properly told that there is nothing.
    case nothing
    /// Refused for want of a valid token (401).
    case unauthorized
    /// Refused for good: the service is switched off (403).
    case forbidden
    /// Told to come less often (429, 503).
    case throttled
    /// Another error status.
    case error
    /// No answer in time.
    case timeout
    /// No connection.
    case unreachable
    /// An answer that makes no sense, or too much of it.
    case malformed
}

/// The label values of `notifications_total`: what became of a message on one channel.
public enum NotificationResult: String, Sendable, CaseIterable {
    /// Accepted by the other side.
    case sent
    /// Given up after retries, or refused for good.
    case failed
    /// Not sent because it came too late to be of use.
    case expired
    /// Not sent because the lane was full.
    case dropped
}

/// The label values of `cloud_requests_total`: what the cloud was asked.
public enum CloudAction: String, Sendable, CaseIterable {
    /// Take the machine out of its group.
    case detach
    /// Keep waiting for us.
    case hold
    /// Go on without us.
    case complete
    /// Describe the machine, its group or its hooks.
    case describe
    /// Hand out credentials.
    case credentials
}

/// The label values of `cloud_requests_total`: how asking ended.
public enum CloudResult: String, Sendable, CaseIterable {
    /// Done as asked.
    case done
    /// There was nothing to do.
    case notNeeded = "not-needed"
    /// Could not be done.
    case failed
    /// Asked again, because the cloud wanted patience.
    case retried
    /// Refused for want of a permission that nobody has to give.
    case denied
    /// Not asked, in a dry run.
    case rehearsed

    /// The label value for an outcome.
    public init(_ outcome: CloudOutcome) {
        switch outcome {
        case .done: self = .done
        case .notNeeded: self = .notNeeded
        case .failed: self = .failed
        case .rehearsed: self = .rehearsed
        }
    }
}

/// The label values of `kubernetes_requests_total`: what was done, in the API server's own verbs.
public enum KubernetesVerb: String, Sendable, CaseIterable {
    /// Read one object.
    case get
    /// Read many at once.
    case list
    /// Follow changes.
    case watch
    /// Make an object, an eviction among them.
    case create
    /// Change a part of an object.
    case patch
    /// Delete an object.
    case delete
}

/// The label values of `kubernetes_requests_total`: to what, as in a Role's rules.
public enum KubernetesResource: String, Sendable, CaseIterable {
    /// Nodes.
    case nodes
    /// Their conditions.
    case nodesStatus = "nodes/status"
    /// Pods.
    case pods
    /// Evictions.
    case podsEviction = "pods/eviction"
    /// The pods' conditions.
    case podsStatus = "pods/status"
    /// Events.
    case events
    /// Questions about our own permissions.
    case accessReviews = "selfsubjectaccessreviews"
    /// The server's version.
    case version
}
