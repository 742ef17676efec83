import Simulators

/// One life of one or more notices: given, answered, taken back, and the node as if nothing had been.
struct SoakRound {
    /// How long each half of a round may take before its notices count as missed.
    static let patience = Duration.seconds(60)
    /// Between two looks at the stage.
    private static let look = Duration.milliseconds(10)

    /// What is announced in a round.
    enum Kind {
        /// A spot notice of the actions that are told on one path only; quick to take back.
        case parking(String)
        /// A spot termination, told on both paths.
        case termination
        /// Maintenance of several events, one of them planned first, a rebalance advice and a scale-in, all at once.
        case everything
    }

    let stage: SoakStage
    let tally: Tally
    let number: Int
    let kind: Kind

    /// Plays the round; `false` when the handler did not do what it should.
    func play(_ mischief: inout Mischief, isCalm: Bool) async throws -> Bool {
        for pod in 0..<podCount {
            var template = PodTemplate(labels: ["app": "soak"])
            template.grace = 5
            template.behaviour = PodBehaviour(stop: .after(.milliseconds(20)), readyAfter: .milliseconds(10))
            stage.cluster.addPod("soak-\(number)-\(pod)", on: SoakStage.node, template)
        }
        let before = tally.counts.due.values.reduce(0, +)
        owe("seen", "outcome", "withdrawn")
        if !isCalm { try await mischief.strike(at: .notice) }
        give()
        tally.note { $0.given += notices.count }
        let isAnswered = await waited(for: "answered") {
            stage.isCordoned && stage.podCount == 0 && hasCome("seen", "outcome", atSlack: before + 2 * notices.count)
        }
        if !isCalm { try await mischief.strike(at: .withdrawal) }
        takeBack()
        tally.note { $0.withdrawn += notices.count }
        let isGivenBack = await waited(for: "given back") {
            stage.traces.isEmpty && hasCome("withdrawn", atSlack: before + 3 * notices.count)
        }
        clearUp()
        guard isAnswered, isGivenBack else { return false }
        tally.note { $0.handled += notices.count }
        return true
    }

    private var podCount: Int { 2 + number % 7 }

    /// The ids of the round's notices, as the handler makes them of the lab's facts.
    private var notices: [String] {
        let instance = stage.lab.configuration.instance.id
        switch kind {
        case .parking, .termination: return ["spot-\(instance)"]
        case .everything: return events + ["rebalance-\(instance)", "scale-in-\(instance)"]
        }
    }

    private var events: [String] { (0..<4).map { "instance-event-\(number)-\($0)" } }

    private func give() {
        let lab = stage.lab
        switch kind {
        case .parking(let action): lab.metadata.noticeSpot(action: action, in: .seconds(300))
        case .termination: lab.metadata.noticeSpot(in: .seconds(300))
        case .everything:
            let lead = SoakStage.maintenanceLead
            for event in events.dropLast() { lab.metadata.noticeMaintenance("instance-stop", in: lead / 2, id: event) }
            // Seen as planned first, and a notice some seconds later.
            for event in events.suffix(1) {
                lab.metadata.noticeMaintenance("system-reboot", in: lead + .seconds(7), id: event)
            }
            lab.metadata.noticeRebalance()
            lab.scaleIn()
        }
    }

    private func takeBack() {
        stage.lab.withdrawScaleIn()
        stage.lab.metadata.update { $0.withdrawAll() }
    }

    /// What the simulators remember of the round.
    private func clearUp() {
        for script in stage.lab.faults.values { script.clear() }
        stage.inboxFaults.clear()
        let instance = stage.lab.configuration.instance
        stage.lab.aws.updateAutoScaling { groups in
            groups.groups[0].instances = [
                GroupInstance(
                    id: instance.id, availabilityZone: instance.availabilityZone, instanceType: instance.type)
            ]
        }
        if number.isMultiple(of: 20) { stage.cluster.compact() }
    }

    private func owe(_ events: String...) {
        tally.note { counts in
            for event in events {
                for notice in notices { counts.due[Inbox.Message(notice: notice, event: event), default: 0] += 1 }
            }
        }
    }

    /// Whether every message of those events has come, and so many in all at Slack: a connection that is dropped under a message which
    /// is on its way would rightly have it sent again.
    private func hasCome(_ events: String..., atSlack count: Int) -> Bool {
        guard stage.inbox.slackCount >= count else { return false }
        let (due, come) = (tally.counts.due, stage.inbox.messages)
        return events.allSatisfy { event in
            notices.allSatisfy { notice in
                let message = Inbox.Message(notice: notice, event: event)
                return come[message, default: 0] >= due[message, default: 0]
            }
        }
    }

    /// Whether it came to be so in time; what did not is noted.
    private func waited(for what: String, _ isSo: () -> Bool) async -> Bool {
        let end = ContinuousClock().now + Self.patience
        while !isSo() {
            // A cancelled soak does not wait any more.
            guard ContinuousClock().now < end, (try? await Task.sleep(for: Self.look)) != nil else {
                let traces = stage.traces.joined(separator: ", ")
                let words = "round \(number) (\(kind)): not \(what); pods \(stage.podCount), node: \(traces)"
                tally.note { $0.missed.append(words) }
                return false
            }
        }
        return true
    }
}
