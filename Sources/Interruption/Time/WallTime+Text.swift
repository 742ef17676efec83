extension WallTime {
    /// The seconds of the years 0 to 9999, the only ones that RFC 3339 can write; an offset or a leap second may lead out of them.
    static let writableSeconds = -62_167_219_200..<253_402_300_800

    /// Reads an RFC 3339 time such as `2017-09-18T08:22:00Z`, with optional fraction and offset; `nil` for anything else.
    public init?(rfc3339 text: some StringProtocol) {
        var scanner = DigitScanner(text)
        guard
            let year = scanner.number(digits: 4), scanner.accept("-"),
            let month = scanner.number(digits: 2), scanner.accept("-"),
            let day = scanner.number(digits: 2), scanner.accept("T") || scanner.accept("t"),
            let hour = scanner.number(digits: 2), scanner.accept(":"),
            let minute = scanner.number(digits: 2), scanner.accept(":"),
            let second = scanner.number(digits: 2)
        else { return nil }
        guard let fraction = scanner.fraction(), let offset = scanner.offset(), scanner.isAtEnd else { return nil }
        guard let date = CivilDate(year: year, month: month, day: day), hour < 24, minute < 60, second <= 60 else {
            return nil
        }
        let seconds = date.daysSinceEpoch * 86400 + hour * 3600 + minute * 60 + second - offset
        guard WallTime.writableSeconds.contains(seconds) else { return nil }
        self.init(sinceEpoch: .seconds(seconds) + fraction)
    }

    /// The RFC 3339 form in UTC with whole seconds, such as `2017-09-18T08:22:00Z`.
    public var rfc3339: String {
        formatted(fractionDigits: 0)
    }

    /// The RFC 3339 form in UTC with microseconds, as Kubernetes' MicroTime wants it.
    public var rfc3339Micro: String {
        formatted(fractionDigits: 6)
    }

    private func formatted(fractionDigits: Int) -> String {
        var (seconds, attoseconds) = sinceEpoch.components
        if attoseconds < 0 {
            seconds -= 1
            attoseconds += 1_000_000_000_000_000_000
        }
        let days = Int(seconds >= 0 ? seconds / 86400 : (seconds - 86399) / 86400)
        let second = Int(seconds) - days * 86400
        let date = CivilDate(daysSinceEpoch: days)
        let day = "\(padded(date.year, 4))-\(padded(date.month, 2))-\(padded(date.day, 2))"
        let time = "\(padded(second / 3600, 2)):\(padded(second / 60 % 60, 2)):\(padded(second % 60, 2))"
        let fraction = fractionDigits == 0 ? "" : "." + padded(Int(attoseconds / 1_000_000_000_000), 6)
        return "\(day)T\(time)\(fraction)Z"
    }
}

/// A day of the proleptic Gregorian calendar.
public struct CivilDate: Sendable, Hashable {
    /// The year, such as 2026.
    public let year: Int
    /// The month, 1 to 12.
    public let month: Int
    /// The day of the month, from 1.
    public let day: Int

    /// The date, or `nil` when no calendar has such a day.
    public init?(year: Int, month: Int, day: Int) {
        let lengths = [31, CivilDate.isLeap(year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        guard (1...12).contains(month), day >= 1, day <= lengths[month - 1] else { return nil }
        self.year = year
        self.month = month
        self.day = day
    }

    /// The date `daysSinceEpoch` days behind 1970-01-01.
    public init(daysSinceEpoch days: Int) {
        // Counted in eras of 400 years that begin on 1 March, so that the leap day comes last.
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    /// Days from 1970-01-01 to this day.
    public var daysSinceEpoch: Int {
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
        let yearOfEra = shiftedYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    private static func isLeap(_ year: Int) -> Bool {
        year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    }
}

private func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
}

/// Reads digits and separators from the front of a text.
private struct DigitScanner {
    private var rest: ArraySlice<UInt8>

    init(_ text: some StringProtocol) {
        rest = Array(text.utf8)[...]
    }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func accept(_ character: Unicode.Scalar) -> Bool {
        guard rest.first == UInt8(ascii: character) else { return false }
        rest.removeFirst()
        return true
    }

    mutating func number(digits: Int) -> Int? {
        var number = 0
        for _ in 0..<digits {
            guard let digit = digit() else { return nil }
            number = number * 10 + digit
        }
        return number
    }

    private mutating func digit() -> Int? {
        guard let byte = rest.first, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
        rest.removeFirst()
        return Int(byte - UInt8(ascii: "0"))
    }

    /// The fraction of a second, zero when there is none, `nil` when it is malformed; what is finer than a nanosecond
    /// is dropped.
    mutating func fraction() -> Duration? {
        guard accept(".") else { return .zero }
        guard let first = digit() else { return nil }
        var nanoseconds = first * 100_000_000
        var unit = 10_000_000
        while let next = digit() {
            nanoseconds += next * unit
            unit /= 10
        }
        return .nanoseconds(nanoseconds)
    }

    /// The offset from UTC in seconds, `nil` when there is none or it is malformed.
    mutating func offset() -> Int? {
        if accept("Z") || accept("z") { return 0 }
        let sign: Int
        if accept("+") {
            sign = 1
        } else if accept("-") {
            sign = -1
        } else {
            return nil
        }
        guard let hours = number(digits: 2), accept(":"), let minutes = number(digits: 2), hours < 24, minutes < 60
        else { return nil }
        return sign * (hours * 3600 + minutes * 60)
    }
}
