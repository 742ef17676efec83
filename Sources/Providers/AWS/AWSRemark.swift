public import Interruption

/// Something worth a log line or a metric that is no state of a source. Never carries a secret or a body.
public enum AWSRemark: Sendable, Hashable {
    /// A read of the metadata service ended; one per exchange, for counting.
    case metadataRead(path: String, MetadataOutcome)
    /// IMDSv2 cannot be used, and the settings allow IMDSv1, which is used from now on.
    case fellBackToV1(because: String)
    /// IMDSv2 answers again, and is used again.
    case returnedToV2
    /// The answer to the token's PUT never arrives; the words say what a person can do.
    case hopLimitSuspected(String)
    /// The node's clock is off by that much (positive: behind); deadlines are computed with the metadata service's. Told once.
    case clockCorrected(by: Duration)
    /// Work on this machine is announced for later. Told when it is first seen, and again when it changes.
    case planned(PlannedWork)
    /// Work that was announced for later is a notice from now on.
    case due(eventID: String)
    /// Work that was announced for later is not any more.
    case unplanned(eventID: String)
    /// An announcement that cannot be read; the words say what was assumed.
    case unreadable(source: String, because: String)
    /// Several termination hooks wait for this machine, and which of them is ours is not known: none is held or completed.
    case hooksNotOurs(group: String, names: [String])
    /// How long the group waits for us cannot be found out, and why.
    case hooksUnknown(because: String)
    /// A request to an AWS API ended; one per exchange, for counting.
    case cloudCall(action: String, CloudCallOutcome)
}

/// How a read of the metadata service ended, for counting.
public enum MetadataOutcome: String, Sendable, Hashable, CaseIterable {
    /// A value.
    case found
    /// 404: nothing there.
    case absent
    /// 401: no, or an old, token.
    case unauthorized
    /// 403: switched off, or not for us.
    case forbidden
    /// Asked for patience (429, 503).
    case throttled
    /// Any other status.
    case failed
    /// No answer in time.
    case timedOut = "timed-out"
    /// No connection, or it broke.
    case unreachable
    /// An answer that is none: too long, not HTTP.
    case garbled
}

/// How a request to an AWS API ended, for counting.
public enum CloudCallOutcome: String, Sendable, Hashable, CaseIterable {
    /// Done.
    case succeeded
    /// AWS asks for patience, or failed itself: it is tried again.
    case retried
    /// Refused for good.
    case refused
    /// Refused for want of a permission.
    case denied
    /// No answer.
    case unanswered
}

/// Work on this machine that AWS announced for later.
public struct PlannedWork: Sendable, Hashable {
    /// AWS's own id of the event.
    public let eventID: String
    /// AWS's own code, such as `system-reboot`.
    public let code: String
    /// When it may begin.
    public let notBefore: WallTime
    /// From when on it is a notice.
    public let noticeFrom: WallTime

    /// Planned work from its parts.
    public init(eventID: String, code: String, notBefore: WallTime, noticeFrom: WallTime) {
        self.eventID = eventID
        self.code = code
        self.notBefore = notBefore
        self.noticeFrom = noticeFrom
    }
}
