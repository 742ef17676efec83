import FoundationEssentials
import Simulators

/// One of the Python programs of `IntegrationTests/Support`, with the packages of `.venv`: third parties' servers and judges.
enum PythonProgram {
    /// What stops a story before it begins.
    struct Missing: Error, CustomStringConvertible {
        /// The interpreter that is not there.
        let path: String

        var description: String { "\(path) is missing: `make test` makes it, or `make python` alone" }
    }

    /// Runs `script`, which says one JSON line when it is ready, while `body` plays; it is stopped afterwards by its process id.
    static func run<Value: Sendable>(
        _ script: String, _ arguments: [String] = [], environment: [String: String] = [:],
        body: @Sendable (_ ready: KubernetesJSON, _ program: RunningProgram) async throws -> Value
    ) async throws -> (value: Value, lines: [KubernetesJSON]) {
        let interpreter = root + "/.venv/bin/python"
        guard FileManager.default.isExecutableFile(atPath: interpreter) else { throw Missing(path: interpreter) }
        let variables = ["PATH": "/usr/bin:/bin", "PYTHONDONTWRITEBYTECODE": "1"].merging(environment) { $1 }
        let outcome = try await RunningProgram.run(
            interpreter, [root + "/IntegrationTests/Support/" + script] + arguments, environment: variables
        ) { program in
            guard let line = await program.line(where: { $0.hasPrefix("{") }) else { throw NotReady(script: script) }
            return try await body(KubernetesJSON(parsing: line), program)
        }
        // What is no JSON is a library's own word.
        return (outcome.value, outcome.lines.compactMap { try? KubernetesJSON(parsing: $0) })
    }

    /// A script that ended before it was ready.
    struct NotReady: Error {
        /// Its file.
        let script: String
    }

    /// The repository's folder.
    private static let root: String = {
        let parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
        return parts.dropLast(4).joined(separator: "/")
    }()
}
