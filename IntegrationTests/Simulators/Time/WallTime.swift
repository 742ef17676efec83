/// An instant of the civil clock, in microseconds since 1970-01-01T00:00:00Z.
public struct WallTime: Sendable, Hashable, Comparable {
    /// Microseconds since the epoch.
    public var microseconds: Int64

    /// The instant that many microseconds after the epoch.
    public init(microseconds: Int64) {
        self.microseconds = microseconds
    }

    /// The instant that many whole seconds after the epoch.
    public init(seconds: Int64) {
        self.microseconds = seconds * 1_000_000
    }

    /// Whole seconds since the epoch, rounded down.
    public var seconds: Int64 {
        microseconds >= 0 ? microseconds / 1_000_000 : (microseconds - 999_999) / 1_000_000
    }

    /// The instant that much later (or earlier, when negative).
    public func advanced(by duration: Duration) -> WallTime {
        let parts = duration.components
        return WallTime(microseconds: microseconds + parts.seconds * 1_000_000 + parts.attoseconds / 1_000_000_000_000)
    }

    /// How long it is from this instant to another.
    public func duration(to other: WallTime) -> Duration {
        .microseconds(other.microseconds - microseconds)
    }

    /// Earlier instants come first.
    public static func < (left: WallTime, right: WallTime) -> Bool {
        left.microseconds < right.microseconds
    }
}

extension WallTime {
    /// Seconds precision as the metadata service writes notices: `2017-09-18T08:22:00Z`.
    public var iso8601: String {
        let civil = CivilTime(self)
        return "\(civil.date("-"))T\(civil.time(":"))Z"
    }

    /// Microsecond precision, for logs and recorded requests: `2017-09-18T08:22:00.000000Z`.
    public var precise: String {
        let civil = CivilTime(self)
        let fraction = padded(microseconds - seconds * 1_000_000, 6)
        return "\(civil.date("-"))T\(civil.time(":")).\(fraction)Z"
    }

    /// As signatures write it: `20170918T082200Z`.
    public var basic: String {
        let civil = CivilTime(self)
        return "\(civil.date(""))T\(civil.time(""))Z"
    }

    /// As scheduled maintenance writes it, day not padded: `21 Jan 2019 09:00:43 GMT`.
    public var maintenance: String {
        let civil = CivilTime(self)
        return "\(civil.day) \(civil.monthName) \(civil.year) \(civil.time(":")) GMT"
    }

    /// As HTTP's Date header writes it: `Mon, 18 Sep 2017 08:22:00 GMT`.
    public var http: String {
        let civil = CivilTime(self)
        return "\(civil.weekdayName), \(padded(civil.day, 2)) \(civil.monthName) \(civil.year) \(civil.time(":")) GMT"
    }

    /// The instant written as `20170918T082200Z`; nil for anything else.
    public init?(basic text: some StringProtocol) {
        let bytes = Array(text.utf8)
        guard bytes.count == 16, bytes[8] == UInt8(ascii: "T"), bytes[15] == UInt8(ascii: "Z") else { return nil }
        let digits = bytes[0..<8] + bytes[9..<15]
        guard digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else { return nil }
        func number(_ range: Range<Int>) -> Int64 {
            bytes[range].reduce(0) { $0 * 10 + Int64($1 - UInt8(ascii: "0")) }
        }
        let days = CivilTime.days(year: number(0..<4), month: number(4..<6), day: number(6..<8))
        self.init(seconds: days * 86400 + number(9..<11) * 3600 + number(11..<13) * 60 + number(13..<15))
    }
}

/// A wall time taken apart into the Gregorian calendar's fields, in UTC.
private struct CivilTime {
    var year: Int64
    var month: Int64
    var day: Int64
    var secondOfDay: Int64
    var weekday: Int

    init(_ time: WallTime) {
        let seconds = time.seconds
        let days = seconds >= 0 ? seconds / 86400 : (seconds - 86399) / 86400
        secondOfDay = seconds - days * 86400
        weekday = Int(((days % 7) + 11) % 7)
        // Years are counted from 0000-03-01, so that the leap day is the last day of a year and months have a formula.
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * marchMonth + 2) / 5 + 1
        month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
        let marchYear = month <= 2 ? year - 1 : year
        let era = (marchYear >= 0 ? marchYear : marchYear - 399) / 400
        let yearOfEra = marchYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    func date(_ separator: String) -> String {
        "\(padded(year, 4))\(separator)\(padded(month, 2))\(separator)\(padded(day, 2))"
    }

    func time(_ separator: String) -> String {
        [secondOfDay / 3600, secondOfDay / 60 % 60, secondOfDay % 60].map { padded($0, 2) }.joined(separator: separator)
    }

    var monthName: String {
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"][Int(month - 1)]
    }

    var weekdayName: String {
        ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"][weekday]
    }
}

private func padded(_ number: Int64, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
}
