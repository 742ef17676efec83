import JSON
import Testing

@testable import Kubernetes

@Suite struct `What is made of JSON` {
    private func value(_ text: String) -> JSONValue? { JSONValue(reading: Array(text.utf8)) }

    @Test(arguments: [("7", 7), ("7.0", 7), ("7e2", 700), ("-3", -3), ("9223372036854775807", .max)])
    func `a whole number is one however it is written`(_ text: String, _ expected: Int) throws {
        #expect(try Int(json: #require(value(text))) == expected)
    }

    @Test(arguments: ["7.5", "1e400", "9223372036854775808", "\"7\"", "true", "null", "{}"])
    func `what is no whole number is not taken for one`(_ text: String) throws {
        let json = try #require(value(text))
        #expect(throws: JSONMismatch.self) { try Int(json: json) }
    }

    @Test func `of a name that is there twice the first counts`() throws {
        let json = try #require(value(#"{"a":"1","a":"2"}"#))
        #expect(try [String: String](json: json) == ["a": "1"])
        let first: String = try json.object().required("a")
        #expect(first == "1")
    }

    @Test func `a member that is null counts as absent`() throws {
        let members = try #require(value(#"{"a":null}"#)).object()
        let optional: String? = try members.optional("a")
        #expect(optional == nil)
        #expect(throws: JSONMismatch.self) { let _: String = try members.required("a") }
    }

    @Test(arguments: [
        (#"{"metadata":{"name":"n","uid":"u","finalizers":["f",7]}}"#, "another type at metadata.finalizers.1"),
        (#"{"metadata":{"name":7,"uid":"u"}}"#, "another type at metadata.name"), ("{}", "no metadata at the top"),
        ("[]", "another type at the top"), (#"{"metadata":{"name":"n","uid":"u"},"spec":1}"#, "another type at spec"),
    ])
    func `a mismatch tells where it is`(_ text: String, _ summary: String) throws {
        let json = try #require(value(text))
        do throws(JSONMismatch) {
            _ = try PodBody(json: json)
            Issue.record("it was read")
        } catch {
            #expect(error.summary == summary)
        }
    }
}
