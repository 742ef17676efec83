import Interruption

@testable import AWS

/// One path of the metadata service read again and again: the first byte chooses it, record separators part the answers, an empty
/// answer is a 404.
@Sendable func examineMetadata(_ input: [UInt8]) {
    guard let first = input.first else { return }
    let bodies = Array(input.dropFirst()).records.prefix(12)
    let id = NoticeID("spot", of: "i-0bb697ef2705e5b37")
    var spot = SpotTracker(assumed: AssumedNotices())
    var rebalance = RebalanceTracker(assumed: AssumedNotices(), expiry: .seconds(3600))
    var maintenance = MaintenanceTracker(leads: MaintenanceLeads(), assumed: AssumedNotices())
    var scaleIn = ScaleInTracker(assumed: AssumedNotices(), answersHooks: true)
    var standing: [NoticeID: Notice] = [:]
    var now = Moment(sinceOrigin: .zero)
    for body in bodies {
        now = now.advanced(by: .seconds(Int(first >> 3) * Int(first >> 3)))
        let answer = body.isEmpty ? nil : body
        let finding =
            switch first & 7 {
            case 0, 1: spot.actionRead(answer, at: now, by: anchor, id: id)
            case 2: spot.terminationTimeRead(answer, at: now, by: anchor, id: id)
            case 3: rebalance.read(answer, at: now, by: anchor, id: id)
            case 4:
                scaleIn.read(answer, at: now, by: anchor, machine: "i-0bb697ef2705e5b37")
            default: maintenance.read(answer, at: now, by: anchor, started: nil)
            }
        for remark in finding.remarks { expect(isFitForALine(words(of: remark), limit: 1000), "a bounded remark") }
        for report in finding.reports { examine(report, &standing) }
        // What comes to be known of the hooks beside it never loosens the deadline.
        let known = scaleIn.learned(.waits(.seconds(60), isOurs: true), by: anchor, at: now)
        for report in known.reports { examine(report, &standing) }
    }
}

private func words(of remark: AWSRemark) -> String {
    switch remark {
    case .unreadable(let source, let reason): "\(source) \(reason)"
    case .planned(let work): "\(work.eventID) \(work.code)"
    case .unplanned(let id): id
    default: ""
    }
}

private func examine(_ report: SourceReport, _ standing: inout [NoticeID: Notice]) {
    switch report {
    case .notice(let notice):
        let id = notice.id.rawValue
        expect(!id.isEmpty && id.utf8.count <= 63, "an identity is 1 to 63 characters")
        expect(id.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }, "an identity is plain")
        expect(isFitForALine(notice.words, limit: 256), "bounded words: \(notice.words.utf8.count)")
        expect(notice.facts.count <= 8, "few facts")
        for (_, fact) in notice.facts { expect(isFitForALine(fact, limit: 512), "bounded facts") }
        if let before = standing[notice.id] {
            expect(notice.deadline.moment <= before.deadline.moment, "a deadline is never loosened")
        }
        let text = notice.deadline.wall.rfc3339
        expect(WallTime(rfc3339: text)?.rfc3339 == text, "the deadline \(text) can be written down and read again")
        standing[notice.id] = notice
    case .withdrawn(let id, let reason):
        expect(isFitForALine(reason, limit: 256), "a bounded reason")
        standing[id] = nil
    default: break
    }
}
