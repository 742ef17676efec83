import Doctor
import Interruption
import Logging
import ServiceLifecycle

/// The doctor's checks, once, beside everything else: a warning for each thing that is not as it should be.
struct StartChecks: Service {
    let examination: Examination
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown { await check() }
        try? await gracefulShutdown()  // cancelled: the same end
    }

    private func check() async {
        // Not on the transport's thread: nobody waits for the checks, and what they allocate once would leave holes in its memory for good.
        let diagnoses = await withTaskExecutorPreference(globalConcurrentExecutor) { await examination.diagnoses() }
        // What was cut short says nothing.
        guard !Task.isCancelled else { return }
        for diagnosis in diagnoses where diagnosis.verdict != .ok {
            logger.warning(
                diagnosis.verdict == .fail ? "would fail on the day" : "worth a look before the day",
                metadata: [
                    "subject": "\(diagnosis.subject)", "verdict": "\(diagnosis.verdict.rawValue)",
                    "reason": "\(diagnosis.words)", "advice": "\(diagnosis.advice ?? "")",
                ])
        }
        logger.info(
            "checks at start are done",
            metadata: [
                "checks": "\(diagnoses.count)", "warnings": "\(diagnoses.count { $0.verdict == .warn })",
                "failures": "\(diagnoses.count { $0.verdict == .fail })",
            ])
    }
}
