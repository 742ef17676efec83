import Interruption
import Synchronization

/// The group's word that it takes this machine away. It is told at once; how long the group waits is found out beside it, and told as
/// soon as it is known.
struct ScaleInSource: InterruptionSource {
    /// Time for one attempt to find out; the next follows.
    private static let outlookTime = Duration.seconds(30)

    let loop: SourceLoop
    let facts: MachineFacts
    let clock: WorldClock
    let settings: AWSSettings
    /// The group's hooks, which are looked at even where they are not ours to answer.
    let hooks: TerminationHooks

    var name: String { AWSSource.scaleIn.rawValue }

    func run(reporting report: @escaping @Sendable (SourceReport) async -> Void) async {
        let interval = settings.cadence.lifecycleState
        let poll = PathPoll(path: .targetLifecycleState, holdsNothing: { LifecycleState($0).stays }) { interval }
        let desk = Desk(ScaleInTracker(assumed: settings.assumed, answersHooks: settings.completesHooks))
        let (news, bell) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        await withDiscardingTaskGroup { group in
            group.addTask {
                for await _ in news { await findOut(for: desk, reporting: report) }
            }
            await loop.run([poll], reporting: report) { _, value, moment in
                guard desk.isNews(value) else { return desk.read(value, at: moment, by: clock.anchor, machine: nil) }
                let machine = await facts.value(of: .instanceID)
                defer { bell.yield() }
                return desk.read(value, at: loop.timeline.now, by: clock.anchor, machine: machine)
            }
            group.cancelAll()
        }
    }

    /// Finds out what the group's hooks are, for as long as the notice stands.
    private func findOut(for desk: Desk, reporting report: @Sendable (SourceReport) async -> Void) async {
        while !Task.isCancelled, desk.stands {
            let now = loop.timeline.now
            do throws(QueryError) {
                let own = try await hooks.outlook(until: now.advanced(by: ScaleInSource.outlookTime))
                if let own, !own.undecided.isEmpty, settings.completesHooks {
                    loop.remark(.hooksNotOurs(group: own.group, names: own.undecided.map(\.name)))
                }
                let outlook = own?.outlook ?? .none
                if case .unknown(let words) = outlook { loop.remark(.hooksUnknown(because: words)) }
                let finding = desk.learned(outlook, by: clock.anchor, at: loop.timeline.now)
                for item in finding.reports { await report(item) }
                return
            } catch .outOfTime {
                continue
            } catch .cancelled {
                return
            } catch {
                return loop.remark(.hooksUnknown(because: "\(error)"))
            }
        }
    }
}

/// The tracker, between the loop that reads and the one that finds out.
private final class Desk: Sendable {
    private let tracker: Mutex<ScaleInTracker>

    init(_ tracker: ScaleInTracker) {
        self.tracker = Mutex(tracker)
    }

    var stands: Bool { tracker.withLock { $0.stands } }

    func isNews(_ body: [UInt8]?) -> Bool { tracker.withLock { $0.isNews(body) } }

    func read(_ body: [UInt8]?, at now: Moment, by anchor: WallClockAnchor, machine: String?) -> Finding {
        tracker.withLock { $0.read(body, at: now, by: anchor, machine: machine) }
    }

    func learned(_ outlook: HookOutlook, by anchor: WallClockAnchor, at now: Moment) -> Finding {
        tracker.withLock { $0.learned(outlook, by: anchor, at: now) }
    }
}
