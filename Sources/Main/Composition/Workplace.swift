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
    private(set) var timeline: WorkTimeline
    let anchor: WallClockAnchor
    let lines: LineSink

    /// The real one. Wall and monotonic time are tied together here, once.
    init() {
        environment = ProcessInfo.processInfo.environment
        timeline = WorkTimeline()
        anchor = WallClockAnchor(wall: SystemWallTime.now(), moment: timeline.now)
        lines = LineSink.standardError()
    }

    /// The same place with waits on that transport's thread.
    func waiting(on transport: CurlTransport) -> Workplace {
        var other = self
        other.timeline.transport = transport
        return other
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

    /// Authorities to trust instead of the system's, where a connection names none: `SSL_CERT_FILE`, as OpenSSL and curl call it.
    var authorities: TLSTrust.Material? {
        environment["SSL_CERT_FILE"].flatMap { $0.isEmpty ? nil : .file($0) }
    }

    /// What is wrong with `authorities`, for people; `nil` when nothing is.
    var authoritiesProblem: String? {
        guard case .file(let path) = authorities else { return nil }
        let accepted = "accepted: the path of a PEM file with certificate authorities, of at most 1 MiB"
        guard let bytes = try? Workplace.bytes(ofFile: path) else {
            return "SSL_CERT_FILE: '\(path.prefix(200))' cannot be read; \(accepted)"
        }
        let isPEM = String(decoding: bytes, as: UTF8.self).contains("-----BEGIN ")
        return isPEM ? nil : "SSL_CERT_FILE: '\(path.prefix(200))' holds no certificate; \(accepted)"
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
