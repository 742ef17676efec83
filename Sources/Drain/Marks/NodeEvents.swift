import Interruption
import Kubernetes

/// The Kubernetes Events about the Node: one when a drain begins, one with its outcome.
struct NodeEvents: Sendable {
    let nodeName: String
    /// The Node's uid; empty while it is not known.
    let uid: String
    let time: WallTime

    /// The node is cordoned.
    func begun(_ plan: Plan) -> EventNote {
        let deadline = plan.notice.deadline
        let said =
            switch deadline.certainty {
            case .announced: "deadline \(deadline.wall.rfc3339)"
            case .assumed: "assumed deadline \(deadline.wall.rfc3339)"
            case .open: "deadline not known yet"
            }
        return note(
            plan.notice.kind.reason,
            "\(plan.notice.words): node cordoned, strategy \(plan.strategy.rawValue), \(said)",
            isWarning: true)
    }

    /// The drain ended.
    func ended(_ report: Report) -> EventNote {
        let isEmpty = report.ending == .empty
        return note(isEmpty ? "NodeDrained" : "NodeDrainIncomplete", report.summary, isWarning: !isEmpty)
    }

    /// A person made the node schedulable in the middle of a drain.
    func uncordoned(givingUp ids: [NoticeID], insistingOn plan: Plan?) -> EventNote {
        guard let plan else {
            return note(
                "NodeUncordoned",
                "uncordoned by a person: nobody else is moved for \(ids.map(\.rawValue).joined(separator: ", "))",
                isWarning: true)
        }
        return note(
            "NodeCordonedAgain",
            "uncordoned by a person, and cordoned again: this machine will be lost at \(plan.notice.deadline.wall.rfc3339) "
                + "(\(plan.notice.words)), and pods that come now are lost with it",
            isWarning: true)
    }

    /// The node was given back.
    func gaveBack(because reason: String) -> EventNote {
        note("NodeGivenBack", "given back: \(reason)", isWarning: false)
    }

    private func note(_ reason: String, _ message: String, isWarning: Bool) -> EventNote {
        EventNote(
            subject: .node(name: nodeName, uid: uid), reason: reason, message: message.cut(to: 1000),
            isWarning: isWarning, time: time.rfc3339, reportingInstance: nodeName)
    }
}
