import SystemPackage

/// Where a process waits for others to come: TCP sockets that listen, and UDP sockets that anybody can send to.
public enum ListeningSockets {
    /// Their addresses, such as `127.0.0.1:9092`, in order; throws when the process is gone.
    public static func addresses(of processID: Int32) throws -> [String] {
        guard let own = OpenFiles(of: processID)?.sockets else { throw Gone(processID: processID) }
        var found: [String] = []
        for (table, state) in [("tcp", "0A"), ("tcp6", "0A"), ("udp", "07"), ("udp6", "07")] {
            let table = try text(of: FilePath("/proc/\(processID)/net/\(table)"))
            found += addresses(in: table, state: state, inodes: own)
        }
        return found.sorted()
    }

    /// All that the kernel writes, piece by piece: such a file has no size, and a busy machine's table is longer than one piece.
    private static func text(of path: FilePath) throws -> String {
        let file = try FileDescriptor.open(path, .readOnly)
        return try file.closeAfter {
            var bytes: [UInt8] = []
            var piece = [UInt8](repeating: 0, count: 1 << 16)
            while true {
                let count = try unsafe piece.withUnsafeMutableBytes { unsafe try file.read(into: $0) }
                if count == 0 { return String(decoding: bytes, as: UTF8.self) }
                bytes += piece.prefix(count)
            }
        }
    }

    /// The process is not there any more.
    struct Gone: Error {
        /// Which one.
        let processID: Int32
    }

    /// The local addresses in a table of `/proc/PID/net` of those sockets in that state.
    static func addresses(in table: String, state: String, inodes: Set<String>) -> [String] {
        table.split(separator: "\n").dropFirst().compactMap { line in
            let fields = line.split(separator: " ")
            guard fields.count > 9, fields[3] == state, inodes.contains(String(fields[9])) else { return nil }
            return address(fields[1])
        }
    }

    /// `0100007F:2384` as people write it; IPv6 stays as the kernel writes it, between brackets.
    private static func address(_ text: Substring) -> String {
        let parts = text.split(separator: ":")
        guard parts.count == 2, let port = Int(parts[1], radix: 16) else { return String(text) }
        guard parts[0].utf8.count == 8, let number = UInt32(parts[0], radix: 16) else { return "[\(parts[0])]:\(port)" }
        let bytes = (0..<4).map { "\((number >> (8 * UInt32($0))) & 0xFF)" }
        return "\(bytes.joined(separator: ".")):\(port)"
    }
}
