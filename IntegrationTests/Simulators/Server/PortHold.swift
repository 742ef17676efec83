import Glibc
import NIOCore

/// Keeps a port for a server that does not always listen on it: bound but never listening, so that connections are
/// refused meanwhile and the system gives the port to nobody else.
final class PortHold: Sendable {
    /// Where the server may listen.
    let addresses: [SocketAddress]
    /// The port of all of them.
    let port: Int
    private let sockets: [Int32]

    /// Takes the port, or any free one for 0, on all of the hosts; throws what resolving or binding threw.
    init(_ hosts: [String], port: Int) throws {
        (addresses, sockets, self.port) = try Self.take(port, on: hosts)
    }

    deinit {
        for socket in sockets { close(socket) }
    }

    private static func take(_ port: Int, on hosts: [String]) throws -> ([SocketAddress], [Int32], Int) {
        var (chosen, addresses, sockets) = (port, [SocketAddress](), [Int32]())
        do {
            for host in hosts {
                let wanted = try SocketAddress.makeAddressResolvingHost(host, port: chosen)
                let socket = Glibc.socket(
                    wanted.protocol == .inet6 ? AF_INET6 : AF_INET,
                    Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
                guard socket >= 0 else { throw IOError(errnoCode: errno, reason: "socket") }
                sockets.append(socket)
                chosen = try bind(socket, to: wanted)
                var address = wanted
                address.port = chosen
                addresses.append(address)
            }
        } catch {
            for socket in sockets { close(socket) }
            throw error
        }
        return (addresses, sockets, chosen)
    }

    /// Returns the port that it was bound to. Others may bind to it too, as long as they allow it likewise.
    private static func bind(_ socket: Int32, to address: SocketAddress) throws -> Int {
        var yes: Int32 = 1
        _ = unsafe setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        let result = unsafe address.withSockAddr { unsafe Glibc.bind(socket, $0, socklen_t($1)) }
        guard result == 0 else { throw IOError(errnoCode: errno, reason: "bind") }
        var (found, length) = ([UInt8](repeating: 0, count: 28), socklen_t(28))
        let named = unsafe found.withUnsafeMutableBytes { bytes in
            unsafe getsockname(socket, bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self), &length)
        }
        guard named == 0 else { throw IOError(errnoCode: errno, reason: "getsockname") }
        // After the family, in the order of the network, whatever the family is.
        return Int(found[2]) << 8 | Int(found[3])
    }
}
