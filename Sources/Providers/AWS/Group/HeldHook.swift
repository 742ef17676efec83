import Interruption

/// One termination hook of this machine, from before it waits until it does not any more.
struct HeldHook: Sendable {
    /// How completing it ended.
    enum End: Sendable, Hashable {
        /// The group goes on, by our word.
        case completed
        /// Nobody waits any more.
        case gone
        /// The group's own words.
        case failed(String)
    }

    /// The pauses between looks at a machine whose hook does not wait yet.
    private static let firstLook = Duration.seconds(1)
    private static let longestLook = Duration.seconds(10)

    let hook: AutoScalingAPI.Hook
    let place: OwnHooks
    let own: OwnGroup
    let timeline: any Timeline

    /// Sends heartbeats at half of the hook's timeout, the first as soon as the hook waits: how much of the timeout is used already is not
    /// known, and the notice's deadline counts a whole one from when it was seen. Ends with the hook, at `end`, or by cancellation.
    func hold(until end: Moment) async {
        let pause = hook.timeout.map { max($0 / 2, .seconds(5)) } ?? TerminationHooks.blindPause
        var patience = Patience()
        var next = timeline.now
        while !Task.isCancelled, timeline.now < end {
            next = next.advanced(by: pause)
            do throws(QueryError) {
                try await own.api.heartbeat(hook.name, of: place.group, for: place.machine, until: next)
                patience = Patience()
            } catch .outOfTime {
                // Nobody answered for this one; the next is due now.
            } catch {
                guard HeldHook.isGone(error), await mayYetWait(&patience, until: end) else { return }
                next = timeline.now.advanced(by: patience.pause)
            }
            // Fails only by cancellation.
            guard (try? await timeline.sleep(until: min(next, end), tolerance: nil)) != nil else { return }
        }
    }

    /// Lets the group go on; waits for the hook where it does not wait yet.
    func complete(until latest: Moment) async -> End {
        let last = max(latest, timeline.now.advanced(by: TerminationHooks.longestPrelude))
        var patience = Patience()
        while true {
            do throws(QueryError) {
                let end = patience.isUsed ? last : latest
                try await own.api.complete(hook.name, of: place.group, for: place.machine, until: end)
                return .completed
            } catch {
                guard HeldHook.isGone(error) else { return .failed("\(error)") }
                // Gone after an answer that was lost: that was ours.
                if case .refused(_, _, true) = error { return .completed }
                guard await mayYetWait(&patience, until: last) else { return .gone }
            }
            let next = timeline.now.advanced(by: patience.pause)
            guard next < last else { return .failed("the hook did not begin to wait") }
            guard (try? await timeline.sleep(until: next, tolerance: nil)) != nil else { return .failed("cancelled") }
        }
    }

    /// How often it was looked whether the hook waits.
    private struct Patience {
        var looks = 0
        /// Looks at which a hook waited, and was not ours.
        var strangers = 0

        var isUsed: Bool { looks > 0 }
        var pause: Duration { min(HeldHook.firstLook * (1 << min(max(looks - 1, 0), 5)), HeldHook.longestLook) }
    }

    /// Whether the machine has yet to come to its hooks. One that waits for another hook was there while we asked, so it is asked once more.
    private func mayYetWait(_ patience: inout Patience, until end: Moment) async -> Bool {
        patience.looks += 1
        let state: String
        do throws(QueryError) {
            guard let now = try await own.membership(until: min(end, timeline.now.advanced(by: .seconds(30)))) else {
                return false
            }
            state = now.state
        } catch .outOfTime {
            return true
        } catch {
            return false
        }
        if state.hasSuffix(":Wait") {
            patience.strangers += 1
            return patience.strangers < 2
        }
        // The metadata tells where the machine is to go before it goes there.
        return ["InService", "Standby", "Terminating", "Warmed:Pending", "Warmed:Terminating"].contains(state)
    }

    /// Auto Scaling says `No active Lifecycle Action found` when nobody waits, and that a hook does not exist when it was deleted.
    private static func isGone(_ error: QueryError) -> Bool {
        guard case .refused("ValidationError", let message, _) = error else { return false }
        let words = message.lowercased()
        return ["no active lifecycle action", "no lifecycle hook", "not found"].contains { words.contains($0) }
    }
}
