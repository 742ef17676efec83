public import Interruption

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The machine's wall clock, for stamping what people read; decisions use a `Timeline`.
public enum SystemWallTime {
    /// What the wall clock shows.
    @Sendable public static func now() -> WallTime {
        var time = timespec()
        // Fails only for a clock that does not exist; the epoch then says so plainly.
        _ = unsafe clock_gettime(CLOCK_REALTIME, &time)
        return WallTime(sinceEpoch: .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec))
    }
}
