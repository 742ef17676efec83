/// What the simulated kubelet knows of one pod.
struct PodLife {
    /// When the pod was first told to stop.
    var told: Duration?
    /// When its containers will have ended.
    var end: Duration?
    /// Whether they have.
    var hasEnded = false
}

extension ClusterState {
    /// How a pod lives and dies.
    func behaviour(of uid: String) -> PodBehaviour { behaviours[uid] ?? settings.podBehaviour }

    /// The kubelet's part in a change of a pod.
    mutating func kubeletObserves(_ change: ObjectChange) {
        guard let pod = change.new else {
            if let old = change.old {
                lives[old.uid] = nil
                behaviours[old.uid] = nil
            }
            return
        }
        guard let facts = pod.pod else { return }
        let isFree = !facts.hasFinalizers && change.old?.pod?.hasFinalizers == true
        if pod.isTerminating, isFree, facts.deletionGrace == 0 || lives[pod.uid]?.hasEnded == true {
            remove(.pods, pod.key)
            return
        }
        guard !facts.nodeName.isEmpty else { return }
        let wasBound = change.old?.pod?.nodeName.isEmpty == false
        if !wasBound, facts.phase == "Pending" || facts.phase.isEmpty {
            agenda.add(.startPod(pod.key, uid: pod.uid), at: now + behaviour(of: pod.uid).readyAfter)
        }
        if pod.isTerminating {
            let isNews = change.old?.isTerminating != true || change.old?.pod?.deletionGrace != facts.deletionGrace
            if isNews { planEnd(of: pod, facts) }
        }
    }

    private mutating func planEnd(of pod: StoredObject, _ facts: PodFacts) {
        var life = lives[pod.uid] ?? PodLife()
        let told = life.told ?? now
        life.told = told
        let killed = told + .seconds(facts.deletionGrace ?? 0)
        let neverRan = facts.phase == "Pending" || facts.phase.isEmpty
        switch behaviour(of: pod.uid).stop {
        case _ where neverRan || facts.isTerminal: life.end = now
        case .after(let duration): life.end = max(now, min(told + duration, killed))
        case .whenKilled: life.end = max(now, killed)
        case .never: life.end = nil
        }
        lives[pod.uid] = life
        if let end = life.end { agenda.add(.endPod(pod.key, uid: pod.uid), at: end) }
    }

    /// A pod that was bound comes up, unless it was told to stop meanwhile.
    mutating func startPod(_ key: ObjectKey, _ uid: String) {
        guard let pod = store[.pods, key], pod.uid == uid, !pod.isTerminating, let facts = pod.pod,
            facts.phase == "Pending" || facts.phase.isEmpty, !deadNodes.contains(facts.nodeName)
        else { return }
        var json = pod.json
        json["status"] = PodTemplate.runningStatus(of: pod.json, uid: uid, at: timestamp)
        put(.pods, key, json)
        if let duration = behaviour(of: uid).completesAfter {
            agenda.add(.completePod(key, uid: uid), at: now + duration)
        }
    }

    /// A pod succeeds without being told to stop.
    mutating func completePod(_ key: ObjectKey, _ uid: String) {
        guard let pod = store[.pods, key], pod.uid == uid, !pod.isTerminating, let facts = pod.pod, !facts.isTerminal,
            !deadNodes.contains(facts.nodeName)
        else { return }
        put(.pods, key, PodTemplate.finished(pod.json, succeeded: true, at: timestamp))
        if facts.ownerKind == "Job" { agenda.add(.releasePod(key, uid: uid), at: now + settings.jobReleaseDelay) }
    }

    /// The containers of a terminating pod have ended: the object goes, if nothing holds it.
    mutating func endPod(_ key: ObjectKey, _ uid: String) {
        guard let pod = store[.pods, key], pod.uid == uid, let facts = pod.pod, var life = lives[uid],
            let end = life.end, end <= now, !life.hasEnded, !deadNodes.contains(facts.nodeName)
        else { return }
        life.hasEnded = true
        lives[uid] = life
        let isJob = facts.ownerKind == "Job"
        if facts.hasFinalizers || isJob, facts.phase == "Running" {
            let killed = life.told.map { $0 + .seconds(facts.deletionGrace ?? 0) } ?? now
            var succeeds = false
            if case .after(let duration) = behaviour(of: uid).stop, let told = life.told {
                succeeds = told + duration <= killed && behaviour(of: uid).exitsCleanly
            }
            put(.pods, key, PodTemplate.finished(pod.json, succeeded: succeeds, at: timestamp))
        }
        if !facts.hasFinalizers {
            remove(.pods, key)
        } else if isJob {
            agenda.add(.releasePod(key, uid: uid), at: now + settings.jobReleaseDelay)
        }
    }

    /// The job controller takes its finalizer off a pod that it has counted.
    mutating func releasePod(_ key: ObjectKey, _ uid: String) {
        guard let pod = store[.pods, key], pod.uid == uid, var finalizers = pod.json["metadata", "finalizers"]?.array
        else { return }
        finalizers.removeAll { $0 == .string(PodTemplate.jobFinalizer) }
        var json = pod.json
        json.update("metadata") { $0["finalizers"] = finalizers.isEmpty ? nil : .array(finalizers) }
        put(.pods, key, json)
    }
}
