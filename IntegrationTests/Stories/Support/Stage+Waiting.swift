import Simulators

/// The log of a handler that has ended, for questions about it.
struct HandlerLog {
    /// What it wrote, line by line.
    let lines: [String]

    /// The lines that hold all of `texts`.
    func lines(with texts: String...) -> [String] {
        lines.filter { line in texts.allSatisfy { line.contains($0) } }
    }

    /// Where the first line is that holds all of `texts`; `nil` when there is none.
    func position(of texts: String...) -> Int? {
        lines.firstIndex { line in texts.allSatisfy { line.contains($0) } }
    }
}

extension Stage {
    /// Flags with which a story takes little time.
    static let quick = ["--poll-interval", "100ms"]

    /// Gives a spot notice of two minutes, and answers once people were told its outcome.
    @discardableResult
    func playSpotNotice() async -> [String] {
        lab.metadata.noticeSpot(in: .seconds(120))
        return await slackTexts(atLeast: 2)
    }

    /// Returns when the metadata service was asked `count` more times.
    func untilAsked(_ count: Int) async {
        _ = await lab.metadata.log.entries(atLeast: lab.metadata.log.count + count)
    }

    /// Returns when the stage is as `isSo` says; it looks each time that the handler asks the metadata service.
    func until(_ isSo: @Sendable (Stage) -> Bool) async {
        while !Task.isCancelled, !isSo(self) { await untilAsked(1) }
    }

    /// Returns when the Node carries exactly these taints; they are put beside the drain and not before it.
    func untilTainted(_ keys: String...) async {
        await until { $0.taintKeys == keys }
    }

    /// The reads of the metadata service so far.
    var metadataReads: [LabRequest] {
        lab.metadata.log.entries.map(\.request).filter { $0.method == "GET" }
    }

    /// The requests for a session token so far.
    var tokenRequests: [LabRequest] {
        lab.metadata.log.entries.map(\.request).filter { $0.method == "PUT" }
    }
}

extension LabRequest {
    /// Whether it shows a session token.
    var hasToken: Bool { header("x-aws-ec2-metadata-token") != nil }
}

/// The machine's clock, moved.
struct MovedWallClock: WallClock {
    /// How far it is ahead.
    let offset: Duration

    var now: WallTime { SystemWallClock().now.advanced(by: offset) }
}
