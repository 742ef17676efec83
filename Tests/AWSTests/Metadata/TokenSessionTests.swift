import Interruption
import Testing
import Transport

@testable import AWS

struct TokenSessionTests {
    @Test func `without tokens every read is IMDSv1`() {
        var session = TokenSession(mode: .disabled)
        #expect(session.step(at: .seconds(0)) == .useV1)
        #expect(!session.mayTryV1(at: .seconds(0)))
    }

    @Test func `required never tries IMDSv1`() {
        var session = TokenSession(mode: .required)
        #expect(session.step(at: .seconds(0)) == .obtain(current: nil))
        #expect(!session.mayTryV1(at: .seconds(0)))
        #expect(session.v1Answered(at: .seconds(0)) == nil)
        #expect(session.step(at: .seconds(1)) == .obtain(current: nil))
    }

    @Test func `a token is used, renewed by one reader before its end, and not used after it`() {
        var session = TokenSession(mode: .optional)
        let token = Secret("t")
        _ = session.tokenArrived(token, life: 21600, at: .seconds(0))
        #expect(session.step(at: .seconds(21299)) == .use(token))
        #expect(session.step(at: .seconds(21300)) == .obtain(current: token))
        #expect(session.step(at: .seconds(21301)) == .use(token))
        #expect(session.step(at: .seconds(21331)) == .obtain(current: token))
        #expect(session.step(at: .seconds(21600)) == .obtain(current: nil))
    }

    @Test(arguments: [(-5, 1), (0, 1), (99_999_999, 21600)])
    func `a life that the service cannot mean is bounded`(told: Int, used: Int) {
        var session = TokenSession(mode: .required)
        _ = session.tokenArrived(Secret("t"), life: told, at: .seconds(0))
        #expect(session.token(otherThan: nil, at: .seconds(Double(used) - 0.5)) != nil)
        #expect(session.token(otherThan: nil, at: .seconds(Double(used))) == nil)
    }

    @Test func `a rejected token is dropped, a newer one stays`() {
        var session = TokenSession(mode: .required)
        _ = session.tokenArrived(Secret("new"), life: 100, at: .seconds(0))
        session.tokenRejected(Secret("old"))
        #expect(session.step(at: .seconds(1)) == .use(Secret("new")))
        session.tokenRejected(Secret("new"))
        #expect(session.step(at: .seconds(1)) == .obtain(current: nil))
    }

    @Test func `after falling back IMDSv2 is tried again, ever more rarely, at least every five minutes`() {
        var session = TokenSession(mode: .optional)
        #expect(session.v1Answered(at: .seconds(0)) == .fellBack)
        var tries: [Int] = []
        for second in 1...2000 where session.step(at: .seconds(Double(second))) == .obtain(current: nil) {
            tries.append(second)
            #expect(session.v1Answered(at: .seconds(Double(second))) == nil)
        }
        #expect(tries == [30, 90, 210, 450, 750, 1050, 1350, 1650, 1950])
    }

    @Test func `IMDSv1 is not used any more once IMDSv2 answers`() {
        var session = TokenSession(mode: .optional)
        _ = session.v1Answered(at: .seconds(0))
        #expect(session.tokenArrived(Secret("t"), life: 100, at: .seconds(40)) == .returned)
        #expect(session.step(at: .seconds(41)) == .use(Secret("t")))
    }

    @Test func `a refused IMDSv1 is not tried for five minutes`() {
        var session = TokenSession(mode: .optional)
        session.v1Rejected(at: .seconds(0))
        #expect(!session.mayTryV1(at: .seconds(299)))
        #expect(session.mayTryV1(at: .seconds(300)))
    }
}
