import FoundationEssentials

/// How much of a long suite is played: all of it where the page is written, else every fourth part in turn, so that a run of all tests is short
/// enough to be made for each change.
struct Share: CustomStringConvertible {
    /// Into how many parts the whole is divided.
    private var parts = 4

    /// Which part; `nil` for the whole.
    private let turn: Int?

    /// What the environment asks for: `RELIABILITY_PAGE` the whole, `RELIABILITY_TURN` one part.
    static var current: Share {
        let environment = ProcessInfo.processInfo.environment
        guard environment["RELIABILITY_PAGE"] == nil else { return Share(turn: nil) }
        return Share(turn: environment["RELIABILITY_TURN"].flatMap { Int($0) } ?? 0)
    }

    private init(turn: Int?) {
        self.turn = turn
    }

    /// A share half as large.
    var halved: Share {
        var share = self
        share.parts *= 2
        return share
    }

    /// Whether nothing is left out.
    var isWhole: Bool { turn == nil }

    /// The part of these.
    func of<Element>(_ elements: [Element]) -> [Element] {
        guard let turn else { return elements }
        return elements.enumerated().filter { $0.offset % parts == turn % parts }.map(\.element)
    }

    /// What is left out, and how it is not.
    var description: String {
        turn.map {
            "every \(parts)th from number \($0 % parts) on (RELIABILITY_TURN); make reliability plays all"
        } ?? "all"
    }
}
