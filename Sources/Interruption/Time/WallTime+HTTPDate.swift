extension WallTime {
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    /// Reads the `Date` of an HTTP answer, such as `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, 5.6.7); `nil` for anything else.
    public init?(httpDate text: String) {
        let parts = text.split(separator: ",", maxSplits: 1)
        guard parts.count == 2, parts[0].count == 3 else { return nil }
        self.init(eventDate: parts[1])
    }

    /// Reads a time of scheduled maintenance, such as `21 Jan 2019 09:00:43 GMT`; the day may have one digit. `nil` for anything else.
    public init?(eventDate text: some StringProtocol) {
        let parts = text.split(separator: " ")
        guard parts.count == 5, parts[4] == "GMT" || parts[4] == "UTC", (1...2).contains(parts[0].utf8.count),
            let day = WallTime.number(parts[0]), let month = WallTime.months.firstIndex(where: { $0 == parts[1] }),
            parts[2].utf8.count == 4, let year = WallTime.number(parts[2]),
            let date = CivilDate(year: year, month: month + 1, day: day)
        else { return nil }
        let time = parts[3].split(separator: ":", omittingEmptySubsequences: false)
        guard time.count == 3, time.allSatisfy({ $0.utf8.count == 2 }), let hour = WallTime.number(time[0]),
            let minute = WallTime.number(time[1]), let second = WallTime.number(time[2]), hour < 24, minute < 60,
            second <= 60
        else { return nil }
        let seconds = date.daysSinceEpoch * 86400 + hour * 3600 + minute * 60 + second
        guard WallTime.writableSeconds.contains(seconds) else { return nil }
        self.init(sinceEpoch: .seconds(seconds))
    }

    /// Digits only: `Int` alone would take a sign.
    private static func number(_ text: some StringProtocol) -> Int? {
        text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ? Int(text) : nil
    }
}
