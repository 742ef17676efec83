import FoundationEssentials
import Interruption
import Kubernetes
import Logging
import Notify
import Settings
import Status
import Transport

/// What every command works with: the environment, the clocks, and where lines go.
struct Workplace: Sendable {
    let environment: [String: String]
    let timeline: SystemTimeline
    let anchor: WallClockAnchor
    let lines: LineSink

    /// The real one. Wall and monotonic time are tied together here, once.
    init() {
        environment = ProcessInfo.processInfo.environment
        timeline = SystemTimeline()
        anchor = WallClockAnchor(wall: SystemWallTime.now(), moment: timeline.now)
        lines = LineSink.standardError()
    }

    /// A logger of that level and form.
    func logger(format: HandlerSettings.LogFormat?, level: String) -> Logger {
        let isTerminal = Terminal.isTerminal(.standardError)
        let form: LineFormat =
            switch format {
            case .text: .text
            case .json: .json
            case nil: isTerminal ? .text : .json
            }
        let sink = lines
        return Logger(label: "interruption-handler") { _ in
            LineLogHandler(format: form, level: Logger.Level(rawValue: level) ?? .info, sink: sink)
        }
    }

    /// The text of a file, for settings that may be given as one.
    static func text(ofFile path: String) throws -> String {
        String(decoding: try bytes(ofFile: path), as: UTF8.self)
    }

    /// The bytes of a file of at most 1 MiB.
    static func bytes(ofFile path: String) throws -> [UInt8] {
        try Surroundings.file(at: path)
    }

    /// What Kubernetes' configuration is read from.
    var surroundings: Surroundings {
        let anchor = anchor
        let timeline = timeline
        return Surroundings(
            environment: environment, clock: timeline,
            secondsSince1970: { Int(anchor.wall(at: timeline.now).sinceEpoch.components.seconds) })
    }
}
