import Interruption

/// The group's termination hooks: held while the node is emptied, completed then.
struct TerminationHooks: TerminationHook {
    /// Time that a scale-in notice may wait for the hooks to be known.
    static let outlookTime = Duration.seconds(3)

    let own: OwnGroup
    let timeline: any Timeline
    /// The one hook that is ours; `nil` for all of them.
    let only: String?

    /// What is known of the hooks within a few seconds. Where we may not ask there is no hook for us; where the answer did not come in
    /// time there may be one, and `complete` asks again.
    func outlook() async -> ScaleInTracker.Hooks {
        do throws(QueryError) {
            let found = try await hooksInTime()
            guard let shortest = found?.hooks else { return ScaleInTracker.Hooks(areThere: true, timeout: nil) }
            guard !shortest.isEmpty else { return .none }
            let timeouts = shortest.compactMap(\.timeout)
            return ScaleInTracker.Hooks(
                areThere: true, timeout: timeouts.count == shortest.count ? timeouts.min() : nil)
        } catch {
            return .none
        }
    }

    func hold(for notice: Notice, until deadline: Deadline) async {
        let latest = deadline.moment.leavingATry(at: timeline.now)
        // What cannot be found out, or is refused for good, cannot be held.
        guard let found = try? await hooks(until: latest) else { return }
        await withDiscardingTaskGroup { group in
            for hook in found.hooks {
                group.addTask { await beat(hook, of: found.group, for: found.machine, until: deadline.moment) }
            }
        }
    }

    func complete(for notice: Notice, until deadline: Deadline) async -> CloudOutcome {
        let latest = deadline.moment.leavingATry(at: timeline.now)
        do throws(QueryError) {
            guard let found = try await hooks(until: latest) else {
                return .notNeeded("the machine is in no Auto Scaling group")
            }
            guard !found.hooks.isEmpty else { return .notNeeded("\(found.group) has no termination hook") }
            var completed: [String] = []
            for hook in found.hooks {
                do throws(QueryError) {
                    try await own.api.complete(hook.name, of: found.group, for: found.machine, until: latest)
                    completed.append(hook.name)
                } catch .refused(let code, let message, let afterSilence) {
                    guard TerminationHooks.isGone(code, message) else {
                        throw .refused(code: code, message: message, afterSilence: afterSilence)
                    }
                    // Gone after an answer that was lost: that was ours.
                    if afterSilence { completed.append(hook.name) }
                }
            }
            return completed.isEmpty
                ? .notNeeded("\(found.group) does not wait any more")
                : .done("completed \(completed.joined(separator: ", "))")
        } catch {
            return .failed("\(error)")
        }
    }
}

extension TerminationHooks {
    private struct Found: Sendable {
        var group: String
        var machine: String
        var hooks: [AutoScalingAPI.Hook]
    }

    private func hooks(until latest: Moment) async throws(QueryError) -> Found? {
        guard let place = try await own.membership(until: latest) else { return nil }
        let all = try await own.api.terminationHooks(of: place.group, until: latest)
        return Found(
            group: place.group, machine: try await own.machine(), hooks: all.filter { only == nil || $0.name == only })
    }

    /// The hooks, `nil` when they are not known in time; an answer that the machine is in no group is an answer of no hooks.
    private func hooksInTime() async throws(QueryError) -> Found? {
        let latest = timeline.now.advanced(by: TerminationHooks.outlookTime)
        let nothing = Found(group: "", machine: "", hooks: [])
        let result: Result<Found?, QueryError> = await withTaskGroup(of: Result<Found?, QueryError>?.self) { group in
            group.addTask {
                do throws(QueryError) {
                    return .success(try await hooks(until: latest) ?? nothing)
                } catch {
                    return .failure(error)
                }
            }
            group.addTask {
                // Ends early only by cancellation, when the answer is there.
                try? await timeline.sleep(until: latest, tolerance: nil)
                return nil
            }
            defer { group.cancelAll() }
            return (await group.next() ?? nil) ?? .success(nil)
        }
        switch result {
        case .failure(.outOfTime), .failure(.cancelled): return nil
        default: return try result.get()
        }
    }

    /// Heartbeats at half of the hook's timeout. The first goes out at once: how much of the timeout is used already is not known, and the
    /// notice's deadline counts a whole one from when it was seen.
    private func beat(_ hook: AutoScalingAPI.Hook, of group: String, for machine: String, until deadline: Moment) async
    {
        let pause = max((hook.timeout ?? .seconds(60)) / 2, .seconds(5))
        var next = timeline.now
        while !Task.isCancelled, timeline.now < deadline {
            next = next.advanced(by: pause)
            do throws(QueryError) {
                try await own.api.heartbeat(hook.name, of: group, for: machine, until: next)
            } catch .outOfTime {
                // Nobody answered for this one; the next is due now.
            } catch {
                return
            }
            // Fails only by cancellation.
            guard (try? await timeline.sleep(until: min(next, deadline), tolerance: nil)) != nil else { return }
        }
    }

    /// Auto Scaling says `No active Lifecycle Action found` when nobody waits, and `No Lifecycle Hook found` when the hook was deleted.
    private static func isGone(_ code: String, _ message: String) -> Bool {
        let words = message.lowercased()
        return code == "ValidationError"
            && (words.contains("no active lifecycle action") || words.contains("no lifecycle hook")
                || words.contains("not found"))
    }
}
