import Interruption

extension Notification {
    /// What all messages about one notice share, for threads and deduplication: node and notice; never longer than
    /// `limit` bytes.
    ///
    /// The machine's own id is no part of it, because it may be learnt only between the first message and the second.
    /// A test has a key of its own per node.
    func correlationKey(limit: Int = 255) -> String {
        let key = notice.map { "\(nodeName)/\($0.id.rawValue)" } ?? "test/\(nodeName)"
        guard key.utf8.count > limit else { return key }
        let mark = "#" + Fingerprint.long(key)
        return TextLimit(limit - mark.utf8.count, .bytes).cut(key) + mark
    }
}
