/// What the cloud is told about a notice: to replace this machine, to wait, and to go on. Each in a task of its own.
struct CloudErrands {
    private let provider: any CloudProvider
    private let observe: @Sendable (NodeNews) -> Void
    private var gates = HookGates()

    /// Errands to `provider`, whose outcomes are told to `observe`.
    init(provider: any CloudProvider, observe: @escaping @Sendable (NodeNews) -> Void) {
        self.provider = provider
        self.observe = observe
    }

    /// Tells the cloud to replace this machine, and to wait for us if it can.
    mutating func tell(_ plan: Plan, with group: inout DiscardingTaskGroup) {
        guard plan.strategy != .cordonOnly else { return }
        if let machineGroup = provider.group {
            group.addTask { [observe] in
                observe(.detached(await machineGroup.detach(for: plan.notice, until: plan.notice.deadline)))
            }
        }
        guard plan.notice.hasHook, let hook = provider.hook else { return }
        let gate = gates.make(for: plan.notice.id)
        group.addTask { [observe] in
            guard await Self.held(by: hook, for: plan.notice, until: gate) else { return }
            observe(.hookCompleted(await hook.complete(for: plan.notice, until: plan.notice.deadline)))
        }
    }

    /// Lets the cloud go on.
    mutating func complete(_ notice: Notice) { gates.open(notice.id) }

    /// Says nothing more about that notice.
    mutating func drop(_ id: NoticeID) { gates.close(id) }

    /// Keeps the cloud waiting until the gate says to go on (`true`) or nothing is to be said any more (`false`).
    private static func held(
        by hook: any TerminationHook, for notice: Notice, until gate: AsyncStream<Void>
    ) async -> Bool {
        await withTaskGroup(of: Bool.self) { group in
            group.addTask {
                await hook.hold(for: notice, until: notice.deadline)
                return false
            }
            group.addTask {
                for await _ in gate { return true }
                return false
            }
            defer { group.cancelAll() }
            // The hold may end first (the hook is gone); completing then finds that out cheaply and says so.
            for await isOpen in group where isOpen { return true }
            return false
        }
    }
}

/// One gate per notice with a hook: it opens when the cloud may go on, and closes when there is nothing to say.
private struct HookGates {
    private var continuations: [NoticeID: AsyncStream<Void>.Continuation] = [:]

    mutating func make(for id: NoticeID) -> AsyncStream<Void> {
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        continuations[id] = continuation
        return stream
    }

    mutating func open(_ id: NoticeID) {
        let continuation = continuations.removeValue(forKey: id)
        continuation?.yield()
        continuation?.finish()
    }

    mutating func close(_ id: NoticeID) {
        continuations.removeValue(forKey: id)?.finish()
    }
}
