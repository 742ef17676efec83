/// What tells which volumes are still attached to this machine.
public protocol AttachedVolumes: Sendable {
    /// The volumes' names, as soon as they are others than `known`; at once for `nil`. Throws when that cannot be told now.
    func names(otherThan known: [String]?) async throws -> [String]
}

/// A hook that is completed when the machine's volumes are off it, too: a detach that begins after the machine was told to end takes as
/// long as the end itself, and keeps the pods elsewhere waiting for it.
struct VolumeWaitingHook: TerminationHook {
    /// The pause after a look that failed.
    static let pause = Duration.seconds(2)

    let hook: any TerminationHook
    let volumes: any AttachedVolumes
    /// The longest wait.
    let limit: Duration
    let timeline: any Timeline
    /// Takes how many volumes are attached, each time that this is known.
    let tell: @Sendable (VolumeNews) -> Void

    func hold(for notice: Notice, until deadline: Deadline) async {
        await hook.hold(for: notice, until: deadline)
    }

    func complete(for notice: Notice, until deadline: Deadline) async -> CloudOutcome {
        if limit > .zero {
            await withDiscardingTaskGroup { group in
                // The cloud goes on waiting meanwhile.
                group.addTask { await hook.hold(for: notice, until: deadline) }
                await untilDetached()
                group.cancelAll()
            }
        }
        return await hook.complete(for: notice, until: deadline)
    }

    private func untilDetached() async {
        let end = timeline.now.advanced(by: limit)
        var attached: [String]?
        while !Task.isCancelled {
            // Who cannot be asked does not hold the machine back for ever: the limit is for that, too.
            let (volumes, known) = (volumes, attached)
            let names = await timeline.answer(within: max(.zero, timeline.now.duration(to: end))) {
                try? await volumes.names(otherThan: known)
            }
            if let names = names ?? nil {
                attached = names
                tell(.attached(names.count))
                if names.isEmpty { return }
                continue
            }
            let next = timeline.now.advanced(by: VolumeWaitingHook.pause)
            guard next < end else { return tell(.remain(attached ?? [])) }
            guard (try? await timeline.sleep(until: next, tolerance: nil)) != nil else { return }  // cancelled
        }
    }
}

/// News of the volumes of a machine whose cloud waits.
public enum VolumeNews: Sendable, Hashable {
    /// That many are attached.
    case attached(Int)
    /// The wait is over although these are attached.
    case remain([String])
}
