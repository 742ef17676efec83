import FoundationEssentials
import Simulators
import Testing

/// Where credentials with a session token come from.
enum CredentialKind: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case webIdentity, container, instanceProfile

    var testDescription: String { rawValue }
}

/// The signatures of the real binary, judged by botocore.
@Suite(.timeLimit(.minutes(10))) struct `A signature` {
    private static let secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
    private static let token = "IQoJb3JpZ2luX2VjEXAMPLE/+" + String(repeating: "Token0123456789/+", count: 40) + "=="

    @Test(arguments: CredentialKind.allCases)
    func `is the one that botocore makes`(kind: CredentialKind) async throws {
        let (line, verdicts) = try await play(kind, knowing: Self.secret)
        #expect(line?.contains("machine detached from its group") == true)
        let actions = Set(verdicts.compactMap { $0["action"]?.string })
        #expect(actions.isSuperset(of: ["DescribeAutoScalingInstances", "DetachInstances"]))
        #expect(verdicts.allSatisfy { $0["verdict"]?.string == "good" }, "\(verdicts)")
        #expect(verdicts.allSatisfy { $0["scope"]?.string == "eu-west-1/autoscaling" })
    }

    /// The judge is worth something only if it refuses what is wrong.
    @Test func `with another secret is refused, and that is told`() async throws {
        let (line, verdicts) = try await play(.instanceProfile, knowing: "another" + Self.secret)
        #expect(line?.contains("machine not detached from its group") == true)
        #expect(line?.contains("SignatureDoesNotMatch") == true)
        #expect(!verdicts.isEmpty)
        #expect(verdicts.allSatisfy { $0["verdict"]?.string == "the signature is not the one that botocore makes" })
    }

    /// The line that tells of the detachment, and the judge's verdicts.
    private func play(_ kind: CredentialKind, knowing secret: String) async throws -> (String?, [KubernetesJSON]) {
        let instance = ClusterPreset.demoInstance.id
        let judge = [
            "STORY_KEY_ID": "ASIAIOSFODNN7EXAMPLE", "STORY_SECRET": secret, "STORY_TOKEN": Self.token,
            "STORY_INSTANCE": instance,
        ]
        let outcome = try await PythonProgram.run("verify_sigv4.py", environment: judge) { ready, _ in
            let endpoint = try #require(ready["endpoint"]?.string)
            let told = Told()
            try await Stage.play { stage in
                let environment = try environment(of: kind, at: endpoint, on: stage)
                try await stage.handler(Stage.quick + ["--detach-asg"], environment) { handler in
                    await stage.untilListening()
                    stage.lab.metadata.noticeSpot(in: .seconds(120))
                    await told.set(handler.line(containing: "detached from its group"))
                }
                #expect(stage.lab.aws.calls.isEmpty)
            }
            return await told.line
        }
        return (outcome.value, outcome.lines.filter { $0["verdict"] != nil })
    }

    private func environment(of kind: CredentialKind, at endpoint: String, on stage: Stage) throws -> [String: String] {
        var environment = ["AWS_ENDPOINT_URL_AUTO_SCALING": endpoint, "AWS_ENDPOINT_URL_STS": endpoint]
        let file = stage.folder + "/token"
        try "a-token-of-the-cluster".write(toFile: file, atomically: true, encoding: .utf8)
        switch kind {
        case .webIdentity:
            environment["AWS_WEB_IDENTITY_TOKEN_FILE"] = file
            environment["AWS_ROLE_ARN"] = "arn:aws:iam::123456789012:role/story"
        case .container:
            environment["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = endpoint + "/v1/credentials"
            environment["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] = file
        case .instanceProfile:
            let document = """
                {"Code": "Success", "Type": "AWS-HMAC", "AccessKeyId": "ASIAIOSFODNN7EXAMPLE", \
                "SecretAccessKey": "\(Self.secret)", "Token": "\(Self.token)", "Expiration": "2099-01-01T00:00:00Z"}
                """
            stage.lab.metadata.update {
                $0.overrides["meta-data/iam/security-credentials/lab-node-role"] = document
            }
        }
        return environment
    }
}

/// A line that was waited for in a story.
private actor Told {
    private(set) var line: String?

    func set(_ line: String?) { self.line = line }
}
