import SystemPackage

/// What configuration and credentials are made from: variables, files and time, given from outside so that tests need
/// no global state.
public struct Surroundings: Sendable {
    /// The environment variables.
    public var environment: [String: String]
    /// The bytes of the file at a path.
    public var readFile: @Sendable (String) throws(FileProblem) -> [UInt8]
    /// Measures how old a reading is and how long a plugin takes.
    public var clock: any Clock<Duration>
    /// The wall clock, for the expiry that plugins name.
    public var secondsSince1970: @Sendable () -> Int

    /// Surroundings from their parts; files are the real ones unless `readFile` says otherwise.
    public init(
        environment: [String: String],
        clock: any Clock<Duration>,
        secondsSince1970: @escaping @Sendable () -> Int,
        readFile: @escaping @Sendable (String) throws(FileProblem) -> [UInt8] = Surroundings.file
    ) {
        self.environment = environment
        self.clock = clock
        self.secondsSince1970 = secondsSince1970
        self.readFile = readFile
    }

    /// Bytes that a file may have.
    static let fileLimit = 1 << 20

    /// Reads a real file of at most 1 MiB.
    @Sendable
    public static func file(at path: String) throws(FileProblem) -> [UInt8] {
        do {
            let file = try FileDescriptor.open(FilePath(path), .readOnly)
            return try file.closeAfter { try contents(of: file) }
        } catch let problem as FileProblem {
            throw problem
        } catch Errno.noSuchFileOrDirectory {
            throw .absent
        } catch let error as Errno {
            throw .unreadable(error.description)
        } catch {
            throw .unreadable("unknown")
        }
    }

    private static func contents(of file: FileDescriptor) throws -> [UInt8] {
        var contents: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 16 << 10)
        while true {
            let count = try unsafe chunk.withUnsafeMutableBytes { try unsafe file.read(into: $0) }
            if count == 0 {
                return contents
            }
            contents += chunk[..<count]
            guard contents.count <= fileLimit else { throw FileProblem.tooLarge(limit: fileLimit) }
        }
    }
}

/// Why a file gave nothing.
public enum FileProblem: Error, Sendable, Hashable, CustomStringConvertible {
    /// There is none.
    case absent
    /// It cannot be opened or read; the system's words.
    case unreadable(String)
    /// It is longer than what we read.
    case tooLarge(limit: Int)

    /// The problem in words.
    public var description: String {
        switch self {
        case .absent: "there is no such file"
        case .unreadable(let reason): "it cannot be read: \(reason)"
        case .tooLarge(let limit): "it is longer than \(limit) bytes"
        }
    }
}

extension Surroundings: CustomStringConvertible, CustomReflectable {
    /// How many variables there are; their values may be secrets.
    public var description: String { "\(environment.count) environment variables" }
    /// Nothing that could be dumped.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
