import Interruption
import Kubernetes

// What the list and the watch say.
extension Ledger {
    /// The API server listed the pods of the node.
    mutating func listed(_ pods: [Pod], at now: Moment) {
        let present = Set(pods.map(\.reference.uid))
        for place in entries.indices where !present.contains(entries[place].pod.reference.uid) {
            isSeenGone(place, at: now)
        }
        let isFirst = !isListed
        let known = entries.count
        for pod in pods { note(pod, at: now) }
        wasListed(at: now)
        sortQueue()
        guard !isFirst else { return tell(.found(outcomes())) }
        for place in known..<entries.count { tellOutcome(of: place) }
    }

    /// The watch shows a pod, new or changed.
    mutating func podAppeared(_ pod: Pod, at now: Moment) {
        forgetTheGone()
        let count = entries.count
        note(pod, at: now)
        if entries.count > count {
            sortQueue()
            if isListed { tellOutcome(of: count) }
        }
    }

    /// The watch says that a pod's object is gone.
    mutating func podGone(_ reference: PodReference, at now: Moment) {
        if let place = places[reference.uid] { isSeenGone(place, at: now) }
    }

    /// The node takes no new pods any more: who came back before that may come for good now.
    mutating func nodeWasCordoned() {
        isCordoned = true
        for (owner, entry) in owners where entry.returned > 0 { owners[owner]?.beginsAnew() }
        for place in queue where entries[place].comesBack { entries[place].round = nil }
    }

    private mutating func isSeenGone(_ place: Int, at now: Moment) {
        leftNode(place, at: now)
        entries[place].isSeenGone = true
    }

    private mutating func note(_ pod: Pod, at now: Moment) {
        let standing = terms.classifier.standing(of: pod)
        guard let place = places[pod.reference.uid] else {
            enter(pod, standing, at: now)
            return
        }
        guard !entries[place].isStaying else { return }
        if entries[place].isOut { return revive(place, pod, standing, at: now) }
        entries[place].pod = pod
        switch standing {
        case .leaves(_, let wish):
            entries[place].wish = wish
            noteTermination(of: place, at: now)
        case .stays:
            // Who was to leave and has finished is out; the other reasons to stay do not come and go.
            if pod.isFinished { leftNode(place, at: now) }
        case .elsewhere:
            leftNode(place, at: now)
        }
    }

    /// An answer said that the pod was gone, and the watch shows it all the same: the watch is right.
    private mutating func revive(_ place: Int, _ pod: Pod, _ standing: Standing, at now: Moment) {
        guard case .leaves = standing, !entries[place].isSeenGone else { return }
        entries[place].pod = pod
        entries[place].phase = .waiting
        noteTermination(of: place, at: now)
        sortQueue()
        tellOutcome(of: place)
    }

    private mutating func enter(_ pod: Pod, _ standing: Standing, at now: Moment) {
        // A new pod under a name that we know: the old one is out. The first list cannot have both.
        if isListed {
            for place in queue where !entries[place].isOut && entries[place].hasName(of: pod.reference) {
                isSeenGone(place, at: now)
            }
        }
        var entry: PodEntry
        switch standing {
        case .elsewhere:
            return
        case .stays(let reason):
            entry = PodEntry(pod, phase: .staying(because: reason), at: now)
        case .leaves where !terms.strategy.movesPods:
            entry = PodEntry(pod, phase: .staying(because: "cordon-only"), at: now)
        case .leaves(.daemon, _) where isListed:
            // Its DaemonSet puts another in the place of one that was told.
            entry = PodEntry(pod, phase: .staying(because: "DaemonSet \(pod.controller?.name ?? "")"), at: now)
        case .leaves(let tier, let wish):
            entry = PodEntry(pod, phase: .waiting, at: now)
            entry.tier = tier
            entry.wish = wish
            entry.leave = Leave(of: pod)
            if isListed { entry.round = owners[entry.owner]?.came() }
            if entry.comesBack { entry.returnWords = returnWords }
        }
        places[pod.reference.uid] = entries.count
        entries.append(entry)
        if !entry.isStaying { noteTermination(of: entries.count - 1, at: now) }
    }

    private mutating func noteTermination(of place: Int, at now: Moment) {
        let pod = entries[place].pod
        guard let text = pod.deletionTimestamp else { return }
        // The timestamp is the API server's clock, the grace its length: the earlier end of the two is wrong by the
        // clocks' difference at worst, and never too late by more than what has passed of the grace.
        let byLength = now.advanced(by: pod.deletionGracePeriod ?? pod.gracePeriod)
        let byClock = WallTime(rfc3339: text).map { terms.anchor.moment(at: $0) }
        entries[place].endIsKnown(min(byLength, byClock ?? byLength))
        guard !entries[place].isSeenTerminating else {
            if entries[place].phase == .waiting { entries[place].phase = .leaving }
            return
        }
        entries[place].isSeenTerminating = true
        // The watch may be quicker than the answer.
        if entries[place].unheard != nil || entries[place].inFlight?.manner != nil { wasMoved(place) }
        if entries[place].accepted == nil { entries[place].accepted = entries[place].unheard }
        guard entries[place].phase == .waiting else { return }
        entries[place].phase = .leaving
        entries[place].rest = nil
        if isListed { tellOutcome(of: place) }
    }

    /// Counts a pod with its owner's as one that left because we asked.
    mutating func wasMoved(_ place: Int) {
        guard !entries[place].isMoved else { return }
        entries[place].isMoved = true
        owners[entries[place].owner, default: OwnerEntry()].wasMoved(hadReturned: entries[place].round != nil)
    }

    /// The pod does not have to leave any more.
    mutating func leftNode(_ place: Int, at now: Moment) {
        guard !entries[place].isOut, !entries[place].isStaying else { return }
        entries[place].phase = .out(at: now)
        wentOut(at: now)
        tellOutcome(of: place)
    }
}

extension PodEntry {
    func hasName(of reference: PodReference) -> Bool {
        pod.reference.name == reference.name && pod.reference.namespace == reference.namespace
    }
}
