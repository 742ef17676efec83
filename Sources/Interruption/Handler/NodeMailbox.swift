/// The one way into the handler's loop. Bounded: beyond 4,096 unread inputs, hours of them, the oldest are dropped.
struct NodeMailbox: Sendable {
    let inputs: AsyncStream<NodeMachine.Input>
    private let continuation: AsyncStream<NodeMachine.Input>.Continuation

    init() {
        (inputs, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(4096))
    }

    func post(_ input: NodeMachine.Input) {
        continuation.yield(input)
    }
}
