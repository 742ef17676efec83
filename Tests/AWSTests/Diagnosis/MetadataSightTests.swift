import Interruption
import Testing

@testable import AWS

/// What the metadata service's answers mean.
@Suite struct `Sight of the metadata service` {
    private static let id: MetadataSight.Answer = .success(Array("i-0bb697ef2705e5b37".utf8))

    @Test(
        arguments: [
            (.optional, id, nil, .ok, "IMDSv2 answers"),
            (.disabled, nil, id, .ok, "IMDSv1 (tokens are disabled) answers"),
            (.disabled, nil, .failure(.tokensRequired), .fail, "accepts only IMDSv2"),
            (.optional, .success(nil), nil, .warn, "no instance-id"),
            (.optional, .success(Array("<html>".utf8)), nil, .fail, "instance-id is none"),
            (.required, .failure(.tokenUnanswered), nil, .fail, "hop limit is 1"),
            (.optional, .failure(.tokenUnanswered), .failure(.tokensRequired), .fail, "hop limit is 1"),
            (.optional, .failure(.tokenUnanswered), .failure(.timedOut), .fail, "neither to IMDSv2 nor to IMDSv1"),
            (.optional, .failure(.tokenUnanswered), id, .warn, "IMDSv1 answers and is used"),
            (.optional, .failure(.tokenRefused(status: 404)), id, .warn, "only IMDSv1 answers"),
            (.required, .failure(.tokenRefused(status: 404)), nil, .fail, "no IMDSv2"),
            (.optional, .failure(.tokenRefused(status: 403)), .failure(.forbidden), .fail, "switched off"),
            (.optional, .failure(.unreachable("refused")), nil, .fail, "cannot be reached"),
            (.optional, .failure(.unavailable(status: 503)), nil, .fail, "503"),
        ] as [(TokenMode, MetadataSight.Answer?, MetadataSight.Answer?, Diagnosis.Verdict, String)])
    func `names the cause`(
        mode: TokenMode, byToken: MetadataSight.Answer?, withoutToken: MetadataSight.Answer?,
        verdict: Diagnosis.Verdict, words: String
    ) {
        let sight = MetadataSight(
            mode: mode, endpoint: "http://169.254.169.254", byToken: byToken, withoutToken: withoutToken)
        #expect(sight.diagnosis.verdict == verdict)
        #expect(sight.diagnosis.words.contains(words), "\(sight.diagnosis.words)")
        #expect((sight.diagnosis.advice == nil) == (verdict == .ok))
    }

    @Test func `is sought without a token only where that tells something`() {
        #expect(MetadataSight.wantsBoth(.optional, after: .failure(.tokenUnanswered)))
        #expect(!MetadataSight.wantsBoth(.required, after: .failure(.tokenUnanswered)))
        #expect(!MetadataSight.wantsBoth(.optional, after: `Sight of the metadata service`.id))
        #expect(!MetadataSight.wantsBoth(.optional, after: .failure(.unreachable("refused"))))
    }
}
