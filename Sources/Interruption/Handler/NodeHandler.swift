/// Listens to the sources and lets the machine decide; carries out what it decides, each effect in a task of its own, so that nothing
/// decorative delays a drain. Decides nothing itself.
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
    private let seed: UInt64
    private let observe: @Sendable (NodeNews) -> Void
    private let mailbox = NodeMailbox()

    /// A handler for one node; `observe` takes news for logs and metrics and must return at once, `seed` decides the jitter.
    public init(
        subject: Subject,
        provider: any CloudProvider,
        drainer: any NodeDrainer,
        notifications: any NotificationSink,
        policy: DrainPolicy,
        timeline: any Timeline,
        anchor: WallClockAnchor,
        seed: UInt64 = .random(in: .min ... .max),
        observe: @escaping @Sendable (NodeNews) -> Void
    ) {
        self.subject = subject
        self.provider = provider
        self.drainer = drainer
        self.notifications = notifications
        self.policy = policy
        self.timeline = timeline
        self.anchor = anchor
        self.seed = seed
        self.observe = observe
    }

    /// Asks the handler to finish what is in flight, leave cordon and record, and return from `run`.
    public func stop() {
        mailbox.post(.stop)
    }

    /// Runs until `stop` was asked and obeyed, or the task is cancelled.
    public func run() async {
        let sources = provider.sources
        await withDiscardingTaskGroup { group in
            var machine = NodeMachine(
                policy: policy, sources: sources.map(\.name), anchor: anchor, seed: seed, at: timeline.now)
            var hands = Hands(errands: CloudErrands(provider: provider, observe: observe))
            for effect in machine.start() { carryOut(effect, with: &hands, &group) }
            wake(at: machine.wakeUp, with: &hands, &group)
            for source in sources {
                group.addTask { await source.run { mailbox.post(NodeMachine.Input($0, by: source.name)) } }
            }
            for await input in mailbox.inputs {
                let now = timeline.now
                for effect in machine.take(input, at: now) { carryOut(effect, with: &hands, &group) }
                if machine.isFinished { break }
                if let alarm = hands.alarm, alarm <= now { hands.alarm = nil }
                wake(at: machine.wakeUp, with: &hands, &group)
            }
            group.cancelAll()
        }
    }

    /// What is held of effects that run, to change or end them. Only the loop touches it.
    private struct Hands {
        var control: DrainControl?
        var giveBack: Leash?
        var watch: Leash?
        var errands: CloudErrands
        /// The earliest moment at which the machine will be woken.
        var alarm: Moment?
    }

    /// Wakes the machine at `moment`, unless it is woken before that anyway.
    private func wake(at moment: Moment?, with hands: inout Hands, _ group: inout DiscardingTaskGroup) {
        guard let moment, hands.alarm.map({ moment < $0 }) ?? true else { return }
        hands.alarm = moment
        group.addTask {
            // Ends early only by cancellation.
            guard (try? await timeline.sleep(until: moment, tolerance: nil)) != nil else { return }
            mailbox.post(.timePassed)
        }
    }
}

extension NodeHandler {
    private func carryOut(
        _ effect: NodeMachine.Effect, with hands: inout Hands, _ group: inout DiscardingTaskGroup
    ) {
        switch effect {
        case .tell(let news):
            observe(news)
        case .post(let event, let expiry):
            notifications.post(
                Notification(
                    event: event, nodeName: subject.nodeName, cluster: subject.cluster, machine: subject.machine(),
                    time: anchor.wall(at: timeline.now), expiry: expiry))
        case .readRecord(let pause):
            group.addTask { await readRecord(after: pause) }
        case .drain(let run):
            hands.control?.end(.superseded)
            let control = DrainControl(deadline: run.deadline)
            hands.control = control
            group.addTask {
                let order = order(run, control)
                let report = await drainer.drain(order)
                mailbox.post(.drainEnded(run: run.number, report))
                if report.ending == .empty { await drainer.keepEmpty(order) }
            }
        case .setDeadline(let deadline):
            hands.control?.setDeadline(deadline)
        case .endDrain(let reason):
            hands.control?.end(reason)
        case .note(let plan):
            group.addTask {
                await drainer.note(plan)
                mailbox.post(.written(plan.notice.id))
            }
        case .forget(let id):
            group.addTask { await drainer.forget(id) }
        case .noteUncordon(let ids, let plan):
            if plan == nil { hands.control?.end(.unwanted) }
            group.addTask { await drainer.noteUncordon(givingUp: ids, insistingOn: plan) }
        case .tellCloud(let plan):
            hands.errands.tell(plan, with: &group)
        case .completeHook(let notice):
            hands.errands.complete(notice)
        case .dropHook(let id):
            hands.errands.drop(id)
        case .giveBack(let reason, let keeping, let attempt):
            hands.control?.end(.withdrawn)
            let leash = Leash()
            hands.giveBack = leash
            group.addTask { await leash.run { await giveBack(because: reason, keeping, attempt) } }
        case .endGiveBack:
            hands.giveBack?.letGo()
        case .watchNode(let number):
            let leash = Leash()
            hands.watch = leash
            group.addTask {
                await leash.run { if await drainer.untilUncordoned() { mailbox.post(.uncordoned(watch: number)) } }
            }
        case .unwatchNode:
            hands.watch?.letGo()
        case .finish:
            break
        }
    }

    private func order(_ run: NodeMachine.Run, _ control: DrainControl) -> DrainOrder {
        DrainOrder(
            plan: run.plan, arrival: run.arrival, deadline: { control.deadline }, stop: { control.reason },
            progress: { news in
                observe(.drain(news))
                // The request that cordons also writes the record.
                if case .cordoned = news { mailbox.post(.cordoned(run: run.number)) }
                if case .uncordoned = news { mailbox.post(.foundUncordoned(run: run.number)) }
            })
    }

    private func readRecord(after pause: Duration) async {
        // Ends early only by cancellation.
        guard (try? await timeline.sleep(for: pause)) != nil else { return }
        do {
            mailbox.post(.recordRead(try await drainer.record()))
        } catch {
            mailbox.post(.recordUnreadable("\(error)"))
        }
    }

    private func giveBack(because reason: String, _ keeping: Set<NoticeID>, _ attempt: Int) async {
        do {
            let leftovers = try await drainer.giveBack(because: reason, keeping: keeping)
            mailbox.post(.gaveBack(attempt: attempt, leftovers: leftovers))
        } catch {
            mailbox.post(.giveBackFailed(attempt: attempt, "\(error)"))
        }
    }
}

extension NodeMachine.Input {
    /// What the source of that name reports.
    fileprivate init(_ report: SourceReport, by name: String) {
        switch report {
        case .notice(let notice): self = .announced(notice.announced(by: name))
        case .withdrawn(let id, let reason): self = .withdrawn(id, because: reason)
        case .healthy: self = .sourceAnswers(name)
        case .degraded(_, let reason): self = .sourceFails(name, because: reason)
        }
    }
}
