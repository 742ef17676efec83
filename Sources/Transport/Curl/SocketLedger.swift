import CLibcurl

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Which open sockets lead to which origin.
///
/// libcurl cannot close chosen connections. But a socket that was shut down underneath it reads as closed by the other
/// side: libcurl checks that before it uses an idle connection again, and repeats a request that ran into it.
final class SocketLedger {
    private struct Entry {
        let origin: String
        /// Tells this socket from a later one of the same number: libcurl closes some failed attempts without a word.
        let identity: ino_t
    }

    private var entries: [Int32: Entry] = [:]

    /// Notes a socket that was made for a request to that origin, and keeps it from programs that this process starts.
    func opened(_ socket: Int32, to origin: String) {
        _ = fcntl(socket, F_SETFD, FD_CLOEXEC)
        entries[socket] = Self.identity(of: socket).map { Entry(origin: origin, identity: $0) }
    }

    /// Closes a socket for libcurl; 0 means that it worked.
    func closing(_ socket: Int32) -> Int32 {
        entries[socket] = nil
        return close(socket)
    }

    /// Shuts down every socket of that origin and throws away what has arrived on it, so that nothing finds it alive.
    func cut(_ origin: String) {
        cut { $0 == origin }
    }

    /// The same for every socket, but for those of these origins.
    func cutAll(except origins: Set<String> = []) {
        cut { !origins.contains($0) }
    }

    private func cut(_ isMeant: (_ origin: String) -> Bool) {
        for (socket, entry) in entries where isMeant(entry.origin) {
            entries[socket] = nil
            guard Self.identity(of: socket) == entry.identity else { continue }
            _ = shutdown(socket, Int32(SHUT_RDWR))
            unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 4096) { scratch in
                while unsafe recv(socket, scratch.baseAddress, scratch.count, Int32(MSG_DONTWAIT)) > 0 {}
            }
        }
    }

    private static func identity(of socket: Int32) -> ino_t? {
        var facts = stat()
        return unsafe fstat(socket, &facts) == 0 ? facts.st_ino : nil
    }
}
