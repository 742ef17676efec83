/// What the handler is told, by sources, drains and the operating system.
enum NodeInput: Sendable {
    /// A source reported.
    case source(SourceReport)
    /// The notice is in the record on the Node, or could not be written there in time.
    case written(NoticeID)
    /// The running drain ended.
    case drainEnded(Report)
    /// The give-back ended.
    case gaveBack(leftovers: [String])
    /// The Node was read at start.
    case recordRead(FoundRecord?)
    /// The Node could not be read at start; it is tried again.
    case recordUnreadable
    /// Recorded notices had time to be announced again.
    case recordSettled
    /// The daemon is told to stop.
    case stop
}

/// The one way into the handler's loop. Bounded: beyond 4,096 unread inputs, hours of them, the oldest are dropped.
struct NodeMailbox: Sendable {
    let inputs: AsyncStream<NodeInput>
    private let continuation: AsyncStream<NodeInput>.Continuation

    init() {
        (inputs, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(4096))
    }

    func post(_ input: NodeInput) {
        continuation.yield(input)
    }
}
