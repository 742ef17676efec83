import Simulators
import Testing

/// Which requests a fault hits, and what becomes of them.
struct FaultTests {
    private let clock = ManualWallClock()
    private let pauses = ImmediateClock()

    private func service(_ faults: FaultScript) -> FaultyService {
        FaultyService(ScriptedService { _ in .json(200, #"{"a":1}"#) }, faults: faults)
    }

    private func script(seed: UInt64 = 1) -> FaultScript {
        FaultScript(seed: seed, clock: clock, pauses: pauses)
    }

    private func statuses(_ faults: FaultScript, _ count: Int, path: String = "/a", method: String = "GET") async
        -> [Int]
    {
        var result: [Int] = []
        for _ in 0..<count {
            result.append(await service(faults).respond(to: LabRequest(method: method, path: path)).status)
        }
        return result
    }

    @Test func `a fault happens as often as told, after as many as told`() async {
        let faults = script()
        faults.add(FaultRule(.status(503), skipping: 1, times: 2))
        #expect(await statuses(faults, 5) == [200, 503, 503, 200, 200])
        #expect(faults.sufferedCount == 2)
    }

    @Test(arguments: [("/a", "/a", true), ("/a", "/ab", false), ("/a*", "/ab", true), ("/b*", "/a", false)])
    func `a fault happens to its path or to what begins with it`(rule: String, path: String, hits: Bool) async {
        let faults = script()
        faults.add(.status(503), to: rule)
        #expect(await statuses(faults, 1, path: path) == [hits ? 503 : 200])
    }

    @Test func `a fault happens to its method`() async {
        let faults = script()
        faults.add(FaultRule(.status(503), method: "PUT"))
        #expect(await statuses(faults, 1) == [200])
        #expect(await statuses(faults, 1, method: "PUT") == [503])
    }

    @Test func `a fault ends at its time`() async {
        let faults = script()
        faults.add(FaultRule(.status(503), until: clock.now.advanced(by: .seconds(60))))
        #expect(await statuses(faults, 1) == [503])
        clock.advance(by: .seconds(60))
        #expect(await statuses(faults, 1) == [200])
        #expect(faults.rules.isEmpty)
    }

    @Test func `chance falls the same way for the same seed`() async {
        let (first, second, other) = (script(seed: 5), script(seed: 5), script(seed: 6))
        for faults in [first, second, other] { faults.add(FaultRule(.status(503), probability: 0.5)) }
        let fell = await statuses(first, 64)
        #expect(await statuses(second, 64) == fell)
        #expect(await statuses(other, 64) != fell)
        #expect((16...48).contains(fell.count { $0 == 503 }))
    }

    @Test func `the first rule that fires decides`() async {
        let faults = script()
        faults.add(.status(500), times: 1)
        faults.add(.status(502))
        #expect(await statuses(faults, 2) == [500, 502])
    }

    @Test func `cleared faults are gone`() async {
        let faults = script()
        faults.add(.status(500))
        faults.clear()
        #expect(await statuses(faults, 1) == [200])
    }

    @Test func `a late answer is the right one after its time`() async {
        let faults = script()
        faults.add(.late(by: .seconds(3)))
        #expect(await service(faults).respond(to: LabRequest(method: "GET", path: "/a")).text == #"{"a":1}"#)
        #expect(pauses.sleeps == [.seconds(3)])
    }

    @Test func `a wrong charset is the right text in UTF-16`() async {
        let faults = script()
        faults.add(.wrongCharset)
        let answer = await service(faults).respond(to: LabRequest(method: "GET", path: "/a"))
        #expect(answer.header("Content-Type") == "text/plain; charset=utf-16")
        guard case .bytes(let bytes) = answer.body else { Issue.record("no bytes"); return }
        #expect(bytes.prefix(4) == [0xFF, 0xFE, UInt8(ascii: "{"), 0])
    }

    @Test func `a huge answer has exactly its size`() async {
        let faults = script()
        faults.add(.huge(bytes: 10 << 20))
        let answer = await service(faults).respond(to: LabRequest(method: "GET", path: "/a"))
        guard case .stream(let pieces) = answer.body else { Issue.record("no stream"); return }
        var size = 0
        for await piece in pieces { size += piece.count }
        #expect(size == 10 << 20)
    }

    @Test(arguments: [
        ("status:503", Fault.status(503)), ("retry:429:5", .retryLater(status: 429, seconds: 5)),
        ("html:502", .html(502)),
        ("aws:400:Throttling", .queryError(status: 400, code: "Throttling", message: "as asked")),
        ("aws:403:AccessDenied:no:way", .queryError(status: 403, code: "AccessDenied", message: "no:way")),
        ("text:a:b", .text("a:b")), ("empty", .empty), ("garbage", .garbage), ("charset", .wrongCharset),
        ("huge:10MiB", .huge(bytes: 10 << 20)), ("huge:1GiB", .huge(bytes: 1 << 30)), ("huge:7", .huge(bytes: 7)),
        ("truncated:5", .truncated(after: 5)), ("slow:100ms", .slow(every: .milliseconds(100))),
        ("late:3s", .late(by: .seconds(3))), ("hang", .hang), ("drop", .drop), ("silence", .silence),
    ])
    func `faults are read as people type them`(text: String, fault: Fault) {
        #expect(Fault(text: text) == fault)
    }

    @Test(arguments: ["", "status", "status:x", "retry:429", "late:soon", "huge:x", "explode", "aws:400"])
    func `anything else is no fault`(text: String) {
        #expect(Fault(text: text) == nil)
    }
}
