import Simulators

/// What was seen of one play: of the node, of the pods, of the channels and of the program itself.
struct Evidence: Sendable {
    /// A pod as it was at the beginning.
    struct Pod: Sendable, Hashable {
        let name: String
        let uid: String
        /// Whether it is one of those that must leave; of all others the handler must keep its hands.
        let leaves: Bool
    }

    /// A request that a pod may leave.
    struct Removal: Sendable {
        let name: String
        /// The uid of the pod of that name when it came; `nil` when there was none.
        let actual: String?
        /// The uid that was demanded.
        let demanded: String?
        let status: Int
    }

    /// A message that a channel took.
    struct Message: Sendable, Hashable {
        enum Kind: Sendable, Hashable { case begun, finished, withdrawn, other }
        let channel: String
        let kind: Kind
        /// The notice that it is about.
        var notice = ""
    }

    /// A life of the program.
    struct Life: Sendable {
        /// How it ended; `nil` when it lived until the play was over.
        let end: RunningProgram.End?
        /// How it may end, when it was told to.
        var told: RunningProgram.End?
    }

    var pods: [Pod] = []
    var removals: [Removal] = []
    /// The uids of the pods that are there at the end, on whatever node.
    var left: Set<String> = []
    /// The names of the pods that had to leave and are still on the node at the end.
    var staying: [String] = []
    var messages: [Message] = []
    var lives: [Life] = []
    /// The life that served the notice before, where one did.
    var earlierLife: Life?
    /// How long the notice would have had left at the end.
    var timeLeft: Duration = .zero
    /// Whether the API server could be reached from some time before the deadline on.
    var isServerReachable = true
    /// Whether a notice was given, and whether the Node was ever cordoned for it.
    var wasNoticed = true
    var wasCordoned = true
    var isGivenBack = false
    /// Whether the cordon is a person's alone at the end.
    var isLeftToPerson = false
    /// A notice of an earlier life which a later one had to take for new, because the API server did not let it read the record in time.
    var unreadNotice: String?
    /// Whether a person drained the node.
    var isPersonsDrainDone = false
    /// Whether the Node carries the cordon and the entry that a person's drain leaves, at the end.
    var isPersonsDrainKept = true
    /// How often a person made the node schedulable.
    var uncordons = 0
    /// How often the handler made it schedulable while the notice stood.
    var reopenings = 0
    var isHookCompleted = false
    var lines: [String] = []
    var secrets: [String] = []

    /// Whether none of the pods that must leave is left on the node.
    var isEmpty: Bool { staying.isEmpty && pods.filter(\.leaves).allSatisfy { !left.contains($0.uid) } }
}
