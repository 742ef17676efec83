import NIOCore
import Synchronization

/// Who is connected. Bounded; somebody who holds a place without asking for anything loses it to a newcomer, so that a crowd of idle
/// connections cannot keep the kubelet's probes out for longer than the patience lasts.
final class ConnectionRegister: Sendable {
    private struct Place {
        let channel: any Channel
        let since: NIODeadline
        var owesRequest = true
    }

    /// Whether a newcomer may stay.
    private enum Verdict {
        case welcome
        case insteadOf(any Channel)
        case full
    }

    private let limits: ServerLimits
    private let places = Mutex<[Place]>([])

    init(limits: ServerLimits) {
        self.limits = limits
    }

    /// How many are connected.
    var count: Int { places.withLock { $0.count } }

    /// Takes a newcomer in until its channel is closed; `false` when there is no place.
    func admit(_ channel: any Channel, at now: NIODeadline = .now()) -> Bool {
        switch verdict(on: channel, at: now) {
        case .full:
            return false
        case .insteadOf(let idler):
            // Not under the lock: closing runs callbacks at once, `leave` among them.
            idler.close(promise: nil)
        case .welcome:
            break
        }
        channel.closeFuture.whenComplete { _ in self.leave(channel) }
        return true
    }

    /// The channel sent its request: its place is safe now.
    func requestArrived(on channel: any Channel) {
        places.withLock { places in
            guard let index = places.firstIndex(where: { $0.channel === channel }) else { return }
            places[index].owesRequest = false
        }
    }

    private func verdict(on channel: any Channel, at now: NIODeadline) -> Verdict {
        places.withLock { places in
            guard places.count >= limits.connections else {
                places.append(Place(channel: channel, since: now))
                return .welcome
            }
            // In order of arrival, so the first is the one that has been idle longest.
            guard let index = places.firstIndex(where: \.owesRequest),
                now - places[index].since >= TimeAmount(limits.patience)
            else { return .full }
            let idler = places.remove(at: index)
            places.append(Place(channel: channel, since: now))
            return .insteadOf(idler.channel)
        }
    }

    private func leave(_ channel: any Channel) {
        places.withLock { $0.removeAll { $0.channel === channel } }
    }
}
