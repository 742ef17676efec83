@testable import Interruption

/// Sees everything that the machine is told and does, and says when a promise is broken. It decides nothing, knows no phases and no
/// timers: it is slower than the machine, and obviously right.
struct Witness: Sendable {
    /// A run or a try that is under way.
    struct UnderWay: Sendable {
        let number: Int
        var run: NodeMachine.Run?
        var deadline: Moment
        var isToldToEnd = false
        /// Whether somebody made the node schedulable since it began: its end says nothing about the node any more.
        var isVoid = false
        var hasReachedEnd = false
    }

    let policy: DrainPolicy
    let promises: Set<Promise>
    var violation: Violation?
    var claims: [Claim] = []
    var running: UnderWay?
    var givingBack: UnderWay?
    /// Who looks out for an uncordon.
    var watch: Int?
    /// Whether the last uncordon cannot be meant, because a loss stands.
    var insists = false
    /// Whether somebody should: the node was cordoned for a claim, as the machine knows.
    var shouldWatch = false
    var isStopping = false
    var isFinished = false
    /// Since when each source has answered without a break.
    var answering: [String: Moment] = [:]
    /// When this life began, and since when its record is known.
    var began: Moment
    var recordKnown: Moment?
    /// Notices that wait for the record; `nil` when nothing has to wait any more.
    var kept: [Notice]? = []
    /// Notices that were taken back and whose message is still owed.
    var owedWords: [NoticeID] = []
    /// Notices that were taken back in this life and not announced since: no record brings them back.
    var takenBack: Set<NoticeID> = []
    /// How many runs in a row failed without anything new, and when the last one did.
    var failures = 0
    var lastFailure: Moment?
    /// Whether anything may be begun at once in spite of a failure.
    var hasNews = false

    init(policy: DrainPolicy, promises: Set<Promise>, at now: Moment) {
        self.policy = policy
        self.promises = promises
        began = now
    }

    /// A new life: what the old one knew and did is gone.
    mutating func beginLife(at now: Moment) {
        self = Witness(policy: policy, promises: promises, at: now)
    }

    /// Says that a promise is broken; the first one counts.
    mutating func broken(_ promise: Promise, _ words: @autoclosure () -> String) {
        guard violation == nil, promises.contains(promise) else { return }
        violation = Violation(promise: promise, words: words())
    }

    mutating func expect(_ isKept: Bool, _ promise: Promise, _ words: @autoclosure () -> String) {
        if !isKept { broken(promise, words()) }
    }

    func claim(_ id: NoticeID) -> Claim? { claims.first { $0.id == id } }

    mutating func update(_ id: NoticeID, _ change: (inout Claim) -> Void) {
        guard let place = claims.firstIndex(where: { $0.id == id }) else { return }
        change(&claims[place])
    }

    /// Whether a notice stands for which the node is to be kept.
    var hasClaims: Bool { claims.contains { $0.state != .givenUp } }

    /// The claims that ask for a drain.
    var asking: [Claim] { claims.filter(\.asks) }
}
