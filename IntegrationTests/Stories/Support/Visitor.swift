import Glibc

/// A bare TCP connection to a port of the loopback, which sends exactly what it is told and never waits.
final class Visitor {
    /// What the system says when a connection cannot be opened.
    struct Refused: Error {
        /// Its error number.
        let code: Int32
    }

    /// Nothing waits, and a closed connection is no signal.
    private static let flags = Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT)
    private let socket: Int32
    /// Whether the other side has closed, or reset, the connection.
    private(set) var isShutOut = false
    /// What was received so far.
    private(set) var received: [UInt8] = []

    /// Connects.
    init(port: Int) throws {
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard socket >= 0 else { throw Refused(code: errno) }
        self.socket = socket
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
        let result = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        let problem = errno
        guard result == 0 else {
            // The socket is closed by `deinit`.
            throw Refused(code: problem)
        }
    }

    deinit { close(socket) }

    /// Sends bytes; what a closed connection refuses, or does not take at once, is lost.
    func send(_ bytes: [UInt8]) {
        _ = unsafe bytes.withUnsafeBytes { unsafe Glibc.send(socket, $0.baseAddress, $0.count, Self.flags) }
    }

    /// Takes what has come meanwhile.
    func look() {
        var buffer = [UInt8](repeating: 0, count: 1 << 14)
        while !isShutOut {
            let count = unsafe buffer.withUnsafeMutableBytes { bytes in
                unsafe recv(socket, bytes.baseAddress, bytes.count, Self.flags)
            }
            if count > 0 {
                received += buffer[..<count]
            } else if count == 0 || (errno != EAGAIN && errno != EINTR) {
                isShutOut = true
            } else {
                return
            }
        }
    }

    /// Makes its end a reset instead of a goodbye.
    func resetAtEnd() {
        var option = linger(l_onoff: 1, l_linger: 0)
        _ = unsafe setsockopt(socket, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
    }

    /// What was received, as text.
    var text: String { String(decoding: received, as: UTF8.self) }
}
