import Testing
import Transport

@Suite struct HeadersTests {
    @Test func `a header is found in any case`() {
        let headers: HTTPHeaders = ["Content-Type": "a", "X-One": "1"]
        #expect(headers["content-TYPE"] == "a")
        #expect(headers["X-On"] == nil)
    }

    @Test func `setting a header replaces all of its name`() {
        var headers: HTTPHeaders = ["X-One": "1", "x-one": "2", "Y": "3"]
        headers["X-ONE"] = "4"
        #expect(headers.fields.map(\.name) == ["Y", "X-ONE"])
        headers["x-one"] = nil
        #expect(headers.fields.map(\.name) == ["Y"])
    }

    @Test func `letters fold, other characters do not`() {
        let headers: HTTPHeaders = ["a@b": "1"]
        #expect(headers["A@B"] == "1")
        #expect(headers["a`b"] == nil)
    }
}
