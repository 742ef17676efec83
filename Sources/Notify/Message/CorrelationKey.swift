import Interruption

extension Notification {
    /// What all messages about one notice share, for threads and deduplication: machine and notice; never longer than
    /// `limit` bytes.
    ///
    /// A test has a key of its own per node.
    func correlationKey(limit: Int = 255) -> String {
        let machineName = machine.instanceID ?? nodeName
        let key = notice.map { "\(machineName)/\($0.id.rawValue)" } ?? "test/\(machineName)"
        guard key.utf8.count > limit else { return key }
        let mark = "#" + Fingerprint.long(key)
        return TextLimit(limit - mark.utf8.count, .bytes).cut(key) + mark
    }
}
