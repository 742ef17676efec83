/// A task that sleeps until its time.
struct Alarm: Sendable {
    /// Its identity, for the cancel.
    let ticket: Ticket
    /// When it rings, in the loop's nanoseconds.
    let due: Int64
    /// Resumed exactly once: `true` when the time has come.
    let continuation: CheckedContinuation<Bool, Never>
}

/// Who sleeps until when. Lives on the loop's thread only.
struct AlarmClock {
    /// The latest first, so that the next to ring is the last.
    private var alarms: [Alarm] = []

    /// When the next one rings.
    var next: Int64? { alarms.last?.due }

    /// Takes an alarm; of two for the same instant the earlier set rings first.
    mutating func set(_ alarm: Alarm) {
        var low = 0
        var high = alarms.count
        while low < high {
            let middle = (low + high) / 2
            if alarms[middle].due > alarm.due { low = middle + 1 } else { high = middle }
        }
        alarms.insert(alarm, at: low)
    }

    /// Takes away the alarm with that ticket, which has not rung.
    mutating func take(_ ticket: Ticket) -> Alarm? {
        alarms.lastIndex { $0.ticket === ticket }.map { alarms.remove(at: $0) }
    }

    /// Takes away one alarm whose time has come.
    mutating func takeDue(at now: Int64) -> Alarm? {
        guard let next, next <= now else { return nil }
        return alarms.popLast()
    }

    /// Takes away all.
    mutating func takeAll() -> [Alarm] {
        defer { alarms = [] }
        return alarms
    }
}
