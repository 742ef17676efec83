import Synchronization
import Testing

@testable import Transport

@Suite struct AnswerCollectorTests {
    private func collector(limit: Int = 100, lines: [String], sink: (any BodySink)? = nil) -> AnswerCollector {
        var collector = AnswerCollector(bodyLimit: limit, sink: sink)
        for line in lines where !collector.takeHeadLine(Array("\(line)\r\n".utf8)) { break }
        return collector
    }

    @Test func `status and headers are read as sent`() {
        let answer = collector(lines: ["HTTP/1.1 404 Not Found", "A: 1", "b:2 ", "C:", "A: 3", ""])
        #expect(answer.status == 404)
        #expect(answer.headers == ["A": "1", "b": "2", "C": "", "A": "3"])
        #expect(answer.failure == nil)
    }

    @Test func `a status without words is a status`() {
        #expect(collector(lines: ["HTTP/2 200 ", ""]).status == 200)
        #expect(collector(lines: ["HTTP/1.1 204", ""]).status == 204)
    }

    @Test(arguments: ["HTTP/1.1 302!Found", "HTTP/1.1 302\tFound"])
    func `what stands behind the digits of a status does not matter`(line: String) {
        #expect(collector(lines: [line, ""]).status == 302)
    }

    @Test(arguments: ["HTTP/1.1 ", "HTTP/1.1", "HTTP/1.1 +20 OK", "HTTP/1.1 20 OK", "HTTP/1.1 2000 OK", "HTTP/1.1 x"])
    func `a status line without a status ends the exchange`(line: String) {
        let answer = collector(lines: [line, ""])
        #expect(answer.failure == .garbled(detail: "a status line without a status"))
        #expect(!answer.hasHead)
    }

    @Test func `a folded line continues the value before it`() {
        #expect(
            collector(lines: ["HTTP/1.1 200 OK", "A: one", "\t two ", " three", ""]).headers == ["A": "one two three"])
    }

    @Test func `a folded line without a header before it is dropped`() {
        #expect(collector(lines: ["HTTP/1.1 200 OK", " lost", "A: 1", ""]).headers == ["A": "1"])
    }

    @Test func `interim answers leave no trace`() {
        let answer = collector(lines: [
            "HTTP/1.1 100 Continue", "X: 1", "", "HTTP/1.1 103 Hints", "", "HTTP/1.1 200 OK", "A: 1", "",
        ])
        #expect(answer.status == 200)
        #expect(answer.headers == ["A": "1"])
    }

    @Test func `trailers change nothing`() {
        let answer = collector(lines: ["HTTP/1.1 200 OK", "A: 1", "", "A: 2", "HTTP/1.1 500 No", ""])
        #expect(answer.status == 200)
        #expect(answer.headers == ["A": "1"])
    }

    @Test func `endless headers are refused`() {
        let line = "X: " + String(repeating: "x", count: 1000)
        let answer = collector(lines: ["HTTP/1.1 200 OK"] + Array(repeating: line, count: 100))
        #expect(answer.failure == .garbled(detail: "more than 65536 bytes of headers"))
        #expect(answer.headers.fields.count < 70)
    }

    @Test func `endless interim answers are refused`() {
        let answer = collector(lines: Array(repeating: ["HTTP/1.1 100 Continue", ""], count: 5000).flatMap(\.self))
        #expect(answer.failure == .garbled(detail: "more than 65536 bytes of headers"))
    }

    @Test func `a declared length beyond the limit is refused before the body`() {
        #expect(
            collector(limit: 10, lines: ["HTTP/1.1 200 OK", "content-length: 11", ""]).failure
                == .bodyTooLarge(limit: 10))
        #expect(collector(limit: 10, lines: ["HTTP/1.1 200 OK", "content-length: 10", ""]).failure == nil)
        #expect(collector(limit: 10, lines: ["HTTP/1.1 200 OK", "content-length: many", ""]).failure == nil)
    }

    @Test func `the first declared length counts, in any spelling of its name`() {
        let lines = ["HTTP/1.1 200 OK", "CONTENT-LENGTH: 11 ", "Content-Length: 1", ""]
        #expect(collector(limit: 10, lines: lines).failure == .bodyTooLarge(limit: 10))
        let interim = ["HTTP/1.1 103 Hints", "Content-Length: 11", "", "HTTP/1.1 200 OK", ""]
        #expect(collector(limit: 10, lines: interim).failure == nil)
    }

    @Test(arguments: [3, 5000])
    func `one that begins anew knows nothing of the answer before`(size: Int) {
        var answer = collector(limit: 5000, lines: ["HTTP/1.1 404 No", "A: 1", "Content-Length: \(size)", ""])
        let isTaken = answer.takeBody(Array(repeating: 1, count: size))
        #expect(isTaken)
        answer.begin()
        #expect(answer.status == 0 && answer.headers == [:] && answer.body.isEmpty && !answer.hasHead)
        let lines = ["HTTP/1.1 200 OK", "B: 2", ""].map { Array("\($0)\r\n".utf8) }
        #expect(lines.allSatisfy { answer.takeHeadLine($0) })
        let isNextTaken = answer.takeBody([2])
        #expect(isNextTaken)
        #expect(answer.status == 200 && answer.headers == ["B": "2"] && answer.body == [2] && answer.hasHead)
    }

    @Test func `one that begins anew counts its bytes anew`() {
        let line = "X: " + String(repeating: "x", count: 40_000)
        var answer = collector(lines: ["HTTP/1.1 404 No", line, ""])
        for _ in 1...3 {
            answer.begin()
            let isTaken = answer.takeHeadLine(Array("\(line)\r\n".utf8))
            #expect(isTaken)
        }
        let isMoreTaken = answer.takeHeadLine(Array("\(line)\r\n".utf8))
        #expect(!isMoreTaken)
        answer.begin()
        #expect(answer.failure == nil)
    }

    @Test func `a body is taken up to the limit and not one byte more`() {
        var answer = collector(limit: 4, lines: ["HTTP/1.1 200 OK", ""])
        let taken = [answer.takeBody([1, 2]), answer.takeBody([3, 4])]
        #expect(taken == [true, true])
        #expect(answer.body == [1, 2, 3, 4])
        let isMoreTaken = answer.takeBody([5])
        #expect(!isMoreTaken)
        #expect(answer.failure == .bodyTooLarge(limit: 4))
        #expect(answer.body.isEmpty)
    }

    @Test func `a sink gets the head, then the pieces of a success, whatever the limit`() {
        let sink = RecordingSink()
        var answer = collector(limit: 1, lines: ["HTTP/1.1 200 OK", "A: 1", "Content-Length: 4", ""], sink: sink)
        #expect(sink.heads.map(\.status) == [200])
        #expect(sink.heads.first?.headers["a"] == "1")
        let taken = [answer.takeBody([1, 2]), answer.takeBody([3, 4])]
        #expect(taken == [true, true])
        #expect(sink.pieces == [[1, 2], [3, 4]])
        #expect(answer.body.isEmpty)
    }

    @Test func `a sink never sees a failure`() {
        let sink = RecordingSink()
        var answer = collector(limit: 4, lines: ["HTTP/1.1 410 Gone", ""], sink: sink)
        let isTaken = answer.takeBody([1])
        #expect(isTaken)
        #expect(sink.heads.isEmpty && sink.pieces.isEmpty)
        #expect(answer.body == [1])
        let isMoreTaken = answer.takeBody([1, 2, 3, 4])
        #expect(!isMoreTaken)
    }

    @Test func `a sink may refuse head or piece`() {
        #expect(
            collector(lines: ["HTTP/1.1 200 OK", ""], sink: RecordingSink(acceptingHead: false)).failure
                == .refusedBySink)
        var answer = collector(lines: ["HTTP/1.1 200 OK", ""], sink: RecordingSink(acceptingPieces: 1))
        let taken = [answer.takeBody([1]), answer.takeBody([2])]
        #expect(taken == [true, false])
        #expect(answer.failure == .refusedBySink)
    }
}
