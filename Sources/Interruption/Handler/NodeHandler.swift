/// Listens to the sources and lets the machine decide; carries out what it decides, each effect in a task of its own, so that nothing
/// decorative delays a drain.
public struct NodeHandler: Sendable {
    /// Who this node is, for messages.
    public struct Subject: Sendable {
        /// The node's name.
        public var nodeName: String
        /// The cluster's name, when somebody set it.
        public var cluster: String?
        /// What the cloud knows the machine as, as far as it is known by now.
        public var machine: @Sendable () -> MachineIdentity

        /// A subject from its parts.
        public init(nodeName: String, cluster: String?, machine: @escaping @Sendable () -> MachineIdentity) {
            self.nodeName = nodeName
            self.cluster = cluster
            self.machine = machine
        }
    }

    private let subject: Subject
    private let provider: any CloudProvider
    private let drainer: any NodeDrainer
    private let notifications: any NotificationSink
    private let policy: DrainPolicy
    private let timeline: any Timeline
    private let anchor: WallClockAnchor
    private let observe: @Sendable (NodeNews) -> Void
    private let mailbox = NodeMailbox()

    /// A handler for one node; `observe` takes news for logs and metrics and must return at once.
    public init(
        subject: Subject,
        provider: any CloudProvider,
        drainer: any NodeDrainer,
        notifications: any NotificationSink,
        policy: DrainPolicy,
        timeline: any Timeline,
        anchor: WallClockAnchor,
        observe: @escaping @Sendable (NodeNews) -> Void
    ) {
        self.subject = subject
        self.provider = provider
        self.drainer = drainer
        self.notifications = notifications
        self.policy = policy
        self.timeline = timeline
        self.anchor = anchor
        self.observe = observe
    }

    /// Asks the handler to finish what is in flight, leave cordon and record, and return from `run`.
    public func stop() {
        mailbox.post(.stop)
    }

    /// Runs until `stop` was asked and obeyed, or the task is cancelled.
    public func run() async {
        await withDiscardingTaskGroup { group in
            group.addTask { await readRecord() }
            group.addTask {
                // Ends early only by cancellation, and then nobody waits.
                try? await timeline.sleep(for: HandlerSession.recordPatience)
                mailbox.post(.recordUnreadable)
            }
            for source in provider.sources {
                group.addTask { await source.run { mailbox.post(.source($0)) } }
            }
            var session = HandlerSession(machine: NodeMachine(policy: policy))
            for await input in mailbox.inputs {
                for effect in effects(of: input, in: &session) {
                    perform(effect, in: &session, with: &group)
                }
                if session.isFinished { break }
            }
            group.cancelAll()
        }
    }

    /// Reads the record once for the start; tells the first failure at once, because a notice must not wait for an API server.
    private func readRecord() async {
        var pause = Duration.milliseconds(500)
        while !Task.isCancelled {
            do {
                mailbox.post(.recordRead(try await drainer.record()))
                break
            } catch {
                observe(.recordUnreadable("\(error)"))
                mailbox.post(.recordUnreadable)
            }
            guard (try? await timeline.sleep(for: pause)) != nil else { return }  // cancelled: nothing to clean up
            pause = min(pause * 2, .seconds(15))
        }
        // Recorded notices get this long to be announced again before they count as taken back.
        while (try? await timeline.sleep(for: HandlerSession.settlingTime)) != nil {  // ends by cancellation
            mailbox.post(.recordSettled)
        }
    }
}

extension NodeHandler {
    private func effects(of input: NodeInput, in session: inout HandlerSession) -> [NodeMachine.Effect] {
        let now = timeline.now
        switch input {
        case .source(.notice(let notice)):
            guard session.recordIsKnown else {
                session.keep(notice)
                return []
            }
            session.unconfirmed.remove(notice.id)
            return session.machine.noticeReported(notice, at: now)
        case .source(.withdrawn(let id, let reason)):
            session.unconfirmed.remove(id)
            observe(.withdrawn(id, because: reason))
            return session.machine.noticeWithdrawn(id, because: reason)
        case .source(.healthy(let source)):
            if session.degraded.remove(source) != nil { observe(.sourceHealthy(source)) }
            return []
        case .source(.degraded(let source, let reason)):
            session.degraded.insert(source)
            observe(.sourceDegraded(source, because: reason))
            return []
        case .recordRead(let found):
            return resume(found, in: &session, at: now)
        case .recordUnreadable:
            return session.releaseKept(at: now)
        case .recordSettled:
            guard session.degraded.isEmpty else { return [] }
            let gone = session.unconfirmed
            session.unconfirmed = []
            return gone.flatMap { session.machine.noticeWithdrawn($0, because: "no longer announced") }
        case .written(let id):
            saySeen(id, in: &session)
            return []
        case .drainEnded(let report):
            observe(.drainEnded(report))
            return session.machine.drainEnded(report)
        case .gaveBack(let leftovers):
            return session.machine.gaveBack(leftovers: leftovers)
        case .stop:
            return session.machine.stopRequested()
        }
    }

    private func resume(
        _ found: FoundRecord?, in session: inout HandlerSession, at now: Moment
    ) -> [NodeMachine.Effect] {
        var effects: [NodeMachine.Effect] = []
        if let found, found.hasRebooted {
            effects = session.machine.recordIsStale(because: "the machine was started anew")
        } else if let found {
            for entry in found.record.notices where entry.id != .operatorRequest {
                let notice = entry.notice(by: anchor)
                session.unconfirmed.insert(entry.id)
                let resumed = session.machine.noticeRecorded(
                    notice, strategy: entry.strategy, wasServed: entry.wasServed, at: now)
                for case .drain(let plan, _) in resumed {
                    observe(.resumed(plan, timeLeft: plan.notice.deadline.timeLeft(at: now)))
                }
                effects += resumed
            }
        }
        return effects + session.releaseKept(at: now)
    }

    private func perform(
        _ effect: NodeMachine.Effect, in session: inout HandlerSession, with group: inout DiscardingTaskGroup
    ) {
        switch effect {
        case .drain(let plan, let arrival):
            observe(.drainBegun(plan))
            let order = session.order(for: plan, arrival: arrival) { news in
                observe(.drain(news))
                // The request that cordons also writes the record.
                if case .cordoned = news { mailbox.post(.written(plan.notice.id)) }
            }
            group.addTask { mailbox.post(.drainEnded(await drainer.drain(order))) }
        case .tighten(let deadline):
            session.control.tighten(to: deadline)
            observe(.tightened(deadline, timeLeft: deadline.timeLeft(at: timeline.now)))
        case .endDrain(let reason):
            session.control.end(reason)
        case .note(let plan):
            group.addTask {
                await drainer.note(plan)
                mailbox.post(.written(plan.notice.id))
            }
        case .announceSeen(let plan):
            let timeLeft = plan.notice.deadline.timeLeft(at: timeline.now)
            observe(.noticeSeen(plan, timeLeft: timeLeft))
            session.unsaid[plan.notice.id] = (plan, timeLeft)
            group.addTask {
                // Ends early only by cancellation; then the next life says it.
                guard (try? await timeline.sleep(for: HandlerSession.writingPatience)) != nil else { return }
                mailbox.post(.written(plan.notice.id))
            }
        case .announceOutcome(let report):
            saySeen(report.notice.id, in: &session)
            post(.outcome(report), expiry: nil)
        case .announceWithdrawn(let notice, let reason, let leftovers):
            session.gates.close(notice.id)
            saySeen(notice.id, in: &session)
            post(.withdrawn(notice, because: reason, leftovers: leftovers), expiry: nil)
        case .tellCloud(let plan):
            tellCloud(plan, in: &session, with: &group)
        case .completeHook(let notice):
            session.gates.open(notice.id)
        case .giveBack(let reason):
            group.addTask { await giveBack(because: reason) }
        case .ignore(let notice):
            observe(.noticeIgnored(notice))
        case .finish:
            session.isFinished = true
        }
    }

    private func tellCloud(
        _ plan: Plan, in session: inout HandlerSession, with group: inout DiscardingTaskGroup
    ) {
        guard plan.strategy != .cordonOnly else { return }
        if let machineGroup = provider.group {
            group.addTask { observe(.detached(await machineGroup.detach(until: plan.notice.deadline))) }
        }
        guard plan.notice.hasHook, let hook = provider.hook else { return }
        let gate = session.gates.make(for: plan.notice.id)
        group.addTask {
            guard await held(by: hook, for: plan.notice, until: gate) else { return }
            observe(.hookCompleted(await hook.complete(for: plan.notice, until: plan.notice.deadline)))
        }
    }

    /// Keeps the cloud waiting until the gate says to go on (`true`) or nothing is to be said any more (`false`).
    private func held(
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

    private func giveBack(because reason: String) async {
        var pause = Duration.milliseconds(500)
        while !Task.isCancelled {
            do {
                let leftovers = try await drainer.giveBack(because: reason)
                observe(.gaveBack(because: reason, leftovers: leftovers))
                return mailbox.post(.gaveBack(leftovers: leftovers))
            } catch {
                observe(.giveBackFailed("\(error)"))
            }
            guard (try? await timeline.sleep(for: pause)) != nil else { return }  // cancelled: the record stays
            pause = min(pause * 2, .seconds(30))
        }
    }

    /// Tells people that the notice was seen, unless that was said already.
    private func saySeen(_ id: NoticeID, in session: inout HandlerSession) {
        guard let (plan, timeLeft) = session.unsaid.removeValue(forKey: id) else { return }
        // After the deadline nobody can act on the first message any more.
        post(.seen(plan, timeLeft: timeLeft), expiry: plan.notice.deadline.moment)
    }

    private func post(_ event: Notification.Event, expiry: Moment?) {
        notifications.post(
            Notification(
                event: event, nodeName: subject.nodeName, cluster: subject.cluster, machine: subject.machine(),
                time: anchor.wall(at: timeline.now), expiry: expiry))
    }
}
