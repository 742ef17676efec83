extension CloudSettings {
    /// How long the metadata service may be silent until the daemon no longer counts as ready.
    ///
    /// Ten poll intervals, and at least three reads of whatever is surely read, which may be as seldom as every 5 s.
    public var longestSilence: Duration {
        max(pollInterval * 10, .seconds(15))
    }
}
