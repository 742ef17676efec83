import Glibc
import Synchronization

/// Remembers that a person asked to stop (Ctrl-C), so that a drain ends in order; asked twice, the process ends at once.
enum Interrupts {
    private static let asked = Atomic<Bool>(false)

    /// Whether a stop was asked for.
    static var wasAsked: Bool { asked.load(ordering: .relaxed) }

    /// Listens from now on.
    static func listen() {
        for number in [SIGINT, SIGTERM] {
            _ = signal(number) { _ in
                if Interrupts.asked.exchange(true, ordering: .relaxed) { _exit(130) }
            }
        }
    }
}
