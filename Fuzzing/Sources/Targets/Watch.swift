import Synchronization
import Transport

@testable import Kubernetes

/// A watch of pods at any chunk border.
@Sendable func examineWatch(_ input: [UInt8]) {
    var choices = Choices(input)
    let (whole, wholeEnd) = events(of: [input])
    let (cut, cutEnd) = events(of: input.pieces(&choices))
    expect(whole == cut, "chunks do not matter: \(whole) \(cut)")
    expect(wholeEnd == cutEnd, "chunks do not matter: \(wholeEnd.debugDescription) \(cutEnd.debugDescription)")
    if let error = wholeEnd {
        expect(isFitForALine(error.words, limit: 1200), "a bounded error: \(error.words.utf8.count)")
    }
}

private final class Shelf: Sendable {
    let events = Mutex<[PodWatchEvent]>([])
}

private func events(of chunks: [[UInt8]]) -> ([PodWatchEvent], KubernetesError?) {
    let shelf = Shelf()
    let sink = WatchSink(podLinesUpTo: 1 << 20) { event in shelf.events.withLock { $0.append(event) } }
    for chunk in chunks where !sink.receive(chunk) { break }
    do throws(KubernetesError) {
        try sink.finish()
        return (shelf.events.withLock { $0 }, nil)
    } catch {
        return (shelf.events.withLock { $0 }, error)
    }
}
