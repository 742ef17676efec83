import Interruption
import Kubernetes
import Synchronization

/// Keeps the desk informed of the node's pods: one list, then a watch from there; the list again only when the watch
/// cannot go on.
struct PodLane: Sendable {
    /// How often the pods are listed when they may not be watched.
    static let pollingPause = Duration.seconds(2)

    let api: any ClusterAPI
    let nodeName: String
    let desk: DrainDesk
    let timeline: any Timeline
    let watches: Bool
    let seed: UInt64
    /// How far the watch has come.
    let position: WatchPosition

    /// Runs until the task is cancelled, or until the list is there when it need not be watched. Where the position is
    /// known, the pods are watched from there, without a list.
    func run() async {
        var pause = Pause(seed: seed)
        var relists = Pause(seed: seed &+ 2)
        if watches, !position.version.isEmpty {
            guard await watch(&relists) else { return }
        }
        while !Task.isCancelled {
            let answer = await outcome { () throws(KubernetesError) in try await api.pods(onNode: nodeName) }
            switch answer {
            case .success(let list):
                pause.wentWell()
                desk.podsListed(list.pods)
                guard watches else { return }
                position.moves(to: list.resourceVersion)
                guard await watch(&relists) else { return }
            case .failure(let error):
                if Task.isCancelled { return }
                if !error.isPassing { desk.remark("list of pods: \(error.words)") }
                desk.retried(after: error)
                guard await timeline.passes(pause.after(error)) else { return }
            }
        }
    }

    /// Watches until the pods have to be listed again (`true`) or the task is cancelled.
    private func watch(_ relists: inout Pause) async -> Bool {
        var pause = Pause(seed: seed &+ 1)
        while !Task.isCancelled {
            let began = timeline.now
            let before = position.version
            let end = await watched()
            switch end {
            case .doubted, .failed(.expired):
                // A server whose lists are too old for its own watches must not be asked in a tight loop.
                if position.version != before || began.duration(to: timeline.now) > .seconds(1) { relists.wentWell() }
                let next = relists.afterFailure()
                return await timeline.passes(relists.failureCount == 1 ? next / 4 : next)
            case .failed(let error) where !error.isPassing:
                desk.remark("watch of pods: \(error.words)")
                return await timeline.passes(Self.pollingPause)
            case .failed(let error):
                if Task.isCancelled { return false }
                desk.retried(after: error)
            case .ended:
                break
            }
            if position.version != before || began.duration(to: timeline.now) > .seconds(1) { pause.wentWell() }
            guard await timeline.passes(pause.after(end.error)) else { return false }
            if pause.failureCount >= 5 { return true }
        }
        return false
    }

    private enum WatchEnd {
        case ended
        case doubted
        case failed(KubernetesError)

        var error: KubernetesError? {
            if case .failed(let error) = self { error } else { nil }
        }
    }

    private func watched() async -> WatchEnd {
        let (desk, position) = (desk, position)
        let flag = Flag()
        let answer = await racing(against: {
            await desk.doubt.wait()
            if !Task.isCancelled { flag.raise() }
        }) {
            await outcome { () throws(KubernetesError) in
                try await api.watchPods(onNode: nodeName, from: position.version) { event in
                    position.moves(to: event.resourceVersion)
                    desk.podsChanged(event)
                }
            }
        }
        if flag.isRaised { return .doubted }
        switch answer {
        case .success: return .ended
        case .failure(let error): return .failed(error)
        }
    }
}

/// How far a watch has come; empty before the first list.
final class WatchPosition: Sendable {
    private let state = Mutex("")

    var version: String { state.withLock { $0 } }

    func moves(to version: String) {
        guard !version.isEmpty else { return }
        state.withLock { $0 = version }
    }
}

/// Something that happened once.
final class Flag: Sendable {
    private let state = Mutex(false)

    var isRaised: Bool { state.withLock { $0 } }

    func raise() { state.withLock { $0 = true } }
}

extension PodWatchEvent {
    /// Where the watch can go on from.
    var resourceVersion: String {
        switch self {
        case .present(_, let version), .gone(_, let version), .bookmark(let version): version
        }
    }
}
