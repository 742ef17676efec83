import Interruption

/// This machine's clock beside the API server's.
struct ClockComparison: Sendable {
    /// Differences up to this are rounding and network: the `Date` header has whole seconds.
    static let tolerance = Duration.seconds(5)

    /// Our clock in the middle of the exchange.
    let ours: WallTime
    /// The answer's `Date` header as written (RFC 9110, 5.6.7).
    let date: String?

    /// How far our clock is behind, negative when it is ahead; `nil` when the server's time cannot be read.
    var lag: Duration? {
        date.flatMap { WallTime(httpDate: $0) }.map { ours.duration(to: $0) }
    }

    /// What that means.
    var diagnosis: Diagnosis {
        guard let lag else {
            return Diagnosis("clock", .ok, "not compared: the API server's answer has no time")
        }
        let distance = lag < .zero ? .zero - lag : lag
        guard distance > ClockComparison.tolerance else {
            return Diagnosis("clock", .ok, "this machine's clock agrees with the API server's")
        }
        let seconds = distance.components.seconds
        return Diagnosis(
            "clock", .warn,
            "this machine's clock is \(seconds) s \(lag < .zero ? "ahead of" : "behind") the API server's",
            advice: "mend the time service (NTP) of one of them; certificates, tokens and recorded times depend on it")
    }
}
