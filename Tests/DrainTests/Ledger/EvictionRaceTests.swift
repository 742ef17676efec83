import Interruption
import Testing

@testable import Drain

struct EvictionRaceTests {
    /// A server with one budget: of those that are under way one wins each round trip, and the others sleep.
    private func racing() -> EvictionRace {
        var race = EvictionRace()
        while race.hasRoom { race.began() }
        race.accepted(after: .milliseconds(30))
        for _ in 0..<4 { race.accepted(after: .milliseconds(550)) }
        return race
    }

    @Test func `some begin, and who wait for each other go on with few`() {
        var race = racing()
        #expect(!race.hasRoom)
        while race.underWay >= EvictionRace.narrow { race.ended() }
        #expect(race.hasRoom)
        race.began()
        #expect(!race.hasRoom)
    }

    @Test func `quick answers let all go`() {
        var race = EvictionRace()
        while race.hasRoom { race.began() }
        #expect(race.underWay == EvictionRace.opening)
        for _ in 0..<EvictionRace.enough { race.accepted(after: .milliseconds(120)) }
        for _ in 0..<200 { race.began() }
        #expect(race.hasRoom)
    }

    @Test func `a server that is slow with everybody is no race`() {
        var race = EvictionRace()
        for _ in 0..<EvictionRace.opening { race.began() }
        for _ in 0..<EvictionRace.enough { race.accepted(after: .seconds(1)) }
        for _ in 0..<200 { race.began() }
        #expect(race.hasRoom)
    }

    @Test func `a refusal says nothing`() {
        var race = EvictionRace()
        for _ in 0..<100 {
            race.began()
            race.ended()
        }
        #expect(race == EvictionRace())
    }
}
