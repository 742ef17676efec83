import TestSupport
import Testing
import Transport

@testable import Kubernetes

@Suite struct `A token in a file` {
    private let clock = ManualClock()
    private let file = Box<String?>("first\n")
    private let readings = Box(0)

    private var source: TokenFile {
        let surroundings = Surroundings(environment: [:], clock: clock, secondsSince1970: { 0 }) {
            [file, readings] _ throws(FileProblem) in
            readings.change { $0 += 1 }
            guard let text = file.value else { throw .absent }
            return Array(text.utf8)
        }
        return TokenFile(path: "/token", surroundings: surroundings)
    }

    @Test func `it is read once a minute at most`() throws {
        let source = source
        #expect(try source.identity().token == Secret("first"))
        file.set("second")
        clock.advance(by: .seconds(59))
        #expect(try source.identity().token == Secret("first"))
        clock.advance(by: .seconds(1))
        #expect(try source.identity().token == Secret("second"))
        #expect(readings.value == 2)
    }

    @Test func `it is read at once after a refusal, and nothing newer is told as nothing`() throws {
        let source = source
        let first = try source.identity()
        #expect(try source.identity(replacing: first) == nil)
        file.set("second")
        #expect(try source.identity(replacing: first)?.token == Secret("second"))
        #expect(try source.identity().token == Secret("second"))
    }

    @Test func `a reading that fails leaves the last token in use, and is tried again`() throws {
        let source = source
        _ = try source.identity()
        file.set(nil)
        clock.advance(by: .seconds(60))
        #expect(try source.identity().token == Secret("first"))
        file.set("third")
        #expect(try source.identity().token == Secret("third"))
    }

    @Test(arguments: ["", " \n", "two words", "line\u{0}"])
    func `what could not stand in a header is no token`(_ text: String) {
        file.set(text)
        #expect(throws: KubernetesError.credentialsUnavailable(detail: "token file /token: not a token")) {
            try source.identity()
        }
    }

    @Test func `a file that is not there is told with its path`() {
        file.set(nil)
        #expect(throws: KubernetesError.credentialsUnavailable(detail: "token file /token: there is no such file")) {
            try source.identity()
        }
    }
}

@Suite struct `A refusal by 401` {
    private func transport(accepting token: String) -> ScriptedTransport {
        ScriptedTransport { request in
            request.headers["Authorization"] == "Bearer \(token)"
                ? .success(.text(#"{"gitVersion":"v1"}"#))
                : .success(.text(statusJSON(401, "Unauthorized"), status: 401))
        }
    }

    private struct Renewing: CredentialSource {
        let next: String?
        func identity() -> Identity { Identity(token: Secret("old")) }
        func identity(replacing rejected: Identity) -> Identity? { next.map { Identity(token: Secret($0)) } }
    }

    @Test func `a newer token is tried, once`() async throws {
        let transport = transport(accepting: "new")
        _ = try await client(transport, credentials: Renewing(next: "new")).serverVersion()
        #expect(transport.requests.map { $0.headers["Authorization"] } == ["Bearer old", "Bearer new"])
    }

    @Test func `a second refusal is the answer`() async throws {
        let transport = transport(accepting: "other")
        let client = client(transport, credentials: Renewing(next: "new"))
        await #expect(throws: KubernetesError.unauthorized) { try await client.serverVersion() }
        #expect(transport.requests.count == 2)
    }

    @Test func `without a newer token nothing is asked again`() async throws {
        let transport = transport(accepting: "other")
        let client = client(transport, credentials: Renewing(next: nil))
        await #expect(throws: KubernetesError.unauthorized) { try await client.serverVersion() }
        #expect(transport.requests.count == 1)
    }
}
