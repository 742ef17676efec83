import FoundationEssentials
public import Interruption

/// How diagnoses are written.
public enum DiagnosisText {
    /// A line per diagnosis, and one with what to do below those that need it; a sum at the end.
    public static func table(of diagnoses: [Diagnosis]) -> String {
        let width = diagnoses.map(\.subject.count).max() ?? 0
        var text = ""
        for diagnosis in diagnoses {
            let subject = diagnosis.subject + String(repeating: " ", count: width - diagnosis.subject.count)
            text += "\(word(for: diagnosis.verdict))  \(subject)  \(oneLine(diagnosis.words))\n"
            guard let advice = diagnosis.advice else { continue }
            text += String(repeating: " ", count: 6 + width + 2) + "→ \(oneLine(advice))\n"
        }
        return text + sum(of: diagnoses) + "\n"
    }

    /// The same for scripts: `verdict` is the worst, `diagnoses` is the list in its order.
    public static func json(of diagnoses: [Diagnosis]) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        let body = Body(
            verdict: worst(of: diagnoses).rawValue,
            diagnoses: diagnoses.map {
                Entry(subject: $0.subject, verdict: $0.verdict.rawValue, words: $0.words, advice: $0.advice)
            })
        // Strings alone can always be written.
        return (try? encoder.encode(body)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
    }

    /// The worst verdict; `ok` when nothing was found.
    public static func worst(of diagnoses: [Diagnosis]) -> Diagnosis.Verdict {
        Diagnosis.Verdict.allCases.last { verdict in diagnoses.contains { $0.verdict == verdict } } ?? .ok
    }

    private struct Body: Encodable {
        var verdict: String
        var diagnoses: [Entry]
    }

    private struct Entry: Encodable {
        var subject: String
        var verdict: String
        var words: String
        var advice: String?
    }

    private static func sum(of diagnoses: [Diagnosis]) -> String {
        let failures = diagnoses.count { $0.verdict == .fail }
        let warnings = diagnoses.count { $0.verdict == .warn }
        if failures > 0 { return "\(failures) would fail on the day, \(warnings) to look at" }
        return warnings > 0 ? "ready, \(warnings) to look at" : "ready"
    }

    private static func word(for verdict: Diagnosis.Verdict) -> String {
        switch verdict {
        case .ok: "ok  "
        case .warn: "warn"
        case .fail: "FAIL"
        }
    }

    private static func oneLine(_ text: String) -> String {
        String(text.map { $0.isNewline ? " " : $0 })
    }
}
