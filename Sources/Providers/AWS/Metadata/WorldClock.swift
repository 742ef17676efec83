import Interruption
import Synchronization

/// The world's time as the metadata service sees it. The node's own clock ties it at the start; when it turns out to be off, the service's
/// `Date` takes over, because the times in the announcements are the service's.
final class WorldClock: Sendable {
    /// Differences up to this are rounding and network.
    static let tolerance = Duration.seconds(5)

    /// How often the service's `Date` is looked at.
    static let pause = Duration.seconds(10)

    private struct State {
        var anchor: WallClockAnchor
        var wasTold = false
        var nextLook: Moment?
    }

    private let state: Mutex<State>
    private let remark: @Sendable (AWSRemark) -> Void

    init(anchor: WallClockAnchor, remark: @escaping @Sendable (AWSRemark) -> Void) {
        state = Mutex(State(anchor: anchor))
        self.remark = remark
    }

    /// The tie that holds now.
    var anchor: WallClockAnchor { state.withLock { $0.anchor } }

    /// The world's time at `moment`.
    func wall(at moment: Moment) -> WallTime { anchor.wall(at: moment) }

    /// The service said `date` in an answer to a request that was sent at `sent` and answered at `received`.
    func observe(date: @autoclosure () -> String?, sent: Moment, received: Moment) {
        guard state.withLock({ $0.nextLook.map { $0 <= received } ?? true }) else { return }
        // A date from before EC2 existed is a broken clock, not a correction.
        guard let date = date(), let told = WallTime(httpDate: date), told.sinceEpoch > .seconds(1_136_073_600) else {
            return
        }
        let middle = sent.advanced(by: sent.duration(to: received) / 2)
        let difference: Duration? = state.withLock { state in
            let difference = state.anchor.wall(at: middle).duration(to: told)
            state.nextLook = received.advanced(by: WorldClock.pause)
            guard difference > WorldClock.tolerance || difference < .zero - WorldClock.tolerance else { return nil }
            state.anchor = WallClockAnchor(wall: told, moment: middle)
            defer { state.wasTold = true }
            return state.wasTold ? nil : difference
        }
        if let difference { remark(.clockCorrected(by: difference)) }
    }
}
