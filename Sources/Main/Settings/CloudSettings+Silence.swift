extension CloudSettings {
    /// How long the metadata service may be silent until the daemon no longer counts as ready.
    ///
    /// Ten poll intervals, and at least three reads of whatever is surely read: the lifecycle state every 2 s where it is read at all, else a
    /// source that may be read as seldom as every 5 s.
    public var longestSilence: Duration {
        max(pollInterval * 10, notices.contains(.scaleIn) ? .seconds(6) : .seconds(15))
    }
}
