@testable import Interruption

/// What is promised in whatever order things come; each has a name, so that a violation says which it is and a test can ask for one.
enum Promise: String, Sendable, Hashable, CaseIterable {
    case oneAtATime = "one run or give-back at a time, changed only while it runs, and nothing after the end"
    case served = "at rest no unserved notice stands"
    case failureServesNothing = "an end that was not success serves nothing"
    case lateNotice = "an end does not serve a notice that came after it was reached"
    case announcedAnew = "a notice that is announced anew is served anew"
    case begunAtOnce = "what is new is begun at once, as soon as nothing runs"
    case endsGiveBack = "a notice ends a give-back at once"
    case strongest = "the strongest plan runs, for a notice that stands"
    case deadline = "the deadline is the earliest of those that are still ahead"
    case noPastDeadline = "no run begins or goes on under a deadline that has passed"
    case seenOnce = "people are told once that a notice was seen"
    case messagesInOrder = "each pair of messages is whole and in order, no ending is told twice in a row"
    case takenBackWords = "people are told that the node is given back only when it is"
    case givesBackNothingWanted = "nothing is given back that a notice or a person still wants"
    case givesBack = "a node is given back when nothing stands any more"
    case personsCordon = "what a person did stays done"
    case ownSource = "only its own source, after a minute of proper answers, is taken for the end of a recorded notice"
    case uncordonSeen = "a person's uncordon is seen, told and written down"
    case givenUp = "nobody is moved for a notice that was given up"
    case recordTold = "a record that is found is told"
    case recorded = "what stands is in the record, and what was taken back is not"
    case stillEmpty = "a node whose loss is announced is cordoned at rest"
    case hooks = "a hook is completed when its drain came to a good end, and only then"
    case cloudTold = "the cloud is told of every new notice"
    case pauses = "what failed is tried again after a pause that grows"
    case neverStuck = "time alone brings everything to rest, without a busy loop"
    case finishes = "a daemon that is told to stop finishes"
}

/// A promise that was broken, and how.
struct Violation: Sendable, Hashable {
    let promise: Promise
    let words: String
}

/// One notice that stands, as somebody knows it who saw everything that the machine was told.
struct Claim: Sendable, Hashable {
    enum State: Sendable, Hashable {
        case waiting, served, givenUp
    }

    var notice: Notice
    let strategy: Strategy
    var state = State.waiting
    /// Whether a source announced it in this life.
    var isConfirmed = true
    /// Whether it is left alone until a source announces it.
    var waitsForWord = false
    /// Whether it began to ask with the last input.
    var isNew = false
    /// Whether nothing was begun for it yet.
    var isFresh = true
    /// Whether its first message is still to be sent.
    var owesSeen = true
    /// How its drain ended, as people were told last.
    var toldEnding: Report.Ending?
    /// Until when it is drained for though its time has passed.
    var overtime: Moment?

    // What kind of violation it is when it is never served.
    var isAnew = false
    var isLate = false
    var hasFailed = false

    var id: NoticeID { notice.id }
    var asks: Bool { state == .waiting && (isConfirmed || !waitsForWord) }
    var deadline: Moment { notice.deadline.moment }
    var due: Moment { overtime ?? deadline }
    var isLoss: Bool { notice.kind == .reclaim || notice.kind == .scaleIn }

    /// Whether a person's uncordon cannot be meant for it.
    func isInsistedOn(at now: Moment) -> Bool { isLoss && (state == .waiting || state == .served && due > now) }

    /// The promise that is broken while it is never served.
    var promise: Promise {
        if isLate { return .lateNotice }
        if hasFailed { return .failureServesNothing }
        return isAnew ? .announcedAnew : .served
    }
}

extension Strategy {
    /// How much it does to empty the node.
    var strength: Int {
        switch self {
        case .cordonOnly: 0
        case .evict: 1
        case .delete: 2
        }
    }
}
