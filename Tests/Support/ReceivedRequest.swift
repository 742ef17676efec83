/// A request as a `LoopbackServer` read it off the wire.
public struct ReceivedRequest: Sendable {
    /// The verb.
    public let method: String
    /// The request target as sent.
    public let target: String
    /// Headers in their order.
    public let headers: [(name: String, value: String)]
    /// The body by its declared length.
    public let body: [UInt8]
    /// Which connection brought it, from 0.
    public let connection: Int

    /// The values of that header, in any case.
    public func values(_ name: String) -> [String] {
        headers.filter { $0.name.lowercased() == name.lowercased() }.map(\.value)
    }

    /// The body as text.
    public var text: String { String(decoding: body, as: UTF8.self) }
}

extension LoopbackConnection {
    /// The next request; `nil` when the client has hung up or sent none.
    public func readRequest() -> ReceivedRequest? {
        guard let first = readLine() else { return nil }
        let words = first.split(separator: " ")
        guard words.count == 3 else { return nil }
        var headers: [(name: String, value: String)] = []
        while let line = readLine(), !line.isEmpty {
            let name = line.prefix { $0 != ":" }
            let value = line.dropFirst(name.count + 1).drop { $0 == " " }
            headers.append((String(name), String(value)))
        }
        let length = headers.first { $0.name.lowercased() == "content-length" }.flatMap { Int($0.value) } ?? 0
        guard let body = read(length) else { return nil }
        return ReceivedRequest(
            method: String(words[0]), target: String(words[1]), headers: headers, body: body, connection: number)
    }
}
