import UnixSignals

/// Returns when the process is asked to end, by SIGTERM or SIGINT.
func untilAskedToEnd() async {
    for await _ in await UnixSignalsSequence(trapping: .sigterm, .sigint) { return }
}
