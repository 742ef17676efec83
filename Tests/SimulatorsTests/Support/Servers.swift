import Simulators

/// Runs a server for as long as the closure runs.
func withServer<Result: Sendable>(
    _ service: some LabService, _ configuration: LabServerConfiguration = LabServerConfiguration(),
    _ body: (LabServer, Int) async throws -> Result
) async throws -> Result {
    let server = LabServer(service, configuration: configuration)
    let port = try await server.start()
    let outcome: Swift.Result<Result, any Error>
    do { outcome = .success(try await body(server, port)) } catch { outcome = .failure(error) }
    await server.stop()
    return try outcome.get()
}

/// Runs a lab for as long as the closure runs.
func withLab<Result: Sendable>(
    _ configuration: LabConfiguration = LabConfiguration(), _ body: (Lab) async throws -> Result
) async throws -> Result {
    let lab = try await Lab.start(configuration)
    let outcome: Swift.Result<Result, any Error>
    do { outcome = .success(try await body(lab)) } catch { outcome = .failure(error) }
    await lab.stop()
    return try outcome.get()
}

/// A service made of a closure.
struct ScriptedService: LabService {
    let answer: @Sendable (LabRequest) async -> LabResponse

    func respond(to request: LabRequest) async -> LabResponse { await answer(request) }
}

/// A service that tells what it was asked.
let echo = ScriptedService { request in
    .text(
        200, "\(request.method) \(request.path) \(request.query.map { "\($0.name)=\($0.value)" }) \(request.body.count)"
    )
}

extension LabResponse {
    /// The body as text; nil when it is not plain bytes.
    var text: String? {
        guard case .bytes(let bytes) = body else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The first header field of that name; nil when there is none.
    func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }

    /// Whether the answer is sent at all.
    var isAnswered: Bool { if case .answer = fate { true } else { false } }
}
