/// Which version this is.
enum Version {
    /// The version as people read it.
    static let text = "0.1.0"
}
