import Interruption
import Settings
import Status
import Transport

/// Texts that mean a time, a duration or an address: what is accepted prints back as the same.
@Sendable func examineTimes(_ input: [UInt8]) {
    let text = String(decoding: input, as: UTF8.self)
    for time in [WallTime(rfc3339: text), WallTime(httpDate: text), WallTime(eventDate: text)] {
        guard let time else { continue }
        let whole = WallTime(rfc3339: time.rfc3339)
        expect(
            whole.map { $0 <= time && $0.duration(to: time) < .seconds(1) } ?? false, "\(time.rfc3339) reads the same")
        let exact = WallTime(rfc3339: time.rfc3339Micro)
        expect(
            exact.map { $0 <= time && $0.duration(to: time) < .microseconds(1) } ?? false,
            "\(time.rfc3339Micro) reads the same")
    }
    if let duration = Duration(setting: text) {
        let printed = duration.settingText
        let again = Duration(setting: printed)
        expect(
            again.map { abs($0, duration) < .milliseconds(1) } ?? false, "\(text) is \(duration), printed \(printed)")
        expect(again?.settingText == printed, "\(printed) prints as itself")
    }
    if let address = HostAndPort(text) {
        expect(HostAndPort(address.description) == address, "\(text) prints as \(address)")
    }
    if let address = try? ListenAddress(text) {
        expect((try? ListenAddress(address.description)) == address, "\(text) prints as \(address)")
    }
    let retryAfter = HTTPResponse(status: 503, headers: ["Retry-After": text]).retryAfter
    expect(retryAfter.map { (.zero ... .seconds(86_400)).contains($0) } ?? true, "a bounded pause")
}

private func abs(_ one: Duration, _ other: Duration) -> Duration {
    one > other ? one - other : other - one
}
