import Synchronization

/// Workers that play many small plays, three at a time, without standing in line for more seats than that.
final class Crew<Play: Sendable>: Sendable {
    private let left: Mutex<[(Int, Play)]>

    private init(_ plays: [Play]) {
        left = Mutex(Array(plays.enumerated().reversed()))
    }

    private var next: (Int, Play)? { left.withLock { $0.popLast() } }

    /// Plays them all; the results are in the order of the plays.
    static func play<Result: Sendable>(
        _ plays: [Play], _ body: @escaping @Sendable (Play) async throws -> Result
    ) async throws -> [Result] {
        let crew = Crew(plays)
        return try await withThrowingTaskGroup(of: [(Int, Result)].self) { group in
            for _ in 0..<3 {
                group.addTask {
                    var results: [(Int, Result)] = []
                    while !Task.isCancelled, let (index, play) = crew.next {
                        results.append((index, try await body(play)))
                    }
                    return results
                }
            }
            var all: [(Int, Result)] = []
            for try await results in group { all += results }
            return all.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }
}
