/// What the handler tells its observer, for logs and metrics.
public enum NodeNews: Sendable, Hashable {
    /// A notice was seen for the first time, and this is the plan for it.
    case noticeSeen(Plan, timeLeft: Duration)
    /// A notice was seen whose kind is to be ignored.
    case noticeIgnored(Notice)
    /// A record of an earlier life was found: this drain goes on.
    case resumed(Plan, timeLeft: Duration)
    /// The running drain's deadline is another one: it came closer, or a guess gave way to what the cloud named.
    case deadlineMoved(Deadline, timeLeft: Duration)
    /// A notice was taken back.
    case withdrawn(NoticeID, because: String)
    /// A drain begins.
    case drainBegun(Plan)
    /// News of the running drain.
    case drain(DrainProgress)
    /// A drain ended.
    case drainEnded(Report)
    /// The group was told to replace this machine.
    case detached(CloudOutcome)
    /// The cloud was told to go on.
    case hookCompleted(CloudOutcome)
    /// The node was given back, but for the leftovers.
    case gaveBack(because: String, leftovers: [String])
    /// The node could not be given back yet; it is tried again.
    case giveBackFailed(String)
    /// A source answers again.
    case sourceHealthy(String)
    /// A source does not answer as it should.
    case sourceDegraded(String, because: String)
    /// The API server could not be asked for the record; it is tried again.
    case recordUnreadable(String)
    /// A notice was found in the record at start, and this becomes of it.
    case recordFound(NodeRecord.Entry, RecordOutlook, isUnschedulable: Bool)
    /// Somebody made the node schedulable after our cordon: what is given up for it, and what is insisted on.
    case uncordoned(givingUp: [NoticeID], insistingOn: Plan?)
}
