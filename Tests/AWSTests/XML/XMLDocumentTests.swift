import Testing

@testable import AWS

struct XMLDocumentTests {
    @Test func `names, text and nesting come out as written`() throws {
        let root = try parse("<?xml version=\"1.0\"?><a xmlns=\"http://x/\"><b>one &amp; two</b><b>&#51;</b><c/></a>")
        #expect(root.name == "a")
        #expect(root.children.map(\.name) == ["b", "b", "c"])
        #expect(root.children.map(\.text) == ["one & two", "3", ""])
        #expect(root["b"]?.text == "one & two")
        #expect(root["d"] == nil)
    }

    @Test func `a CDATA section is text, a comment and an instruction are nothing`() throws {
        let root = try parse("<a><![CDATA[1 < 2]]><!-- no --><?pi no?> yes</a>")
        #expect(root.text == "1 < 2 yes")
        #expect(root.children.isEmpty)
    }

    @Test func `what must be there and is not is named by its path`() throws {
        let root = try parse("<a><b> </b></a>")
        #expect(throws: XMLError.missing("a/c")) { try root.required("c") }
        #expect(throws: XMLError.missing("a/b")) { try root.requiredText("b") }
    }

    @Test func `a name of somebody else is told in 64 characters`() throws {
        let name = String(repeating: "n", count: 5000)
        let root = try parse("<\(name)/>")
        #expect(throws: XMLError.missing(String(repeating: "n", count: 64) + "/c")) { try root.requiredText("c") }
    }

    @Test(arguments: [
        "<!DOCTYPE a [<!ENTITY x \"y\">]><a>&x;</a>",
        "<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><a/>",
        "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><a>&x;</a>",
        "<?xml version=\"1.0\"?>\n<!DOCTYPE html><html></html>",
        "<!DOCTYPE a [<!ENTITY a0 \"ha\"><!ENTITY a1 \"&a0;&a0;&a0;&a0;\"><!ENTITY a2 \"&a1;&a1;&a1;&a1;\">]><a>&a2;</a>",
        "<!DOCTYPE a [<!ATTLIST a b CDATA \"c\">]><a/>",
        "<a><!ENTITY x \"y\"></a>",
    ])
    func `a document type or an entity of its own is refused`(text: String) {
        #expect(throws: XMLError.doctype) { try parse(text) }
    }

    @Test(arguments: [
        "", " ", "not xml", "{}", "<a>", "<a><b></a>", "<a></a><a></a>", "<a>&unknown;</a>", "<a b=1/>", "<a>\u{1}</a>",
        "<?xml version=\"1.0\"?>", "<a/>trailing", "<html><body><p>sorry<br></body></html>",
        "<DescribeAutoScalingInstancesResponse><DescribeAutoScalingInstancesResult><AutoScalingInstances/>",
    ])
    func `a document that is not well-formed is never half an answer`(text: String) {
        #expect { try parse(text) } throws: { error in
            if case .malformed? = error as? XMLError { true } else { false }
        }
    }

    @Test(arguments: 1...60)
    func `every truncation of an answer is refused`(length: Int) {
        let whole = "<?xml version=\"1.0\"?><aaa><bbb>text &amp; more</bbb><c/></aaa>\n"
        let cut = String(whole.prefix(length))
        #expect(throws: XMLError.self) { try parse(cut) }
    }

    @Test func `a document labelled otherwise than UTF-8 is refused`() {
        #expect(throws: XMLError.self) { try parse("<?xml version=\"1.0\" encoding=\"UTF-16\"?><a/>") }
        #expect(throws: XMLError.wrongEncoding) { try parse("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><a>x</a>") }
        #expect(throws: XMLError.self) { try parse("<?xml version=\"1.0\" encoding=\"klingon\"?><a>x</a>") }
    }

    @Test func `bytes that are no UTF-8 are refused`() {
        let latin = Array("<a>".utf8) + [0xE9] + Array("</a>".utf8)
        let sixteen = Array("<a/>".utf16).flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        #expect(throws: XMLError.wrongEncoding) { try XMLDocument.parse(latin) }
        #expect(throws: XMLError.wrongEncoding) { try XMLDocument.parse([0xFF, 0xFE] + sixteen) }
        #expect(throws: XMLError.wrongEncoding) { try XMLDocument.parse(sixteen) }
    }

    @Test(arguments: [(64, true), (65, false), (255, false), (5000, false)])
    func `nesting is accepted up to the limit`(depth: Int, isAccepted: Bool) {
        let text = String(repeating: "<a>", count: depth) + String(repeating: "</a>", count: depth)
        #expect(((try? parse(text)) != nil) == isAccepted)
    }

    @Test func `size is accepted up to the limit`() throws {
        let filling = String(repeating: "x", count: XMLDocument.byteLimit - 7)
        #expect(try parse("<a>\(filling)</a>").text.utf8.count == filling.utf8.count)
        #expect(throws: XMLError.tooLarge(limit: XMLDocument.byteLimit)) { try parse("<a>\(filling)x</a>") }
    }

    @Test func `many siblings come out in order`() throws {
        let root = try parse("<a>" + (0..<10_000).map { "<b>\($0)</b>" }.joined() + "</a>")
        #expect(root.children.map(\.text) == (0..<10_000).map(String.init))
    }

    @Test func `many documents at once do not disturb each other`() async {
        let good = await withTaskGroup(of: Bool.self) { group in
            for number in 0..<200 {
                group.addTask {
                    let isBroken = number.isMultiple(of: 3)
                    let root = try? XMLDocument.parse(Array("<a><b>\(number)</b>\(isBroken ? "" : "</a>")".utf8))
                    return root?["b"]?.text == (isBroken ? nil : "\(number)")
                }
            }
            var all = true
            for await result in group { all = all && result }
            return all
        }
        #expect(good)
    }

    private func parse(_ text: String) throws(XMLError) -> XMLNode { try XMLDocument.parse(Array(text.utf8)) }
}
