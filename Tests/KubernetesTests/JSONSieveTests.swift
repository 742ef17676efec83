import Testing

@testable import Kubernetes

@Suite struct `Leaving out what nobody reads` {
    private static let selection: JSONSelection = [
        "kept": .everything, "part": ["in": .everything, "deep": ["x": .everything]], "none": [:],
    ]

    private func sifted(_ text: String, by selection: JSONSelection = Self.selection, pieces: Int? = nil) -> String {
        var sieve = JSONSieve(selection)
        let bytes = Array(text.utf8)
        let size = pieces ?? bytes.count
        let output = stride(from: 0, to: bytes.count, by: max(1, size)).flatMap {
            sieve.sifted(Array(bytes[$0..<min($0 + size, bytes.count)]))
        }
        return String(decoding: output, as: UTF8.self)
    }

    @Test(arguments: [
        (#"{"kept":1,"gone":2}"#, #"{"kept":1}"#),
        (#"{"gone":{"kept":[1,{"a":"}]\""}]},"kept":"a\"}],b\\"}"#, #"{"kept":"a\"}],b\\"}"#),
        (#" { "gone" : true , "kept" : [ 1 , {"gone":2} ] } "#, #" {"kept":[ 1 , {"gone":2} ]} "#),
        (
            #"{"part":{"in":null,"out":[[]],"deep":[{"x":1,"y":2},{"y":"{"},{"x":"z"}]}}"#,
            #"{"part":{"in":null,"deep":[{"x":1},{},{"x":"z"}]}}"#
        ),
        (#"{"part":"scalar","none":{"a":1},"kept":-1.5e3}"#, #"{"part":"scalar","none":{},"kept":-1.5e3}"#),
        (#"{"none":"text"}"#, #"{"none":"text"}"#),
        (#"{"ke\u0070t":1,"kept":2}"#, #"{"ke\u0070t":1,"kept":2}"#),
        ("{\"gone\":1}\n{\"kept\":2}\n", "{}\n{\"kept\":2}\n"),
        ("{}", "{}"),
    ])
    func `only what is selected remains, wherever the text is cut`(_ text: String, _ expected: String) {
        for pieces in [nil, 1, 2, 3, 7] { #expect(sifted(text, pieces: pieces) == expected) }
    }

    @Test(arguments: [
        "<html>{oops}</html>", "[1,2]", #""text""#, "", #"{"kept":"1""#, #"{"gone":"no end"#, "{",
        #"{"part":{"deep":[}"#, #"{"part":{"deep":[}]}}"#, #"{"part":{"deep":[{]}}}"#, #"{"kept":}"#, #"{"kept":]"#,
    ])
    func `what is no whole object does not become one`(_ text: String) {
        #expect(throws: KubernetesError.self) { try JSON.decode([String: String].self, from: Array(sifted(text).utf8)) }
    }

    @Test(arguments: [500, 512, 513, 600, 2000])
    func `a key that is longer than any selected one is dropped, wherever the text is cut`(_ length: Int) {
        let key = #"\u006b"# + String(repeating: "x", count: length - 6)
        let text = #"{"\#(key)":1,"kept":2}"#
        let expected = length > 512 ? #"{"kept":2}"# : text
        for pieces in [nil, 1, 7, 100] { #expect(sifted(text, pieces: pieces) == expected) }
    }

    @Test func `what is dropped takes no room`() {
        var sieve = JSONSieve(Self.selection)
        var kept = sieve.sifted(Array(#"{"gone":"#.utf8)).count
        kept += sieve.sifted(Array(#"{"a":""#.utf8)).count
        for _ in 0..<1000 { kept += sieve.sifted(Array(repeating: UInt8(ascii: "x"), count: 1024)).count }
        kept += sieve.sifted(Array(#""},"kept":1}"#.utf8)).count
        #expect(kept == #"{"kept":1}"#.utf8.count)
    }

    @Test func `a pod loses nothing that we read`() throws {
        let text = #"""
            {"kind":"Pod","apiVersion":"v1","metadata":{"name":"a","namespace":"n","uid":"u","resourceVersion":"7",
            "deletionTimestamp":"2026-11-21T00:00:00Z","deletionGracePeriodSeconds":30,"finalizers":["f/1","f/2"],
            "labels":{"app":"web","cluster.x-k8s.io/drain":"skip"},
            "annotations":{"kubectl.kubernetes.io/last-applied-configuration":"{\"metadata\":{\"name\":\"b\"}}",
            "karpenter.sh/do-not-disrupt":"true","kubernetes.io/config.mirror":"x"},
            "ownerReferences":[{"apiVersion":"apps/v1","kind":"ReplicaSet","name":"rs","uid":"o","controller":true,
            "blockOwnerDeletion":true}],"managedFields":[{"fieldsV1":{"f:metadata":{"f:name":{}}}}]},
            "spec":{"nodeName":"node-a","priority":5,"terminationGracePeriodSeconds":45,
            "containers":[{"name":"c","env":[{"name":"nodeName","value":"elsewhere"}]}]},
            "status":{"phase":"Running","conditions":[{"type":"Ready","status":"True"}]}}
            """#
        let whole = try JSON.decode(PodBody.self, from: Array(text.utf8)).pod
        let sieved = sifted(text, by: .pod)
        #expect(try JSON.decode(PodBody.self, from: Array(sieved.utf8)).pod == whole)
        #expect(whole.annotations.count == 2)
        #expect(!sieved.contains("elsewhere"))
        #expect(!sieved.contains("f:name"))
        #expect(!sieved.contains("last-applied"))
    }
}
