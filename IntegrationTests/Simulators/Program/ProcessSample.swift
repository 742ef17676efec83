import FoundationEssentials

/// What Linux tells of a process at one moment.
public struct ProcessSample: Sendable, Equatable {
    /// Anonymous memory that is resident, in KiB: the heap and the stacks, not the executable's pages.
    public var anonymous: Int
    /// Open file descriptors.
    public var descriptors: Int
    /// Threads.
    public var threads: Int
    /// Those of the descriptors that are sockets.
    public var sockets: Int

    /// Reads them of that process; `nil` when it is gone.
    public init?(of processID: Int32) {
        // Whatever cannot be read is of a process that ended.
        guard let status = try? String(contentsOfFile: "/proc/\(processID)/status", encoding: .utf8),
            let open = OpenFiles(of: processID)
        else { return nil }
        self.init(status: status, openCount: open.names.count, socketCount: open.sockets.count)
    }

    /// What the text of `/proc/PID/status` says, and what is open; `nil` when a line is missing.
    public init?(status: String, openCount: Int, socketCount: Int = 0) {
        guard let anonymous = Self.number("RssAnon", in: status), let threads = Self.number("Threads", in: status)
        else { return nil }
        self.anonymous = anonymous
        self.threads = threads
        descriptors = openCount
        sockets = socketCount
    }

    private static func number(_ name: String, in status: String) -> Int? {
        status.split(separator: "\n").first { $0.hasPrefix("\(name):") }.flatMap { line in
            line.dropFirst(name.utf8.count + 1).split { $0 == " " || $0 == "\t" }.first.flatMap { Int($0) }
        }
    }
}

/// What a process has open.
struct OpenFiles {
    /// What each descriptor stands for, such as `socket:[12345]`; those that were closed meanwhile are left out.
    let names: [String]

    /// Reads `/proc/PID/fd`; `nil` when the process is gone.
    init?(of processID: Int32) {
        let folder = "/proc/\(processID)/fd"
        // Whatever cannot be read is of a process, or a descriptor, that is gone.
        guard let open = try? FileManager.default.contentsOfDirectory(atPath: folder) else { return nil }
        names = open.compactMap { try? FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/\($0)") }
    }

    /// The sockets' inodes.
    var sockets: Set<String> {
        Set(names.filter { $0.hasPrefix("socket:[") }.map { String($0.dropFirst(8).dropLast()) })
    }
}
