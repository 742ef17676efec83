import Interruption

extension DrainPicture {
    /// The picture of the last drain in a log of ours; `nil` when there is none. Lines that are not ours are passed over.
    public init?(log lines: some Sequence<some StringProtocol>) {
        var reader = LogReader()
        for line in lines { reader.read(LogLine(line)) }
        guard var picture = reader.picture else { return nil }
        picture.rows = reader.rows.values.filter { $0.fate != PodFate.skipped.rawValue }
        picture.sortRows()
        self = picture
    }
}

/// Takes one line of a log after the other.
private struct LogReader {
    var picture: DrainPicture?
    var rows: [String: DrainPicture.Row] = [:]
    /// The latest deadline that was told, before and during a drain, and how far it was when the drain's notice came.
    private var deadline: (wall: WallTime, seconds: Double)?

    mutating func read(_ line: LogLine) {
        if line.says("notice seen: ") || line.says("drain of an earlier life goes on") {
            note(line)
        } else if line.says("drain begins") {
            begin(line)
        } else if line.says("deadline came closer") {
            tighten(line)
        } else if line.says("node cordoned") || line.says("node was cordoned already") {
            picture?.cordoned = line.number("seconds.to_cordon")
        } else if line.says("drain ended") {
            picture?.ending = line.string("drain.ending")
            if let deadline = picture?.deadline, let left = line.number("deadline.remaining") {
                picture?.ended = deadline - left
            }
        } else if picture != nil, let uid = line.string("pod.uid") {
            pod(uid, line)
        }
    }

    private mutating func note(_ line: LogLine) {
        guard let wall = line.string("deadline").flatMap({ WallTime(rfc3339: $0) }),
            let left = line.number("deadline.remaining")
        else { return }
        deadline = (wall, left)
    }

    private mutating func begin(_ line: LogLine) {
        let kind = line.string("notice.kind") ?? "notice"
        let words = [line.string("notice.words"), line.string("drain.strategy").map { "strategy \($0)" }]
        rows = [:]
        picture = DrainPicture(
            title: ([kind] + words.compactMap(\.self)).joined(separator: ", "), ending: nil, cordoned: nil,
            deadline: deadline?.seconds, margin: line.number("drain.margin") ?? 0, ended: nil, rows: [])
    }

    private mutating func tighten(_ line: LogLine) {
        guard let before = deadline, let wall = line.string("deadline").flatMap({ WallTime(rfc3339: $0) }) else {
            return note(line)
        }
        // What counts is how much closer it came; the line's own time is a second wide.
        let seconds = before.seconds - (before.wall.sinceEpoch - wall.sinceEpoch) / .seconds(1)
        deadline = (wall, seconds)
        picture?.deadline = seconds
    }

    private mutating func pod(_ uid: String, _ line: LogLine) {
        let before = rows[uid]
        rows[uid] = DrainPicture.Row(
            name: "\(line.string("pod.namespace") ?? "")/\(line.string("pod.name") ?? uid)",
            refused: line.number("pod.refused") ?? before?.refused, asked: line.number("pod.asked") ?? before?.asked,
            out: line.number("pod.took"), grace: line.number("pod.grace") ?? before?.grace,
            fate: line.string("pod.fate") ?? "", detail: line.string("pod.detail") ?? before?.detail,
            isEscalated: line.truth("pod.escalated") ?? before?.isEscalated ?? false)
    }
}
