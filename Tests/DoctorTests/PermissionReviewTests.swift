import Interruption
import Kubernetes
import Settings
import Testing

@testable import Doctor

/// What is granted beside what is needed.
@Suite struct `A review of permissions` {
    private func diagnoses(
        denied: Set<String> = [], failing: Set<String> = [], _ flags: [String: [String]] = [:]
    ) -> [Diagnosis] {
        var answers: [Permission: Result<Bool, KubernetesError>] = [:]
        for permission in Permission.all {
            answers[permission] =
                failing.contains("\(permission)") ? .failure(.timedOut) : .success(!denied.contains("\(permission)"))
        }
        return PermissionReview(needed: Permission.needed(by: settings(flags)), answers: answers).diagnoses
    }

    private static let spare: Set = ["get pods", "patch nodes/status"]

    @Test func `is one good line when all are there`() {
        let found = diagnoses(denied: `A review of permissions`.spare)
        #expect(found.map(\.verdict) == [.ok])
        #expect(found[0].words.contains("all 9"))
    }

    @Test func `lists what is granted but not needed, without calling it wrong`() {
        let found = diagnoses()
        #expect(found.map(\.verdict) == [.ok, .ok])
        #expect(found[1].words.contains("not needed by these settings: patch nodes/status, get pods"))
    }

    @Test(arguments: Permission.all.filter { !["get pods", "patch nodes/status"].contains("\($0)") })
    func `names each that is missing, and what to add`(permission: Permission) {
        let found = diagnoses(denied: `A review of permissions`.spare.union(["\(permission)"]))
        #expect(found.map(\.verdict) == [permission.isVital ? .fail : .warn])
        #expect(found[0].words.hasPrefix("\(permission) is not granted"))
        #expect(found[0].advice?.contains("verb \(permission.verb) on \(permission.target)") == true)
    }

    @Test func `says so when it cannot ask`() {
        let found = diagnoses(denied: `A review of permissions`.spare, failing: ["get nodes", "delete pods"])
        #expect(found.map(\.verdict) == [.warn])
        #expect(found[0].words == "2 of 9 could not be asked: no answer: timed out")
    }

    @Test func `does not ask for what the settings never do`() {
        let found = diagnoses(denied: ["delete pods"], ["strategy": ["cordon-only"]])
        #expect(found.allSatisfy { $0.verdict == .ok })
    }
}
