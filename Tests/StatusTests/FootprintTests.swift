import Testing

@testable import Status

@Suite struct CleanMappingsTests {
    private func mapping(_ head: String, _ numbers: [String: Int] = [:]) -> String {
        let lines = ["Size", "Rss", "Shared_Dirty", "Private_Dirty", "Anonymous", "Swap", "Locked"].map {
            "\($0):           \(numbers[$0] ?? 0) kB"
        }
        return ([head] + lines + ["VmFlags: rd ex mr mw me"]).joined(separator: "\n") + "\n"
    }

    private func ranges(_ text: String) -> [Range<UInt>] {
        ranges(text, inPiecesOf: 4096)
    }

    private func ranges(_ text: String, inPiecesOf size: Int) -> [Range<UInt>] {
        var mappings = CleanMappings()
        var left = Array(text.utf8)[...]
        while !left.isEmpty {
            mappings.take(left.prefix(size))
            left = left.dropFirst(size)
        }
        mappings.end()
        return mappings.ranges
    }

    @Test(arguments: ["r-xp", "r--p"])
    func `a file's pages that equal the file are clean`(rights: String) {
        let head = "7f0000001000-7f0000003000 \(rights) 00001000 fe:00 77                 /usr/lib/a b.so"
        #expect(ranges(mapping(head, ["Rss": 8, "Size": 8])) == [0x7f00_0000_1000..<0x7f00_0000_3000])
    }

    @Test(arguments: [
        "1000-3000 rw-p 00001000 fe:00 77 /usr/lib/a.so", "1000-3000 r-xs 00001000 fe:00 77 /usr/lib/a.so",
        "1000-3000 rwxp 00001000 fe:00 77 /usr/lib/a.so", "1000-3000 ---p 00001000 fe:00 77 /usr/lib/a.so",
        "1000-3000 r-xp 00000000 00:00 0", "1000-3000 r-xp 00000000 00:00 0 [vdso]",
        "3000-1000 r-xp 00001000 fe:00 77 /usr/lib/a.so", "x-3000 r-xp 00001000 fe:00 77 /usr/lib/a.so",
        "1000 r-xp 00001000 fe:00 77 /usr/lib/a.so",
    ])
    func `what may differ from a file, or is none, is left alone`(head: String) {
        #expect(ranges(mapping(head)) == [])
    }

    @Test(arguments: ["Anonymous", "Swap", "Locked", "Private_Dirty", "Shared_Dirty"])
    func `a mapping with pages of our own is left alone, and only that one`(number: String) {
        let clean = mapping("1000-3000 r--p 00001000 fe:00 77 /usr/lib/a.so")
        let ours = mapping("4000-5000 r--p 00001000 fe:00 77 /usr/lib/a.so", [number: 4])
        let other = mapping("6000-7000 r-xp 00001000 fe:00 77 /usr/lib/a.so")
        #expect(ranges(clean + ours + other) == [0x1000..<0x3000, 0x6000..<0x7000])
    }

    @Test(arguments: [1, 2, 3, 7, 50])
    func `it does not matter where the text is cut`(size: Int) {
        let text =
            mapping("1000-3000 r--p 00001000 fe:00 77 /usr/lib/a.so") + mapping("4000-5000 rw-p 00001000 fe:00 77 /a")
        #expect(ranges(text, inPiecesOf: size) == [0x1000..<0x3000])
    }

    @Test func `nothing is found in nothing`() {
        #expect(ranges("") == [])
        #expect(ranges("\n\nRss: 4 kB\n") == [])
    }
}

@Suite struct FootprintTests {
    @Test func `a process that gave its pages back goes on`() {
        Footprint.shrink()
        #expect(ProcessFigures.residentBytes() ?? 0 > 0)
    }
}
