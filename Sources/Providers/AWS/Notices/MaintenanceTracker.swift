import Interruption

/// What stands of the scheduled maintenance. Weeks ahead it is only planned; from its lead time on it is a notice.
struct MaintenanceTracker: Sendable {
    /// An event whose end passed this long ago, and that is still called active, is forgotten by AWS and not under way.
    static let staleAfter = Duration.seconds(3600)
    /// How long an event without an end may be under way.
    static let longestWindow = Duration.seconds(86400)

    private struct Standing {
        var notice: Notice
        var absences = 0
    }

    private let leads: MaintenanceLeads
    private let assumed: AssumedNotices
    private var standing: [String: Standing] = [:]
    private var planned: [String: PlannedWork] = [:]
    private var lastSpoilt: Set<String> = []
    /// The last list, because the same one is read for weeks.
    private var decoded: (body: [UInt8], list: (events: [MaintenanceEvent], broken: Int)?)?

    init(leads: MaintenanceLeads, assumed: AssumedNotices) {
        self.leads = leads
        self.assumed = assumed
    }

    /// The path answered at `now`; `started` is when the machine was started, if known.
    mutating func read(
        _ body: [UInt8]?, at now: Moment, by anchor: WallClockAnchor, started: WallTime?
    ) -> Finding {
        guard let (events, broken) = body.map({ list(in: $0) }) ?? ([], 0) else {
            return Finding(fault: "events/maintenance/scheduled answers 200 with a body that is no list")
        }
        var finding = Finding()
        var spoilt: Set<String> = broken > 0 ? ["an entry without id"] : []
        for event in events {
            guard event.state == .active else {
                end(
                    event.id, because: "the maintenance was \(event.state == .canceled ? "canceled" : "completed")",
                    &finding)
                continue
            }
            guard let begin = event.notBefore else {
                standing[event.id]?.absences = 0
                spoilt.insert(event.id)
                continue
            }
            take(event, begin: begin, at: now, by: anchor, started: started, &finding)
        }
        for id in spoilt.subtracting(lastSpoilt).sorted() {
            let words = "the maintenance \(id) has no time that can be read; it is left out"
            finding.remarks.append(.unreadable(source: AWSSource.maintenance.rawValue, because: words))
        }
        lastSpoilt = spoilt
        forget(allBut: Set(events.map(\.id)), &finding)
        return finding
    }
}

extension MaintenanceTracker {
    private mutating func list(in body: [UInt8]) -> (events: [MaintenanceEvent], broken: Int)? {
        if let decoded, decoded.body == body { return decoded.list }
        let list = MaintenanceEvent.list(body)
        decoded = (body, list)
        return list
    }

    private mutating func take(
        _ event: MaintenanceEvent, begin: WallTime, at now: Moment, by anchor: WallClockAnchor, started: WallTime?,
        _ finding: inout Finding
    ) {
        let today = anchor.wall(at: now)
        let noticeFrom = begin.advanced(by: .zero - leads.lead(for: event.code))
        let isOver =
            event.notAfter.map { today > $0.advanced(by: MaintenanceTracker.staleAfter) }
            ?? (today > begin.advanced(by: MaintenanceTracker.longestWindow))
        if event.isDoneByRestart, let started, started > begin {
            // AWS goes on calling a reboot active for a while after it happened.
            return end(event.id, because: "the machine was started anew since", &finding)
        }
        if isOver { return end(event.id, because: "the maintenance's time is over", &finding) }
        if noticeFrom > today {
            if standing[event.id] != nil { end(event.id, because: "the maintenance was put off", &finding) }
            let work = PlannedWork(eventID: event.id, code: event.code, notBefore: begin, noticeFrom: noticeFrom)
            if planned.updateValue(work, forKey: event.id) != work { finding.remarks.append(.planned(work)) }
            return
        }
        if planned.removeValue(forKey: event.id) != nil { finding.remarks.append(.due(eventID: event.id)) }
        var notice = standing[event.id]?.notice
        if begin > today {
            let deadline = Deadline(at: begin, by: anchor, certainty: .announced)
            // Once its time has passed, a later one is another piece of work under the same name.
            let known = notice.flatMap { $0.deadline.moment > now ? $0 : nil }
            notice = known?.tightened(to: deadline) ?? self.notice(of: event, begin: begin, deadline: deadline)
        } else if notice == nil {
            // It may begin at any moment now, and says no more than that.
            let moment = now.advanced(by: assumed.overdue)
            let deadline = Deadline(moment: moment, wall: anchor.wall(at: moment), certainty: .assumed)
            notice = self.notice(of: event, begin: begin, deadline: deadline)
        }
        if let notice {
            standing[event.id] = Standing(notice: notice)
            finding.reports.append(.notice(notice))
        }
    }

    private func notice(of event: MaintenanceEvent, begin: WallTime, deadline: Deadline) -> Notice {
        var facts = ["eventID": event.id, "code": event.code, "notBefore": begin.rfc3339]
        if let end = event.notAfter { facts["notAfter"] = end.rfc3339 }
        return Notice(
            id: NoticeID("", of: event.id), kind: .maintenance, deadline: deadline, words: event.code, facts: facts,
            returns: event.returns)
    }

    private mutating func end(_ id: String, because reason: String, _ finding: inout Finding) {
        if planned.removeValue(forKey: id) != nil { finding.remarks.append(.unplanned(eventID: id)) }
        guard let ended = standing.removeValue(forKey: id) else { return }
        finding.reports.append(.withdrawn(ended.notice.id, because: reason))
    }

    /// Events that two good answers in a row do not mention any more are over.
    private mutating func forget(allBut present: Set<String>, _ finding: inout Finding) {
        for id in planned.keys.sorted() where !present.contains(id) { end(id, because: "", &finding) }
        for id in standing.keys.sorted() where !present.contains(id) {
            standing[id]?.absences += 1
            if standing[id]?.absences == 2 {
                end(id, because: "the maintenance is gone from the metadata service", &finding)
            }
        }
    }
}
