import Interruption

@testable import Drain

/// The annotation that we write on the Node and that others may have edited.
@Sendable func examineRecord(_ input: [UInt8]) {
    let text = String(decoding: input, as: UTF8.self)
    guard let found = NodeRecord(annotation: text) else { return }
    let written = found.annotation
    expect(written.utf8.count <= NodeRecord.sizeLimit, "what we write is bounded: \(written.utf8.count)")
    guard let again = NodeRecord(annotation: written) else { return expect(false, "what we write can be read") }
    expect(again.annotation == written, "writing twice is writing once")
    expect(again.cordonedByUs == found.cordonedByUs, "whose cordon it is stays known")
    if written.utf8.count < NodeRecord.sizeLimit / 2, found.notices.count <= NodeRecord.noticeLimit {
        expect(again.notices.count == found.notices.count, "no notice is lost")
        for (one, other) in zip(found.notices, again.notices) {
            expect(one.id == other.id && one.strategy == other.strategy, "a notice stays itself")
            expect(one.deadline.rfc3339 == other.deadline.rfc3339, "so does its deadline")
            _ = other.notice(by: anchor).deadline.timeLeft(at: anchor.moment).components
        }
    }
    if found.taints.count <= 16, found.taints.allSatisfy({ $0.utf8.count <= 300 }), written.utf8.count < 4096 {
        expect(again.taints == found.taints, "no taint is lost")
    }
}
