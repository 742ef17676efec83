import Testing

@testable import Kubernetes

@Suite struct `How long silence is borne` {
    private var silence = ConnectionSilence(patience: ConnectionGuard.Patience())

    @Test func `nothing in flight is rest`() {
        #expect(silence.step(at: .seconds(100)) == .rest)
    }

    @Test mutating func `a call is given two seconds from its own beginning`() {
        silence.heard(at: .seconds(1))
        silence.began(.call, at: .seconds(10))
        #expect(silence.step(at: .seconds(10)) == .wait(.seconds(2)))
        #expect(silence.step(at: .seconds(11)) == .wait(.seconds(1)))
        #expect(silence.step(at: .seconds(12)) == .probe)
    }

    @Test mutating func `calls that keep coming do not hide that none is answered`() {
        for second in 10..<12 { silence.began(.call, at: .seconds(second)) }
        #expect(silence.step(at: .seconds(12)) == .probe)
    }

    @Test mutating func `whatever is heard begins the wait anew`() {
        silence.began(.call, at: .zero)
        silence.began(.call, at: .zero)
        silence.ended(.call, heard: true, at: .seconds(1.5))
        #expect(silence.step(at: .seconds(2)) == .wait(.seconds(1.5)))
        silence.ended(.call, heard: false, at: .seconds(3))
        #expect(silence.step(at: .seconds(9)) == .rest)
    }

    @Test mutating func `an answered probe doubles the patience, up to eightfold`() {
        silence.began(.call, at: .zero)
        var probes: [Duration] = []
        for second in 0..<70 where silence.step(at: .seconds(second)) == .probe {
            probes.append(.seconds(second))
            silence.probeAnswered(at: .seconds(second))
        }
        #expect(probes == [2, 6, 14, 30, 46, 62].map { .seconds($0) })
    }

    @Test mutating func `something heard makes it watchful again`() {
        silence.began(.call, at: .zero)
        silence.probeAnswered(at: .seconds(2))
        silence.heard(at: .seconds(3))
        #expect(silence.step(at: .seconds(5)) == .probe)
    }

    @Test mutating func `a watch is given more time, but a call beside it is noticed in its own`() {
        silence.began(.watch, at: .zero)
        #expect(silence.step(at: .zero) == .wait(.seconds(2)))
        #expect(silence.step(at: .seconds(4)) == .wait(.seconds(1)))
        #expect(silence.step(at: .seconds(5)) == .probe)
        silence.began(.call, at: .seconds(1))
        #expect(silence.step(at: .seconds(3)) == .probe)
    }

    @Test func `a watch is never probed for when the setting says so`() {
        var silence = ConnectionSilence(patience: ConnectionGuard.Patience(watches: nil))
        silence.began(.watch, at: .zero)
        #expect(silence.step(at: .seconds(1000)) == .wait(.seconds(2)))
    }
}
