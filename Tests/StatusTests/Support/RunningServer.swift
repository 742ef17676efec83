import Interruption
import Logging
import Status

extension StatusPages {
    /// Pages with fixed words.
    static func fixed(
        metrics: String = "up 1\n", age: Duration = .zero, obstacles: [String] = []
    ) -> StatusPages {
        StatusPages(metrics: { metrics }, heartbeatAge: { age }, obstacles: { obstacles })
    }
}

/// Runs `body` against a server at a port that the system chose, and stops the server.
func withServer(
    _ pages: StatusPages = .fixed(), limits: ServerLimits = ServerLimits(), at address: String = "127.0.0.1:0",
    _ body: (ListenAddress) async throws -> Void
) async throws {
    let (addresses, continuation) = AsyncStream.makeStream(of: ListenAddress.self)
    let server = StatusServer(
        address: try ListenAddress(address), pages: pages, limits: limits, logger: LogCapture().logger(),
        timeline: StepTimeline(), listening: { continuation.yield($0) })
    try await withThrowingDiscardingTaskGroup { group in
        group.addTask { await server.run() }
        for await address in addresses {
            try await body(address)
            break
        }
        group.cancelAll()
    }
}
