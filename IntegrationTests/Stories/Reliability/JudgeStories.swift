import Simulators
import Testing

/// The judge of the fault matrix, before made-up evidence: it lets nothing pass that it must not.
@Suite struct `The judge of the fault matrix` {
    private static var innocent: Evidence {
        var evidence = Evidence()
        evidence.pods = [
            Evidence.Pod(name: "web", uid: "u1", leaves: true), Evidence.Pod(name: "agent", uid: "u2", leaves: false),
        ]
        evidence.removals = [Evidence.Removal(name: "web", actual: "u1", demanded: "u1", status: 201)]
        evidence.left = ["u2", "u3"]
        evidence.messages = ["slack", "mattermost"].flatMap { channel in
            [Evidence.Message(channel: channel, kind: .begun), Evidence.Message(channel: channel, kind: .finished)]
        }
        evidence.lives = [
            Evidence.Life(end: .signalled(9), told: .signalled(9)), Evidence.Life(end: nil, told: nil),
        ]
        evidence.timeLeft = .seconds(100)
        evidence.lines = ["node cordoned", "drain ended"]
        evidence.secrets = ["hunter2"]
        return evidence
    }

    @Test func `acquits whom there is nothing against`() {
        #expect(Self.innocent.violations.isEmpty)
    }

    @Test func `lets each notice have its own pair of messages`() {
        var evidence = Self.innocent
        evidence.messages.append(Evidence.Message(channel: "slack", kind: .begun, notice: "another"))
        #expect(evidence.violations.isEmpty)
    }

    @Test func `lets people hear again of a node that a person took into service under the notice`() {
        var evidence = Self.innocent
        evidence.uncordons = 1
        evidence.messages.append(Evidence.Message(channel: "slack", kind: .begun))
        #expect(evidence.violations.isEmpty)
    }

    @Test func `lets a life speak again of an earlier one's notice whose record it could not read, and of no other`() {
        var evidence = Self.innocent
        evidence.unreadNotice = "earlier"
        for _ in 0..<2 {
            evidence.messages.append(Evidence.Message(channel: "slack", kind: .begun, notice: "earlier"))
        }
        #expect(evidence.violations.isEmpty)
        evidence.messages.append(Evidence.Message(channel: "slack", kind: .begun))
        #expect(evidence.violations.map(\.kind) == [.duplicate])
    }

    @Test func `lets a request pass that was refused because the pod is another one`() {
        var evidence = Self.innocent
        evidence.removals.append(Evidence.Removal(name: "web", actual: "u3", demanded: "u1", status: 409))
        #expect(evidence.violations.isEmpty)
    }

    /// A crime, and what it is called.
    struct Crime: Sendable, CustomTestStringConvertible {
        let name: String
        let kind: Violation.Kind
        let commit: @Sendable (inout Evidence) -> Void
        var testDescription: String { name }
    }

    static let crimes = [
        Crime(name: "a crash", kind: .exitByFault) { $0.lives[1] = Evidence.Life(end: .signalled(11), told: nil) },
        Crime(name: "a crash before the play", kind: .exitByFault) {
            $0.earlierLife = Evidence.Life(end: .signalled(11), told: .exited(0))
        },
        Crime(name: "an exit by itself", kind: .exitByFault) {
            $0.lives[1] = Evidence.Life(end: .exited(0), told: nil)
        },
        Crime(name: "another end than told", kind: .exitByFault) {
            $0.lives[0] = Evidence.Life(end: .exited(1), told: .exited(0))
        },
        Crime(name: "a notice that nobody acted on", kind: .missedNotice) { $0.wasCordoned = false },
        Crime(name: "a pod that stays", kind: .notEmpty) { $0.staying = ["web"] },
        Crime(name: "a pod that is still somewhere", kind: .notEmpty) { $0.left.insert("u1") },
        Crime(name: "too late", kind: .notEmpty) { $0.timeLeft = .zero },
        Crime(name: "a DaemonSet's pod asked for", kind: .wrongPod) {
            $0.removals.append(Evidence.Removal(name: "agent", actual: "u2", demanded: "u2", status: 429))
        },
        Crime(name: "the new pod of the same name taken", kind: .wrongPod) {
            $0.removals.append(Evidence.Removal(name: "web", actual: "u3", demanded: "u1", status: 201))
        },
        Crime(name: "a pod that vanished", kind: .wrongPod) { $0.left.remove("u2") },
        Crime(name: "no uid", kind: .noUID) {
            $0.removals.append(Evidence.Removal(name: "web", actual: nil, demanded: nil, status: 404))
        },
        Crime(name: "told twice that it begins", kind: .duplicate) {
            $0.messages.append(Evidence.Message(channel: "slack", kind: .begun))
        },
        Crime(name: "told twice that it is over", kind: .duplicate) {
            $0.messages.append(Evidence.Message(channel: "mattermost", kind: .finished))
        },
        Crime(name: "a secret in the log", kind: .secret) { $0.lines.append("token hunter2 refused") },
        Crime(name: "a node in service under a notice", kind: .reopened) { $0.reopenings = 1 },
        Crime(name: "a person's drain that is undone", kind: .undone) {
            $0.isPersonsDrainDone = true
            $0.isPersonsDrainKept = false
        },
        Crime(name: "told a third time after one uncordon", kind: .duplicate) { evidence in
            evidence.uncordons = 1
            for _ in 0..<2 { evidence.messages.append(Evidence.Message(channel: "slack", kind: .begun)) }
        },
    ]

    @Test(arguments: crimes) func `convicts`(crime: Crime) {
        var evidence = Self.innocent
        crime.commit(&evidence)
        #expect(evidence.violations.map(\.kind) == [crime.kind])
    }

    @Test func `does not blame the handler for an API server that nobody reaches`() {
        var evidence = Self.innocent
        evidence.staying = ["web"]
        evidence.isServerReachable = false
        #expect(evidence.violations.isEmpty)
    }

    @Test func `tells the endings apart`() {
        var evidence = Self.innocent
        evidence.lives.removeFirst()
        #expect(evidence.ending(in: .evicting) == .drained)
        #expect(evidence.ending(in: .givingBack) == nil)
        #expect(evidence.ending(in: .completing) == .hookLeft)
        evidence.lines = [
            "metadata source does not answer as it should", "metadata source answers again", "notice seen",
        ]
        #expect(evidence.ending(in: .idle) == .recovered)
        #expect(CellEnding.recovered.satisfies(.drained) && CellEnding.drained.satisfies(.recovered))
        #expect(CellEnding.resumed.satisfies(.nextLife) && !CellEnding.nextLife.satisfies(.resumed))
        evidence.lives.append(Evidence.Life(end: nil, told: nil))
        #expect(evidence.ending(in: .evicting) == .nextLife)
        evidence.lines.append("drain of an earlier life goes on")
        #expect(evidence.ending(in: .evicting) == .resumed)
        evidence.staying = ["web"]
        #expect(evidence.ending(in: .evicting) == nil)
    }
}
