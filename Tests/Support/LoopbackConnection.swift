#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The server's end of one connection, used by one thread: blocking, line by line.
public final class LoopbackConnection {
    /// The how manieth connection of its server, from 0.
    public let number: Int

    private let socket: Int32
    private var unread: [UInt8] = []

    init(number: Int, socket: Int32) {
        self.number = number
        self.socket = socket
    }

    /// The next line without its ending; `nil` when the client has hung up.
    public func readLine() -> String? {
        while true {
            if let end = unread.firstIndex(of: UInt8(ascii: "\n")) {
                let line = unread[..<end]
                unread.removeFirst(end + 1)
                return String(decoding: line.last == UInt8(ascii: "\r") ? line.dropLast() : line, as: UTF8.self)
            }
            guard fill() else { return nil }
        }
    }

    /// The next bytes, exactly that many; `nil` when the client has hung up before.
    public func read(_ count: Int) -> [UInt8]? {
        while unread.count < count {
            guard fill() else { return nil }
        }
        let bytes = Array(unread.prefix(count))
        unread.removeFirst(count)
        return bytes
    }

    /// Sends a text; `false` when the client has hung up.
    @discardableResult
    public func write(_ text: String) -> Bool {
        write(Array(text.utf8))
    }

    /// Sends bytes; `false` when the client has hung up.
    @discardableResult
    public func write(_ bytes: [UInt8]) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = unsafe bytes[sent...].withUnsafeBytes {
                unsafe send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }

    /// Waits that long, or for good, for the client to hang up; what it sends meanwhile is kept.
    public func peerHangsUp(within time: Duration?) -> Bool {
        var entry = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
        let milliseconds = time.map {
            Int32($0.components.seconds * 1000 + $0.components.attoseconds / 1_000_000_000_000_000)
        }
        guard unsafe poll(&entry, 1, milliseconds ?? -1) > 0 else { return false }
        return !fill()
    }

    private func fill() -> Bool {
        unsafe withUnsafeTemporaryAllocation(byteCount: 16384, alignment: 1) { buffer in
            let count = unsafe recv(socket, buffer.baseAddress, buffer.count, 0)
            guard count > 0 else { return false }
            unsafe unread.append(contentsOf: UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            return true
        }
    }
}
