import Simulators

extension MatrixFault {
    static let metadata = "metadata service"
    private static let autoScaling = "Auto Scaling"
    private static let tokenService = "STS"

    /// The faults of the metadata service: its reads, its token request, and the session token.
    static let ofMetadata: [MatrixFault] =
        [
            ("hangs", Fault.hang), ("401", .status(401)), ("403", .html(403)), ("500", .status(500)),
            ("1 GiB", .huge(bytes: 1 << 30)),
            ("a byte a second", .slow(every: .seconds(1))),
        ].map { name, fault in
            reads(name) { $0.stage.lab.metadata.faults.add(FaultRule(fault, method: "GET")) }
        }
        + [
            ("token request hangs", Fault.hang), ("404 to the token request", .html(404)),
            ("garbage for a token", .garbage),
        ].map { name, fault in
            reads(name) { act in
                act.stage.lab.metadata.faults.add(FaultRule(fault, method: "PUT"))
                act.stage.lab.metadata.expireTokens()
            }
        } + [
            MatrixFault(
                dependency: metadata, name: "refuses connections", lasting: .warning,
                begin: { await $0.stage.lab.servers[.metadata]?.goAway() },
                end: { try await $0.stage.lab.servers[.metadata]?.comeBack() },
                endings: [.start: .recovered, .idle: .recovered]),
            // The path that says so is asked every five seconds, and so may say that it is well again after the notice.
            MatrixFault(
                dependency: metadata, name: "a page of HTML", lasting: .warning,
                begin: { $0.stage.lab.metadata.faults.add(FaultRule(.html(200), method: "GET")) },
                end: { $0.stage.lab.metadata.faults.clear() }),
            // What cannot be read may be the notice, so the machine counts as about to go away.
            MatrixFault(
                dependency: metadata, name: "garbage for an announcement",
                begin: { act in
                    act.stage.lab.metadata.faults.add(.garbage, to: "/latest/meta-data/spot/instance-action")
                },
                end: { $0.stage.lab.metadata.faults.clear() },
                impossible: [.givingBack: "what cannot be read announces an interruption, and takes none back"]),
            MatrixFault(
                dependency: metadata, name: "session tokens end early", lasting: .reads(8),
                begin: { $0.stage.lab.metadata.expireTokens() }, end: { $0.stage.lab.metadata.expireTokens() },
                impossible: [.start: "there is no session token yet"]),
        ]

    private static func reads(
        _ name: String, _ begin: @escaping @Sendable (MatrixAct) async throws -> Void
    ) -> MatrixFault {
        MatrixFault(
            dependency: metadata, name: name, lasting: .warning, begin: begin,
            end: { $0.stage.lab.metadata.faults.clear() }, endings: [.start: .recovered, .idle: .recovered])
    }

    /// The faults of Auto Scaling.
    static let ofAutoScaling: [MatrixFault] =
        [
            cloud("refuses connections", { await $0.stage.lab.servers[.aws]?.goAway() }) {
                try await $0.stage.lab.servers[.aws]?.comeBack()
            }
        ]
        + [
            ("hangs", Fault.hang), ("500", .status(500)),
            ("Throttling", .queryError(status: 400, code: "Throttling", message: "Rate exceeded")),
            ("garbage", .garbage), ("1 GiB", .huge(bytes: 1 << 30)),
        ].map { name, fault in cloud(name, { $0.stage.lab.aws.faults.add(fault) }) { $0.stage.lab.aws.faults.clear() } }
        + [
            MatrixFault(
                dependency: autoScaling, name: "AccessDenied",
                begin: {
                    $0.stage.lab.aws.faults.add(.queryError(status: 403, code: "AccessDenied", message: "not allowed"))
                },
                end: { $0.stage.lab.aws.faults.clear() }, endings: [.completing: .hookLeft], impossible: unasked)
        ]

    private static func cloud(
        _ name: String, _ begin: @escaping @Sendable (MatrixAct) async throws -> Void,
        _ end: @escaping @Sendable (MatrixAct) async throws -> Void
    ) -> MatrixFault {
        MatrixFault(
            dependency: autoScaling, name: name, begin: begin, end: end, impossible: unasked, isDetached: true)
    }

    private static let unasked: [Phase: String] = {
        let detached = "the group is asked when the notice is seen, and not again for a spot notice"
        return [
            .cordoning: detached, .evicting: detached, .waiting: detached, .notifying: detached,
            .givingBack: "a machine that was detached stays so; the group is not asked",
        ]
    }()

    /// The faults of the Security Token Service, with credentials so short-lived that each call needs new ones.
    static let ofTokenService: [MatrixFault] = [
        ("hangs", Fault.hang), ("AccessDenied", .queryError(status: 403, code: "AccessDenied", message: "not allowed")),
        ("500", .status(500)), ("garbage", .garbage),
    ].map { name, fault in
        MatrixFault(
            dependency: tokenService, name: name,
            prepare: { act in
                try act.stage.write("web-identity-token", to: "web-identity")
                act.stage.lab.aws.updateTokens { $0.lifetime = .seconds(60) }
            },
            environment: { act in
                [
                    "AWS_WEB_IDENTITY_TOKEN_FILE": act.stage.folder + "/web-identity",
                    "AWS_ROLE_ARN": "arn:aws:iam::123456789012:role/matrix",
                ]
            },
            begin: { $0.stage.lab.aws.faults.add(FaultRule(fault, action: "AssumeRoleWithWebIdentity")) },
            end: { $0.stage.lab.aws.faults.clear() }, impossible: unasked)
    }
}
