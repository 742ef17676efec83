import Glibc
import Testing

@testable import Status

@Suite struct LineSinkTests {
    /// What a sink writes to, and whether it may open that anew.
    enum Way: CaseIterable {
        case socket
        case pipe
        case foreignPipe
    }

    /// Two connected descriptors: what is written to the second is read from the first.
    private struct Ends {
        let reading: Int32
        let writing: Int32

        init(_ way: Way) {
            var ends: [Int32] = [-1, -1]
            if way == .socket {
                _ = unsafe socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends)
            } else {
                _ = unsafe pipe(&ends)
            }
            (reading, writing) = (ends[0], ends[1])
            // A test never waits for a byte that does not come.
            _ = fcntl(reading, F_SETFL, O_NONBLOCK)
        }

        func received() -> String {
            var all: [UInt8] = []
            var buffer = [UInt8](repeating: 0, count: 65536)
            while true {
                let count = unsafe buffer.withUnsafeMutableBytes { unsafe read(reading, $0.baseAddress, $0.count) }
                guard count > 0 else { return String(decoding: all, as: UTF8.self) }
                all += buffer[..<count]
            }
        }
    }

    private func sink(to ends: Ends, _ way: Way) -> LineSink {
        LineSink(descriptor: ends.writing, opensAnew: way != .foreignPipe)
    }

    private func line(_ number: Int, length: Int) -> [UInt8] {
        Array("\(number) ".utf8) + Array(repeating: UInt8(ascii: "x"), count: length) + [UInt8(ascii: "\n")]
    }

    @Test(arguments: Way.allCases)
    func `a line arrives as it is`(way: Way) {
        let ends = Ends(way)
        sink(to: ends, way).write(Array("hello\n".utf8))
        #expect(ends.received() == "hello\n")
    }

    @Test(arguments: Way.allCases, [100, 10_000])
    func `a reader that does not read costs lines and no waiting, and lines stay whole`(way: Way, length: Int) {
        let ends = Ends(way)
        let sink = sink(to: ends, way)
        let count = 4_000_000 / length
        for number in 0..<count { sink.write(line(number, length: length)) }
        #expect(sink.dropped > 0)

        var text = ends.received()
        sink.write(line(count, length: length))
        text += ends.received()
        let lines = text.split(separator: "\n")
        #expect(text.hasSuffix("\n"))
        #expect(lines.count == count + 1 - Int(sink.dropped))
        #expect(lines.allSatisfy { $0.hasSuffix(" " + String(repeating: "x", count: length)) })
    }

    @Test(arguments: Way.allCases)
    func `a reader that went away costs lines and not the process`(way: Way) {
        let ends = Ends(way)
        let sink = sink(to: ends, way)
        close(ends.reading)
        sink.write(Array("a\n".utf8))
        #expect(sink.dropped == 1)
    }

    @Test func `others who share a pipe do not find it changed`() {
        let ends = Ends(.pipe)
        let before = fcntl(ends.writing, F_GETFL)
        let sink = sink(to: ends, .pipe)
        sink.write(Array("a\n".utf8))
        #expect(fcntl(ends.writing, F_GETFL) == before)
    }

    @Test func `a file that may not grow any more costs lines and not the process`() async throws {
        await #expect(processExitsWith: .success) {
            let path = "/tmp/line-sink-\(getpid())"
            let file = unsafe open(path, O_CREAT | O_RDWR, 0o600)
            _ = unsafe unlink(path)
            var limit = rlimit(rlim_cur: 0, rlim_max: 0)
            _ = unsafe setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
            let sink = LineSink(descriptor: file)
            sink.write(Array("hello\n".utf8))
            #expect(sink.dropped == 1)
        }
    }
}
