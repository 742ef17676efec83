import Synchronization
import TestSupport
import Transport

/// Raw bytes of a server to the real transport, over loopback; whatever they are, the exchange ends in time and within its bounds.
@Sendable func examineWire(_ input: [UInt8]) {
    guard let wire = Wire.shared else { return expect(false, "there is a server") }
    wire.answer.withLock { $0 = input }
    let result = blocking { () -> Result<HTTPResponse, TransportError> in
        let request = HTTPRequest(
            url: Secret(wire.server.url + "/"), timeout: .seconds(2), bodyLimit: 4096, connection: .direct)
        do throws(TransportError) {
            return .success(try await wire.transport.send(request))
        } catch {
            return .failure(error)
        }
    }
    switch result {
    case .success(let response):
        expect(response.body.count <= 4096, "a bounded body")
        expect(response.status > 0, "a status: \(response.status)")
    case .failure(let error):
        expect(error != .closed && error != .cancelled, "an error of the other side: \(error)")
        expect(isFitForALine(error.words, limit: 1000), "a bounded error")
    case nil: expect(false, "an answer")
    }
}

private final class Wire: Sendable {
    static let shared = try? Wire()

    let answer = Mutex<[UInt8]>([])
    let server: LoopbackServer
    let transport: CurlTransport

    private init() throws {
        transport = try CurlTransport()
        server = try LoopbackServer { connection in
            while let line = connection.readLine(), !line.isEmpty {}
            _ = connection.write(Wire.shared?.answer.withLock { $0 } ?? [])
        }
    }
}
