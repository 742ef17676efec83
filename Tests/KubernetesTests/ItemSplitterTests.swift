import Testing

@testable import Kubernetes

@Suite struct `Cutting a list into its items` {
    private static let list = #"""
        {"kind":"items", "apiVersion":"v1","metadata":{"items":[1],"resourceVersion":"9","continue":"x\"],["},
         "items" : [ {"a":"}]\\\"{[","b":[{},[]],"c":{"items":[{}]}} ,{"d":"é\\"}, {}
         ],"tail":[{"items":[]}]} 
        """#
    private static let items = [#"{"a":"}]\\\"{[","b":[{},[]],"c":{"items":[{}]}}"#, #"{"d":"é\\"}"#, "{}"]

    private func split(_ chunks: [[UInt8]], limit: Int = 1 << 20) throws -> (items: [String], envelope: String) {
        var splitter = ItemSplitter(itemLimit: limit)
        var items: [String] = []
        for chunk in chunks {
            items += try splitter.items(in: chunk).map { String(decoding: $0, as: UTF8.self) }
        }
        return (items, String(decoding: try splitter.finished(), as: UTF8.self))
    }

    @Test func `the list may be cut in two at every byte`() throws {
        let bytes = Array(Self.list.utf8)
        let whole = try split([bytes])
        #expect(whole.items == Self.items)
        #expect(whole.envelope.hasPrefix(#"{"kind":"items", "apiVersion":"v1","metadata":{"items":[1]"#))
        #expect(whole.envelope.contains(#""items" : []"#))
        for cut in bytes.indices {
            let parts = try split([Array(bytes[..<cut]), Array(bytes[cut...])])
            #expect(parts == whole, "cut at \(cut)")
        }
    }

    @Test func `the list may come byte by byte`() throws {
        let parts = try split(Self.list.utf8.map { [$0] })
        #expect(parts.items == Self.items)
    }

    @Test func `no items, written empty or as null, are an empty list`() throws {
        #expect(try split([Array(#"{"metadata":{},"items":[]}"#.utf8)]).items.isEmpty)
        #expect(try split([Array(#"{"items":null,"metadata":{}}"#.utf8)]).items.isEmpty)
    }

    @Test(arguments: [
        (#"{"metadata":{}}"#, ItemSplitter.Failure.noItems),
        (#"{"metadata":{"items":[{}]}}"#, .noItems),
        (#"{"items":[{"a":1},2]}"#, .itemNotAnObject),
        ("<html></html>", .notAnObject), ("[]", .notAnObject), (#"{"items":[]} {}"#, .notAnObject),
        ("", .truncated), (#"{"items":[{"a":1}"#, .truncated), (#"{"items":[{"a":"}"#, .truncated),
        (#"{"items":[{"a":1}]"#, .truncated), (#"{"items":[]"#, .truncated),
    ])
    func `what is not a whole list is refused`(_ text: String, _ failure: ItemSplitter.Failure) {
        #expect(throws: failure) { try split([Array(text.utf8)]) }
        #expect(throws: failure) { try split(text.utf8.map { [$0] }) }
    }

    @Test func `an item that is too large is refused while it arrives`() throws {
        var splitter = ItemSplitter(itemLimit: 1000)
        _ = try splitter.items(in: Array(#"{"items":[{"a":""#.utf8))
        #expect(throws: ItemSplitter.Failure.itemTooLarge(limit: 1000)) {
            for _ in 0..<20 {
                _ = try splitter.items(in: [UInt8](repeating: 0x61, count: 100))
            }
        }
    }

    @Test func `an envelope that never ends is refused`() throws {
        var splitter = ItemSplitter(itemLimit: 1000)
        #expect(throws: ItemSplitter.Failure.envelopeTooLarge(limit: 65_536)) {
            _ = try splitter.items(in: Array((#"{"a":""# + String(repeating: "b", count: 70_000)).utf8))
        }
    }
}

@Suite struct `Cutting a stream into lines` {
    @Test func `lines may be cut at every byte, empty ones are dropped`() {
        let bytes = Array("one\n\ntwo\r\nthree".utf8)
        for cut in bytes.indices {
            var splitter = LineSplitter(limit: 100)
            let first = splitter.lines(in: Array(bytes[..<cut])) ?? []
            let second = splitter.lines(in: Array(bytes[cut...])) ?? []
            #expect((first + second).map { String(decoding: $0, as: UTF8.self) } == ["one", "two\r"], "cut at \(cut)")
            #expect(splitter.hasRest)
        }
    }

    @Test func `a line that is too long is refused`() {
        var splitter = LineSplitter(limit: 4)
        let answers = ["1234\n", "123", "45"].map { splitter.lines(in: Array($0.utf8))?.count }
        #expect(answers == [1, 0, nil])
    }
}
