import Testing

@testable import Simulators

/// The JSON value, patches and the small tools below the simulated API server.
@Suite struct KubernetesJSONTests {
    @Test(arguments: [
        #"{"b":1,"a":[true,null,"x"],"c":{"d":1.50e3}}"#, #"[]"#, #"{}"#, #""\u003cé\"\\\n\u0001""#, "-0.0",
        #"{"":""}"#,
    ])
    func `text survives reading and printing`(text: String) throws {
        #expect(try KubernetesJSON(parsing: text).text == text)
    }

    @Test(arguments: [
        ("", "unexpected end of JSON input"), (#"{"spec":"#, "unexpected end of JSON input"),
        ("{,}", "invalid character ',' looking for beginning of object key string"),
        ("[1 2]", "invalid character '2' after array element"), ("nul", "unexpected end of JSON input"),
        ("{} x", "invalid character 'x' after top-level value"),
        ("\"\u{1}\"", "invalid character '\u{1}' in string literal"),
    ])
    func `what is no JSON is named in Go's words`(text: String, message: String) {
        #expect(throws: KubernetesJSONError(message: message)) { try KubernetesJSON(parsing: text) }
    }

    @Test func `nesting is limited`() {
        let text = String(repeating: "[", count: 100_000)
        #expect(throws: KubernetesJSONError(message: "exceeded max depth")) { try KubernetesJSON(parsing: text) }
    }

    @Test func `escapes are decoded`() throws {
        #expect(try KubernetesJSON(parsing: #""\ud83d\ude00\u00e9\/\ud83d""#) == "😀é/\u{FFFD}")
    }

    @Test func `objects are equal whatever their order`() {
        #expect(["a": 1, "b": ["c": 2, "d": 3]] as KubernetesJSON == ["b": ["d": 3, "c": 2], "a": 1])
        #expect(["a": 1] as KubernetesJSON != ["a": 1, "b": 2])
    }

    @Test(arguments: [
        (#"{"a":{"b":null,"c":3},"d":[1]}"#, #"{"a":{"x":1,"c":3},"d":[1]}"#),
        (#"{"a":null}"#, #"{"d":[0]}"#), (#"{"n":{"k":null}}"#, #"{"a":{"b":2,"x":1},"d":[0],"n":{}}"#),
    ])
    func `a merge patch merges objects and replaces the rest`(patch: String, result: String) throws {
        let object = try KubernetesJSON(parsing: #"{"a":{"b":2,"x":1},"d":[0]}"#)
        let merged = KubernetesPatch.merge(try KubernetesJSON(parsing: patch)).applied(to: object)
        #expect(merged?.text == result)
    }

    @Test(arguments: [
        (
            #"{"conditions":[{"type":"b","status":"T"}]}"#,
            #"{"conditions":[{"type":"a","status":"F"},{"type":"b","status":"T"}],"taints":[{"key":"x"}]}"#
        ),
        (
            #"{"conditions":[{"type":"a","status":"T"}]}"#,
            #"{"conditions":[{"type":"a","status":"T"}],"taints":[{"key":"x"}]}"#
        ),
        (#"{"conditions":[{"type":"a","$patch":"delete"}]}"#, #"{"conditions":[],"taints":[{"key":"x"}]}"#),
        (#"{"taints":[{"key":"y"}]}"#, #"{"conditions":[{"type":"a","status":"F"}],"taints":[{"key":"y"}]}"#),
        (#"{"taints":null}"#, #"{"conditions":[{"type":"a","status":"F"}]}"#),
        (
            #"{"$setElementOrder/conditions":[{"type":"a"}]}"#,
            #"{"conditions":[{"type":"a","status":"F"}],"taints":[{"key":"x"}]}"#
        ),
    ])
    func `a strategic patch merges some lists by key`(patch: String, result: String) throws {
        let object = try KubernetesJSON(parsing: #"{"conditions":[{"type":"a","status":"F"}],"taints":[{"key":"x"}]}"#)
        let merged = KubernetesPatch.strategic(try KubernetesJSON(parsing: patch)).applied(to: object)
        #expect(merged?.text == result)
    }

    @Test(arguments: [
        (#"[{"op":"add","path":"/a/1","value":9}]"#, #"{"a":[1,9,2],"b/c":{"~":0}}"#),
        (#"[{"op":"add","path":"/a/-","value":9}]"#, #"{"a":[1,2,9],"b/c":{"~":0}}"#),
        (#"[{"op":"remove","path":"/a/0"},{"op":"replace","path":"/b~1c/~0","value":1}]"#, #"{"a":[2],"b/c":{"~":1}}"#),
        (
            #"[{"op":"move","from":"/a/0","path":"/x"},{"op":"copy","from":"/x","path":"/y"}]"#,
            #"{"a":[2],"b/c":{"~":0},"x":1,"y":1}"#
        ),
        (#"[{"op":"test","path":"/a","value":[1,2]}]"#, #"{"a":[1,2],"b/c":{"~":0}}"#),
        (#"[{"op":"test","path":"/a","value":[1]}]"#, nil), (#"[{"op":"add","path":"/n/-","value":1}]"#, nil),
        (#"[{"op":"remove","path":"/n"}]"#, nil), (#"[{"op":"add","path":"/a/9","value":1}]"#, nil),
        (#"[{"op":"paint","path":"/a"}]"#, nil),
    ])
    func `a JSON patch fits or does not`(patch: String, result: String?) throws {
        let object = try KubernetesJSON(parsing: #"{"a":[1,2],"b/c":{"~":0}}"#)
        let operations = try #require(try KubernetesJSON(parsing: patch).array)
        #expect(KubernetesPatch.json(operations).applied(to: object)?.text == result)
    }

    @Test(arguments: [
        (1_795_219_200, "2026-11-21T00:00:00Z"), (951_782_400, "2000-02-29T00:00:00Z"), (0, "1970-01-01T00:00:00Z"),
    ])
    func `instants are written and read`(seconds: Int, text: String) {
        #expect(ClusterTimestamp.text(.seconds(seconds)) == text)
        #expect(ClusterTimestamp.instant(text) == .seconds(seconds))
    }

    @Test func `a continue token is the real server's`() throws {
        let text = "eyJ2IjoibWV0YS5rOHMuaW8vdjEiLCJydiI6MTczMTMsInN0YXJ0IjoiL3hjaC9sMVx1MDAwMCJ9"
        let token = try ContinueToken(text)
        #expect(token.last == ObjectKey("xch", "l1"))
        #expect(ContinueToken(resourceVersion: 17313, last: ObjectKey("xch", "l1")).text == text)
    }

    @Test func `the agenda keeps the order of instants, then of planning`() {
        var agenda = ClusterAgenda()
        for (index, second) in [3, 1, 2, 1, 3, 2].enumerated() {
            agenda.add(.syncBudget(ObjectKey("", "\(second)-\(index)")), at: .seconds(second))
        }
        var order: [String] = []
        while let (_, action) = agenda.removeFirst(dueBy: .seconds(3)) {
            if case .syncBudget(let key) = action { order.append(key.name) }
        }
        #expect(order == ["1-1", "1-3", "2-2", "2-5", "3-0", "3-4"])
        #expect(agenda.next == nil)
    }

    @Test func `what is due later stays`() {
        var agenda = ClusterAgenda()
        agenda.add(.placePods, at: .seconds(2))
        #expect(agenda.removeFirst(dueBy: .seconds(1)) == nil)
        #expect(agenda.next == .seconds(2))
    }

    @Test func `padding makes an object as big as told`() {
        var template = PodTemplate()
        template.padding = 60 * 1024
        let pod = template.pod(ObjectKey("default", "p"), uid: "u", node: "node-a", owner: nil)
        #expect((60 * 1024..<64 * 1024).contains(pod.bytes.count))
        #expect((try? KubernetesJSON(parsing: pod.bytes)) != nil)
    }
}

/// The clock that tests move.
@Suite struct ManualClusterTimeTests {
    @Test func `sleepers wake when their instant has come, not before`() async throws {
        let time = ManualClusterTime()
        let start = time.now
        async let early: Void = time.sleep(until: start + .seconds(1))
        async let late: Void = time.sleep(until: start + .seconds(2))
        await time.sleepers(atLeast: 2)
        time.advance(by: .seconds(1))
        try await early
        await time.sleepers(atLeast: 1)
        time.advance(by: .seconds(1))
        try await late
    }

    @Test func `an instant that has passed needs no sleep`() async throws {
        let time = ManualClusterTime()
        try await time.sleep(until: time.now)
    }

    @Test func `a cancelled sleeper wakes with an error`() async {
        let time = ManualClusterTime()
        let sleeper = Task { try await time.sleep(until: time.now + .seconds(1)) }
        await time.sleepers(atLeast: 1)
        sleeper.cancel()
        await #expect(throws: CancellationError.self) { try await sleeper.value }
    }
}
