import CLibcurl

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The life of the thread that owns the `CURLM*` and every `CURL*`. Nothing in here is shared, so nothing in here is
/// locked.
///
/// Safe: the pointer is owned here, cleaned up once, at the end of `run`, after the mailbox has forgotten it.
@safe struct CurlLoop: ~Copyable {
    /// Easy handles that are kept for reuse.
    private static let idleHandles = 8
    /// Connections to one host at once; more requests than that wait for one another.
    private static let connectionsPerHost = 64
    /// Connections in all that are kept when a request ends. Fewer than `connectionsPerHost` would make a burst over
    /// HTTP/1.1 open a new one for each request. libcurl closes those that stay idle for two minutes.
    private static let keptConnections = 64
    /// Requests that share one HTTP/2 connection.
    private static let streamsPerOrigin = 100
    /// Longest sleep without anything to wait for, in milliseconds: nothing depends on it.
    private static let longestSleep: Int32 = 3_600_000
    /// Longest sleep while somebody waits for a time, in milliseconds: the poll's own clock stands still while the machine is suspended.
    private static let longestSleepWithAlarms: Int32 = 10_000
    /// How soon a repeated exchange that found its server busy looks again, in nanoseconds; it need not be woken before.
    private static let look: Int64 = 20_000_000
    /// How often the mailbox is read again, because what was run there wrote to it, before the transfers have their turn.
    private static let readings = 16

    private let mailbox: CurlMailbox
    private let multi: UnsafeMutableRawPointer
    private let sockets = SocketLedger()
    private var transfers: [ObjectIdentifier: Transfer] = [:]
    private var gate = StreamGate<Transfer>(capacity: Self.streamsPerOrigin)
    private var pool: [EasyHandle] = []
    private var mail: [Message] = []
    private var alarms = AlarmClock()
    /// Those of `transfers` that wait for their next time; few.
    private var resting: [Transfer] = []
    /// Not later than the first deadline of `transfers`.
    private var nextDeadline: Int64?
    private var isClosing = false

    /// A loop that will free `multi` when it ends.
    init(mailbox: CurlMailbox, owning multi: UnsafeMutableRawPointer) {
        self.mailbox = mailbox
        unsafe self.multi = multi
        // Neither can fail for these values, and neither would be worth stopping for.
        _ = unsafe clibcurl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, Self.keptConnections)
        _ = unsafe clibcurl_multi_set_long(multi, CURLMOPT_MAX_HOST_CONNECTIONS, Self.connectionsPerHost)
    }

    /// Serves the mailbox until it is told to close.
    mutating func run() {
        mailbox.adopt()
        while true {
            ring()
            takeMail()
            if isClosing { break }
            startAgain()
            var running: Int32 = 0
            let status = unsafe curl_multi_perform(multi, &running)
            if status != CURLM_OK {
                endAll(with: .connectionLost(detail: "libcurl's multi handle failed (\(status.rawValue))"))
            }
            takeEnded()
            endOverdue()
            sleep()
        }
        shutDown()
    }

    // MARK: Mail

    private mutating func takeMail() {
        for _ in 0..<Self.readings {
            mailbox.takeAll(into: &mail)
            if mail.isEmpty { return }
            for message in mail {
                switch message {
                case .start(let order): start(order)
                case .wake(let alarm): alarms.set(alarm)
                case .cancel(let ticket): cancel(ticket)
                case .abandon(let origin): abandon(origin)
                case .rest: rest()
                case .run(let errand): errand.run()
                case .close: isClosing = true
                }
            }
            mail.removeAll(keepingCapacity: true)
        }
    }

    private mutating func cancel(_ ticket: Ticket) {
        if let transfer = transfers[ObjectIdentifier(ticket)] {
            end(transfer, with: .failure(.cancelled))
        } else if let alarm = alarms.take(ticket) {
            alarm.continuation.resume(returning: false)
        }
    }

    private mutating func ring() {
        guard alarms.next != nil else { return }
        let now = LoopClock.now
        while let alarm = alarms.takeDue(at: now) { alarm.continuation.resume(returning: true) }
    }

    private mutating func start(_ order: Order) {
        guard let easy = pool.popLast() ?? EasyHandle() else {
            return order.continuation.resume(returning: .failure(.unsendable(detail: "out of memory")))
        }
        let transfer = Transfer(order, on: easy, sockets: sockets)
        do throws(TransportError) {
            try transfer.prepare(order.work, at: LoopClock.now)
        } catch {
            return transfer.resume(with: .failure(error))
        }
        transfers[ObjectIdentifier(transfer.ticket)] = transfer
        let now = LoopClock.now
        if isHeldUp(transfer, at: now) {
            transfer.postpone(until: now + Self.look)
            return resting.append(transfer)
        }
        if let deadline = transfer.deadline {
            nextDeadline = min(nextDeadline ?? deadline, deadline)
        }
        if !transfer.isMultiplexed || gate.enter(transfer, to: transfer.origin) {
            add(transfer)
        }
    }

    private mutating func add(_ transfer: Transfer) {
        let status = unsafe curl_multi_add_handle(multi, transfer.easy.raw)
        if status != CURLM_OK {
            end(transfer, with: .failure(.unsendable(detail: "libcurl takes no transfer (\(status.rawValue))")))
        }
    }

    private mutating func startAgain() {
        guard !resting.isEmpty else { return }
        let now = LoopClock.now
        for transfer in resting where transfer.nextTime.map({ $0 <= now }) ?? false {
            // One after the other, so that one kept-alive connection carries them all; but nobody waits long for one that hangs.
            if isHeldUp(transfer, at: now) {
                transfer.postpone(until: now + Self.look)
                continue
            }
            resting.removeAll { $0 === transfer }
            transfer.renew(at: now)
            if let deadline = transfer.deadline {
                nextDeadline = min(nextDeadline ?? deadline, deadline)
            }
            add(transfer)
        }
    }

    /// A repeated exchange and any other with the same server are not under way together, unless they share a connection.
    private func isHeldUp(_ transfer: Transfer, at now: Int64) -> Bool {
        !transfer.isMultiplexed
            && transfers.values.contains {
                $0 !== transfer && $0.origin == transfer.origin && ($0.isRepeated || transfer.isRepeated)
                    && $0.isUnderWay(at: now)
            }
    }

    /// Lets those go on that waited for the server to be free.
    private func hasten(_ origin: String) {
        for transfer in resting where transfer.origin == origin && transfer.isPostponed {
            transfer.postpone(until: transfer.begun)
        }
    }

    private mutating func abandon(_ origin: String) {
        for transfer in transfers.values where transfer.origin == origin {
            end(transfer, with: .failure(.connectionLost(detail: "the connection was abandoned")))
        }
        sockets.cut(origin)
    }

    private mutating func rest() {
        guard transfers.count == resting.count else { return }
        pool = []
        sockets.cutAll()
    }

    // MARK: Endings

    private mutating func takeEnded() {
        var remaining: Int32 = 0
        while let message = unsafe curl_multi_info_read(multi, &remaining) {
            // The message is gone as soon as its handle is removed: copy what is needed.
            let code = unsafe message.pointee.data.result
            guard unsafe message.pointee.msg == CURLMSG_DONE,
                let context = unsafe clibcurl_private(message.pointee.easy_handle)
            else { continue }
            let transfer = unsafe Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
            if transfer.setAside(code) {
                _ = unsafe curl_multi_remove_handle(multi, transfer.easy.raw)
                hasten(transfer.origin)
                resting.append(transfer)
                // Its deadline is off, and nobody is to be woken for it.
                nextDeadline = transfers.values.lazy.compactMap(\.deadline).min()
            } else {
                makeRoom(after: code)
                end(transfer, with: transfer.result(code))
            }
        }
    }

    /// Where there was no descriptor for a new connection, kept ones must go that nobody uses: libcurl would keep them for two minutes.
    private func makeRoom(after code: CURLcode) {
        guard code == CURLE_COULDNT_CONNECT else { return }
        // libcurl does not say why it got no socket: whether there are descriptors is tried.
        let descriptor = dup(STDERR_FILENO)
        guard descriptor < 0 else {
            close(descriptor)
            return
        }
        guard errno == EMFILE || errno == ENFILE else { return }
        sockets.cutAll(except: Set(transfers.values.map(\.origin)))
    }

    /// libcurl's own clock does not run for a transfer that waits for a connection or in line; this one does.
    private mutating func endOverdue() {
        guard let due = nextDeadline else { return }
        let now = LoopClock.now
        guard now >= due else { return }
        for transfer in transfers.values {
            if let deadline = transfer.deadline, deadline <= now {
                end(transfer, with: transfer.result(CURLE_OPERATION_TIMEDOUT))
            }
        }
        nextDeadline = transfers.values.compactMap(\.deadline).min()
    }

    private mutating func endAll(with error: TransportError) {
        for transfer in transfers.values {
            end(transfer, with: .failure(error))
        }
    }

    /// In this order: libcurl lets go of the transfer, then we do, then the caller may go on. Of one that has ended
    /// already, or that libcurl does not know yet, there is nothing to let go.
    private mutating func end(_ transfer: Transfer, with result: Result<HTTPResponse, TransportError>) {
        guard transfers.removeValue(forKey: ObjectIdentifier(transfer.ticket)) != nil else { return }
        _ = unsafe curl_multi_remove_handle(multi, transfer.easy.raw)
        resting.removeAll { $0 === transfer }
        hasten(transfer.origin)
        if transfers.isEmpty {
            nextDeadline = nil
        }
        if case .success = result { recycle(transfer) }
        transfer.resume(with: result)
        if transfer.isMultiplexed, let next = gate.leave(transfer, from: transfer.origin) {
            add(next)
        }
    }

    /// Keeps a handle for the next request. One whose transfer failed is never kept: libcurl leaves a buffer in a handle whose name was
    /// not resolved, and then refuses options of the next request, which would fail before a packet of it is sent.
    private mutating func recycle(_ transfer: Transfer) {
        transfer.easy.scrub()
        // A handle whose stream was not its connection's last keeps its buffer, and reads into it by whatever size the next
        // request sets: one that shared a connection is not used again.
        if !transfer.isMultiplexed, pool.count < Self.idleHandles {
            pool.append(transfer.easy)
        }
    }

    // MARK: Sleeping

    private func sleep() {
        // What came from this thread wakes nobody.
        guard mailbox.isEmpty else { return }
        let again = resting.lazy.compactMap(\.nextTime).min()
        let limit = alarms.next == nil && again == nil ? Self.longestSleep : Self.longestSleepWithAlarms
        let next = min(nextDeadline ?? .max, alarms.next ?? .max, again ?? .max)
        let timeout = LoopClock.milliseconds(until: next, atMost: limit)
        if unsafe curl_multi_poll(multi, nil, 0, timeout, nil) != CURLM_OK {
            // Out of memory, most likely: try again soon, but do not spin.
            _ = poll(nil, 0, 100)
        }
    }

    // MARK: The end

    private mutating func shutDown() {
        for message in mailbox.retire() {
            switch message {
            case .start(let order): order.continuation.resume(returning: .failure(.closed))
            case .wake(let alarm): alarm.continuation.resume(returning: false)
            case .run(let errand): errand.runElsewhere()
            case .cancel, .abandon, .rest, .close: break
            }
        }
        for alarm in alarms.takeAll() { alarm.continuation.resume(returning: false) }
        endAll(with: .closed)
        pool = []
        // Closes the kept connections, which the ledger must live to see.
        _ = unsafe curl_multi_cleanup(multi)
        withExtendedLifetime(sockets) {}
    }
}
