import Glibc

/// A port of the loopback that is taken and where nobody listens, so that connections are refused for as long as it is there.
public struct RefusingPort: ~Copyable {
    /// Its number.
    public let number: UInt16
    private let socket: Int32

    /// Takes a free port.
    public init() throws {
        (socket, number) = try boundSocket()
    }

    deinit { close(socket) }
}

/// A socket with a free port of the loopback, which does not listen yet.
func boundSocket() throws(LoopbackServer.NoSocket) -> (descriptor: Int32, port: UInt16) {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = unsafe withUnsafeMutablePointer(to: &address) { pointer in
        unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            unsafe bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
        }
    }
    guard isBound else {
        close(descriptor)
        throw LoopbackServer.NoSocket()
    }
    return (descriptor, UInt16(bigEndian: address.sin_port))
}
