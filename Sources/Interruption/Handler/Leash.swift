/// Ends one of many tasks: what runs on a leash is cancelled when it is let go.
struct Leash: Sendable {
    private let end: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    init() {
        (end, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Cancels what runs on it, now or later.
    func letGo() { continuation.finish() }

    /// Runs `body` until it is done or let go.
    func run(_ body: @escaping @Sendable () async -> Void) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await body() }
            group.addTask { for await _ in end {} }
            await group.next()
            group.cancelAll()
        }
    }
}
