import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Writes whole lines to a file descriptor and never waits: a line that the other side has no room for is dropped and counted.
public final class LineSink: Sendable {
    /// What a line is written with.
    private enum Way: Sendable {
        /// A descriptor of our own that does not block.
        case ownDescriptor
        /// The given descriptor, which is a socket: each call says that it does not block.
        case socket
        /// The given descriptor; it is asked for room first, because a flag on it would change it for others too.
        case asked
    }

    private struct State {
        /// The rest of a line that was taken in part; it goes first, so that lines stay whole.
        var rest: [UInt8] = []
        var dropped: UInt64 = 0
    }

    /// What a pipe has room for when it says that it has room at all: `PIPE_BUF`,
    /// https://man7.org/linux/man-pages/man7/pipe.7.html
    private static let certainRoom = 4096

    private let descriptor: Int32
    private let way: Way
    private let state = Mutex(State())

    /// A sink that writes to standard error.
    public static func standardError() -> LineSink {
        LineSink(descriptor: STDERR_FILENO)
    }

    /// A sink that writes to `descriptor`, which stays open as long as the sink is used.
    public convenience init(descriptor: Int32) {
        self.init(descriptor: descriptor, opensAnew: true)
    }

    /// A sink that may, or may not, open what it writes to a second time.
    init(descriptor: Int32, opensAnew: Bool) {
        // A reader that goes away, or a file that may not grow any more, must cost us log lines, not our life.
        _ = signal(SIGPIPE, SIG_IGN)
        _ = signal(SIGXFSZ, SIG_IGN)
        (self.descriptor, way) = LineSink.prepared(descriptor, opensAnew: opensAnew)
    }

    deinit {
        if way == .ownDescriptor { close(descriptor) }
    }

    /// How many lines were dropped so far.
    public var dropped: UInt64 { state.withLock { $0.dropped } }

    /// Writes a line, or drops it; with one system call wherever that is sure not to wait.
    public func write(_ line: [UInt8]) {
        state.withLock { state in
            if !state.rest.isEmpty {
                state.rest.removeFirst(written(state.rest))
            }
            guard state.rest.isEmpty else {
                state.dropped += 1
                return
            }
            let count = written(line)
            if count == 0 {
                state.dropped += 1
            } else if count < line.count {
                state.rest = Array(line[count...])
            }
        }
    }

    /// Writes as much as is taken without waiting; 0 also when nobody listens any more.
    private func written(_ bytes: [UInt8]) -> Int {
        guard way == .asked else { return writtenAtOnce(bytes[...]) }
        var count = 0
        while count < bytes.count, hasRoom {
            let piece = writtenAtOnce(bytes[count...].prefix(LineSink.certainRoom))
            guard piece > 0 else { break }
            count += piece
        }
        return count
    }

    private func writtenAtOnce(_ bytes: ArraySlice<UInt8>) -> Int {
        while true {
            let count = unsafe bytes.withUnsafeBytes { buffer in
                switch way {
                case .socket: unsafe send(descriptor, buffer.baseAddress, buffer.count, Int32(MSG_DONTWAIT))
                case .ownDescriptor, .asked: unsafe systemWrite(descriptor, buffer)
                }
            }
            if count < 0, errno == EINTR { continue }
            return max(0, count)
        }
    }

    private var hasRoom: Bool {
        var question = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        return unsafe poll(&question, 1, 0) > 0
    }

    private static func prepared(_ descriptor: Int32, opensAnew: Bool) -> (Int32, Way) {
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { return (descriptor, .asked) }
        switch status.st_mode & S_IFMT {
        case S_IFSOCK:
            return (descriptor, .socket)
        case S_IFIFO where opensAnew, S_IFCHR where opensAnew:
            // O_NONBLOCK belongs to what was opened, and standard error was opened by somebody else and is shared: open it anew.
            // https://man7.org/linux/man-pages/man5/proc_pid_fd.5.html
            let own = unsafe open("/proc/self/fd/\(descriptor)", O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
            return own >= 0 ? (own, .ownDescriptor) : (descriptor, .asked)
        default:
            return (descriptor, .asked)
        }
    }
}

/// The system call, whose name our own method hides.
private func systemWrite(_ descriptor: Int32, _ buffer: UnsafeRawBufferPointer) -> Int {
    unsafe write(descriptor, buffer.baseAddress, buffer.count)
}
