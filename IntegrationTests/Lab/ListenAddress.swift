import ArgumentParser
import Simulators

/// An address to listen on: `HOST:PORT`, `[IPv6]:PORT`, or only a port, which means loopback.
struct ListenAddress: ExpressibleByArgument {
    let host: String
    let port: Int

    init?(argument: String) {
        if let port = Int(argument), (0...65535).contains(port) {
            self.init(host: "127.0.0.1", port: port)
            return
        }
        guard let colon = argument.lastIndex(of: ":"), let port = Int(argument[argument.index(after: colon)...]),
            (0...65535).contains(port), colon > argument.startIndex
        else { return nil }
        var host = String(argument[..<colon])
        if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
        self.init(host: host, port: port)
    }

    init(host: String, port: Int) {
        self.host = host
        self.port = port
    }
}

/// A time on the command line: `120s`, `500ms`, `2m`.
struct TimeSpan: ExpressibleByArgument {
    let text: String

    init?(argument: String) {
        guard Duration(text: argument) != nil else { return nil }
        text = argument
    }

    /// The time itself.
    var duration: Duration { Duration(text: text) ?? .zero }
}
