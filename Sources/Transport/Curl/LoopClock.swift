#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The loop's clock: nanoseconds that never go back and that count suspended time too, as the deadlines of the machine do.
enum LoopClock {
    /// The present.
    static var now: Int64 {
        var time = timespec()
        unsafe clock_gettime(CLOCK_BOOTTIME, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }

    /// The instant that lies `duration` ahead; at most a hundred years.
    static func instant(in duration: Duration) -> Int64 {
        let (seconds, attoseconds) = duration.components
        let whole = min(max(seconds, 0), 3_153_600_000)
        return now + whole * 1_000_000_000 + max(0, attoseconds + 999_999_999) / 1_000_000_000
    }

    /// Milliseconds from now until `instant` as libcurl's poll takes them: rounded up, so that nobody wakes too early.
    static func milliseconds(until instant: Int64, atMost limit: Int32) -> Int32 {
        let left = max(0, instant - now)
        return Int32(min((left + 999_999) / 1_000_000, Int64(limit)))
    }
}
