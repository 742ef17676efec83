import Interruption
import Testing

@testable import AWS

struct SourceHealthTests {
    @Test func `the first answer is told, the next ones are not`() {
        #expect(news([nil, nil, nil]) == ["healthy", "", ""])
    }

    @Test func `one lost answer is no news`() {
        #expect(news([nil, "500", nil, "500", "500", nil]) == ["healthy", "", "", "", "", ""])
    }

    @Test func `a fault that lasts is told once, and its end`() {
        #expect(news([nil, "500", "500", "500", "500", nil, nil]) == ["healthy", "", "", "500", "", "healthy", ""])
    }

    @Test func `a service that never answered is told at once`() {
        #expect(news(["refused", "refused", nil]) == ["refused", "", "healthy"])
    }

    @Test func `a fault that alternates is told once each`() {
        #expect(news(["500", "503", "500", "503", "500"]) == ["500", "503", "", "", ""])
    }

    @Test func `a fault that no time heals is told at once`() {
        var health = SourceHealth(source: "spot")
        _ = health.news(of: .spotInstanceAction, fault: nil)
        let fault = SourceHealth.Fault(words: "hop limit", isTransient: false)
        #expect(health.news(of: .spotInstanceAction, fault: fault) == .degraded(source: "spot", because: "hop limit"))
    }

    @Test func `a source is healthy when all of its paths are`() {
        var health = SourceHealth(source: "spot")
        let fault = SourceHealth.Fault(words: "500", isTransient: false)
        _ = health.news(of: .spotInstanceAction, fault: fault)
        _ = health.news(of: .spotTerminationTime, fault: fault)
        #expect(health.news(of: .spotInstanceAction, fault: nil) == nil)
        #expect(health.news(of: .spotTerminationTime, fault: nil) == .healthy(source: "spot"))
    }

    @Test(arguments: [
        ("spot", "i-1", "spot-i-1"), ("", "instance-event-0d59937288b749b32", "instance-event-0d59937288b749b32"),
        ("", "-a b/c:d-", "a-b-c-d"), ("", String(repeating: "x", count: 100), String(repeating: "x", count: 63)),
    ])
    func `an identity fits into a label`(prefix: String, fact: String, expected: String) {
        #expect(NoticeID(prefix, of: fact).rawValue == expected)
    }

    private func news(_ faults: [String?]) -> [String] {
        var health = SourceHealth(source: "spot")
        return faults.map { words in
            switch health.news(of: .spotInstanceAction, fault: words.map { .init(words: $0, isTransient: true) }) {
            case .healthy: "healthy"
            case .degraded(_, let because): because
            default: ""
            }
        }
    }
}
