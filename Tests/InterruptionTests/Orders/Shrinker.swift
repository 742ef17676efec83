@testable import Interruption

/// Finds the shortest order that still breaks the same promise: leaves steps out as long as it does.
enum Shrinker {
    /// The order without the steps that are not needed, and what it breaks.
    static func shrunk<Player: Subject>(
        _ order: Order, breaking promise: Promise, by player: Player.Type
    ) -> (order: Order, words: String) {
        var shortest = order
        func breaks(_ candidate: Order) -> Bool {
            Play.violation(of: candidate, by: player, keeping: [promise]) != nil
        }
        var length = max(1, shortest.steps.count / 2)
        while true {
            var isShorter = false
            var place = 0
            while place < shortest.steps.count {
                var candidate = shortest
                candidate.steps.removeSubrange(place..<min(place + length, candidate.steps.count))
                if breaks(candidate) {
                    shortest = candidate
                    isShorter = true
                } else {
                    place += length
                }
            }
            if length == 1, !isShorter { break }
            if !isShorter { length = max(1, length / 2) }
        }
        var plain = shortest
        plain.policy = 0
        if breaks(plain) { shortest = plain }
        let violation = Play.violation(of: shortest, by: player, keeping: [promise])
        return (shortest, violation?.words ?? "")
    }
}
