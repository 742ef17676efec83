import Interruption
import Kubernetes
import Synchronization

/// Where the lanes of a drain meet: each says here what happened, and the bell tells the engine to look. What happened
/// goes straight into the course, so there is no queue that could overflow.
final class DrainDesk: Sendable {
    private let course: Mutex<DrainCourse>
    private let timeline: any Timeline
    /// Rings when something happened.
    let bell = Bell()
    /// Rings when the pods are to be listed anew.
    let doubt = Bell()

    init(_ course: DrainCourse, timeline: any Timeline) {
        self.course = Mutex(course)
        self.timeline = timeline
    }

    /// Looks at the course as it stands.
    func pass(deadline: Deadline, stop: DrainOrder.StopReason?) -> DrainCourse.Pass {
        let now = timeline.now
        return course.withLock { $0.pass(at: now, deadline: deadline, stop: stop) }
    }

    /// The outcome, when the drain ends now.
    func report(_ ending: Report.Ending) -> Report {
        let now = timeline.now
        return course.withLock { $0.report(ending, at: now) }
    }

    /// Whether pods have to leave whose volumes may be attached to the node.
    var movesVolumes: Bool { course.withLock { $0.movesVolumes } }

    /// The course as it stands, for whoever goes on with it.
    var standing: DrainCourse { course.withLock { $0 } }

    func podsListed(_ pods: [Pod]) { note { $0.podsListed(pods, at: $1) } }

    func podsChanged(_ event: PodWatchEvent) { note { $0.podsChanged(event, at: $1) } }

    func answered(_ request: LeaveRequest, _ answer: Result<Void, KubernetesError>) {
        note { $0.answered(request, answer, at: $1) }
    }

    func cordoned(alreadyCordoned: Bool) { note { $0.cordoned(alreadyCordoned: alreadyCordoned, at: $1) } }

    func cordonRefused(because reason: String) { note { $0.cordonRefused(because: reason, at: $1) } }

    func remark(_ words: String) { note { course, _ in course.remark(words) } }

    func retried(after error: KubernetesError) { note { course, _ in course.retried(because: error.words) } }

    private func note(_ change: (inout DrainCourse, Moment) -> Void) {
        let now = timeline.now
        course.withLock { change(&$0, now) }
        bell.ring()
    }
}
