import Interruption
import Testing

@testable import Doctor

/// How diagnoses are written.
@Suite struct `Diagnoses as text` {
    private static let mixed = [
        Diagnosis("metadata", .ok, "answers"), Diagnosis("clock", .warn, "61 s\nbehind", advice: "mend it"),
        Diagnosis("node", .fail, "\"x\" is not found", advice: "name it"),
    ]

    @Test func `have a line each, the advice below, and a sum`() {
        #expect(
            DiagnosisText.table(of: `Diagnoses as text`.mixed) == """
                ok    metadata  answers
                warn  clock     61 s behind
                                → mend it
                FAIL  node      "x" is not found
                                → name it
                1 would fail on the day, 1 to look at

                """)
    }

    @Test func `are one JSON object for scripts`() {
        let text = DiagnosisText.json(of: [Diagnosis("node", .fail, "\"x\" is not found", advice: "name it")])
        #expect(
            text == """
                {
                  "diagnoses" : [
                    {
                      "advice" : "name it",
                      "subject" : "node",
                      "verdict" : "fail",
                      "words" : "\\"x\\" is not found"
                    }
                  ],
                  "verdict" : "fail"
                }
                """)
    }

    @Test(arguments: [([], "ok", "ready"), ([0], "ok", "ready"), ([0, 1], "warn", "ready, 1 to look at")])
    func `end with the worst verdict`(indices: [Int], verdict: String, sum: String) {
        let diagnoses = indices.map { `Diagnoses as text`.mixed[$0] }
        #expect(DiagnosisText.worst(of: diagnoses).rawValue == verdict)
        #expect(DiagnosisText.table(of: diagnoses).hasSuffix("\(sum)\n"))
    }
}
