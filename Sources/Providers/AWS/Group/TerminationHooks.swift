import Interruption

/// The group's termination hooks that are ours: each held while the node is emptied, and completed then, whatever becomes of the others.
///
/// Source: https://docs.aws.amazon.com/autoscaling/ec2/userguide/lifecycle-hooks-overview.html
struct TerminationHooks: TerminationHook {
    /// The longest that the cloud is kept waiting, by its own rule.
    static let longestHold = Duration.seconds(48 * 3600)
    /// How long a hook may take to begin to wait: a load balancer may take an hour to let go of a machine.
    static let longestPrelude = Duration.seconds(3600)
    /// Between two heartbeats where the hook's timeout is not known; no timeout is shorter than twice that.
    static let blindPause = Duration.seconds(15)

    let own: OwnGroup
    let timeline: any Timeline
    /// The hooks that are ours by name; empty where the only one is.
    let names: [String]

    /// What is known of the hooks; tried again until `deadline`. With names, hooks that may not be described are there all the same.
    func outlook(until deadline: Moment) async throws(QueryError) -> OwnHooks? {
        guard let place = try await own.membership(until: deadline) else { return nil }
        let machine = try await own.machine(until: deadline)
        let found: [AutoScalingAPI.Hook]
        do throws(QueryError) {
            found = try await own.api.terminationHooks(of: place.group, until: deadline)
        } catch {
            guard !names.isEmpty, error.isDenial else { throw error }
            found = []
        }
        return OwnHooks(group: place.group, machine: machine, found: found, names: names)
    }

    func hold(for notice: Notice, until deadline: Deadline) async {
        // Only an announced deadline says how long there is to wait.
        let end =
            deadline.certainty == .announced
            ? deadline.moment : timeline.now.advanced(by: TerminationHooks.longestHold)
        // What cannot be found out, or is refused for good, cannot be held.
        guard let found = try? await outlook(until: end.leavingATry(at: timeline.now)) else { return }
        await withDiscardingTaskGroup { group in
            for hook in found.hooks {
                group.addTask {
                    await HeldHook(hook: hook, place: found, own: own, timeline: timeline).hold(until: end)
                }
            }
        }
    }

    func complete(for notice: Notice, until deadline: Deadline) async -> CloudOutcome {
        let latest = deadline.moment.leavingATry(at: timeline.now)
        let place: OwnHooks
        do throws(QueryError) {
            guard let found = try await toComplete(until: latest) else {
                return .notNeeded("the machine is in no Auto Scaling group")
            }
            place = found
        } catch {
            // Nobody asked for it by name, and nobody allowed it: so the default installation is no failure.
            guard names.isEmpty, error.isDenial else { return .failed("\(error)") }
            return .notNeeded("termination hooks may not be asked for: \(error)")
        }
        guard place.undecided.isEmpty else {
            let all = place.undecided.map(\.name).joined(separator: ", ")
            return .notNeeded("\(place.group) has several termination hooks (\(all)); name ours with --hook-name")
        }
        guard !place.hooks.isEmpty else { return .notNeeded("\(place.group) has no termination hook") }
        return await complete(all: place, until: latest)
    }

    /// Where the hooks have names, they need not be described.
    private func toComplete(until latest: Moment) async throws(QueryError) -> OwnHooks? {
        guard !names.isEmpty else { return try await outlook(until: latest) }
        guard let place = try await own.membership(until: latest) else { return nil }
        return OwnHooks(
            group: place.group, machine: try await own.machine(until: latest), found: [], names: names)
    }

    private func complete(all place: OwnHooks, until latest: Moment) async -> CloudOutcome {
        let ends = await withTaskGroup(of: (String, HeldHook.End).self) { group in
            for hook in place.hooks {
                let held = HeldHook(hook: hook, place: place, own: own, timeline: timeline)
                group.addTask { (hook.name, await held.complete(until: latest)) }
            }
            var ends: [String: HeldHook.End] = [:]
            for await (name, end) in group { ends[name] = end }
            return ends
        }
        let names = place.hooks.map(\.name)
        let done = names.filter { ends[$0] == .completed }.joined(separator: ", ")
        let failed = names.compactMap { name -> String? in
            guard case .failed(let words)? = ends[name] else { return nil }
            return place.hooks.count == 1 ? words : "\(name): \(words)"
        }
        guard failed.isEmpty else {
            return .failed(failed.joined(separator: "; ") + (done.isEmpty ? "" : " (completed \(done))"))
        }
        return done.isEmpty ? .notNeeded("\(place.group) does not wait any more") : .done("completed \(done)")
    }
}
