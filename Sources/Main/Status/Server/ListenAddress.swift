import NIOCore

/// Where the pages are served: a numeric address and a port.
public struct ListenAddress: Sendable, Hashable, CustomStringConvertible {
    /// The numeric IPv4 or IPv6 address, without brackets.
    public let host: String
    /// The port; 0 lets the system choose one.
    public let port: Int

    /// Why a text is no address to listen at.
    public enum Problem: Error, Sendable, Hashable, CustomStringConvertible {
        /// No port behind a colon at the end.
        case portMissing
        /// The port is not a number from 0 to 65535.
        case portUnusable
        /// What stands before the port is no numeric address.
        case hostUnusable

        /// What is wrong and what is accepted.
        public var description: String {
            let accepted = "accepted are 127.0.0.1:9092, 0.0.0.0:9092, [::1]:9092, localhost:9092"
            return switch self {
            case .portMissing: "the port is missing; \(accepted)"
            case .portUnusable: "the port is not a number from 0 to 65535; \(accepted)"
            case .hostUnusable: "the host is not a numeric address; \(accepted)"
            }
        }
    }

    /// Reads `address:port`; IPv6 addresses may have brackets or not, since a manifest can only put `$(POD_IP):9092` together.
    public init(_ text: String) throws(Problem) {
        guard let colon = text.lastIndex(of: ":") else { throw .portMissing }
        let digits = text[text.index(after: colon)...]
        guard !digits.isEmpty else { throw .portMissing }
        guard digits.allSatisfy({ $0.isASCII && $0.isNumber }), let port = Int(digits), port <= 65535 else {
            throw .portUnusable
        }
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
            guard host.contains(":") else { throw .hostUnusable }
        }
        self.init(host: host == "localhost" ? "127.0.0.1" : String(host), port: port)
        guard socketAddress != nil else { throw .hostUnusable }
    }

    /// An address from parts that are known to be right.
    init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// The address as it is written in URLs.
    public var description: String {
        host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }

    /// The address as SwiftNIO wants it; `nil` when the host is no numeric address.
    var socketAddress: SocketAddress? {
        try? SocketAddress(ipAddress: host, port: port)  // nil says it all
    }
}
