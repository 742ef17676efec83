import CLibcurl

/// One exchange in flight: who waits for it, what has arrived, what is still to be sent. Lives on the loop's thread
/// only.
///
/// libcurl's callbacks reach it through an unretained pointer. That pointer is good for as long as the easy handle is
/// in the multi handle, because the loop holds the transfer for at least as long.
final class Transfer {
    /// Its identity.
    let ticket: Ticket
    /// The libcurl handle that carries it.
    let easy: EasyHandle
    /// Where its sockets are noted.
    let sockets: SocketLedger
    /// Where it goes, in `URLParts.comparableOrigin` spelling.
    var origin = ""
    /// The host's name as written, for errors.
    var host = ""
    /// When its time is over, in the loop's nanoseconds; `nil` for streams that end by themselves.
    var deadline: Int64?
    /// What has arrived.
    var answer: AnswerCollector
    /// Whether it shares an HTTP/2 connection if the server offers one.
    var isMultiplexed = false
    /// Whether this is a mail, whose answer is a reply code.
    var isMail = false
    /// What is to be sent piece by piece (mail only).
    var outgoing: ArraySlice<UInt8> = []

    /// When the exchange is made again, in the loop's nanoseconds; `nil` while it is under way.
    private(set) var nextTime: Int64?

    private let repetition: Repetition?
    private let timeout: Int64?
    /// When the exchange began by its repetition's grid, in the loop's nanoseconds.
    private(set) var begun: Int64
    private let continuation: CheckedContinuation<Result<HTTPResponse, TransportError>, Never>

    /// A transfer that has not begun.
    init(_ order: Order, on easy: EasyHandle, sockets: SocketLedger) {
        ticket = order.ticket
        continuation = order.continuation
        repetition = order.repetition
        begun = LoopClock.now
        self.easy = easy
        self.sockets = sockets
        switch order.work {
        case .http(let request, let sink):
            timeout = request.timeout.map { Int64($0.wholeMilliseconds) * 1_000_000 }
            answer = AnswerCollector(bodyLimit: request.bodyLimit, sink: sink)
        case .mail:
            timeout = nil
            answer = AnswerCollector(bodyLimit: 0, sink: nil)
        }
    }

    /// Sets a whole answer aside if it is no news, until `nextTime`; `false` when it is for the caller.
    func setAside(_ code: CURLcode) -> Bool {
        guard let repetition, code == CURLE_OK, !isMultiplexed, answer.failure == nil, answer.hasHead,
            repetition.goesOn(after: answer.status, answer.body)
        else { return false }
        repetition.count()
        let (seconds, attoseconds) = repetition.interval.components
        begun += seconds * 1_000_000_000 + attoseconds / 1_000_000_000
        nextTime = begun
        deadline = nil
        return true
    }

    /// Whether its time has come and it was put off.
    var isPostponed: Bool { nextTime.map { $0 > begun } ?? false }

    /// Whether it is made again by itself.
    var isRepeated: Bool { repetition != nil }

    /// Whether its exchange was begun lately, on a connection of its own, and has no answer yet.
    func isUnderWay(at now: Int64) -> Bool {
        nextTime == nil && !isMultiplexed && now - begun < 200_000_000
    }

    /// Looks again at `time`, without leaving its grid.
    func postpone(until time: Int64) {
        nextTime = time
    }

    /// Makes the transfer what it was before its exchange.
    func renew(at now: Int64) {
        // After a time in which the machine slept, nothing is made up for.
        begun = max(begun, now - 1_000_000_000)
        nextTime = nil
        deadline = timeout.map { now + $0 }
        answer.begin()
    }

    /// Answers the waiting call. The loop does this once, after it has let go of the transfer.
    func resume(with result: Result<HTTPResponse, TransportError>) {
        continuation.resume(returning: result)
    }
}

extension EasyHandle {
    /// Lets libcurl's callbacks reach the transfer.
    func attach(_ transfer: Transfer) throws(TransportError) {
        let context = unsafe Unmanaged.passUnretained(transfer).toOpaque()
        try unsafe set(CURLOPT_PRIVATE, pointer: context)
        try unsafe set(CURLOPT_HEADERDATA, pointer: context)
        try unsafe set(CURLOPT_WRITEDATA, pointer: context)
        try unsafe set(CURLOPT_READDATA, pointer: context)
        try unsafe set(CURLOPT_SOCKOPTDATA, pointer: context)
        // Connections outlive the transfer that opened them, the ledger outlives all connections.
        try unsafe set(CURLOPT_CLOSESOCKETDATA, pointer: Unmanaged.passUnretained(transfer.sockets).toOpaque())
        try check(unsafe clibcurl_set_data_callback(raw, CURLOPT_HEADERFUNCTION, headLineArrived))
        try check(unsafe clibcurl_set_data_callback(raw, CURLOPT_WRITEFUNCTION, bodyArrived))
        try check(unsafe clibcurl_set_data_callback(raw, CURLOPT_READFUNCTION, bytesWanted))
        try check(unsafe clibcurl_set_socket_opened(raw, socketOpened))
        try check(unsafe clibcurl_set_socket_closing(raw, socketClosing))
    }
}

/// CURLOPT_HEADERFUNCTION: anything but the size ends the transfer.
private let headLineArrived: @convention(c) (UnsafeMutablePointer<CChar>?, Int, Int, UnsafeMutableRawPointer?) -> Int =
    {
        bytes, size, count, context in
        guard let bytes = unsafe bytes, let context = unsafe context else { return 0 }
        let transfer = unsafe Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
        let line = unsafe UnsafeRawBufferPointer(start: bytes, count: size * count)
        return unsafe transfer.answer.takeHeadLine(line) ? size * count : 0
    }

/// CURLOPT_WRITEFUNCTION: anything but the size ends the transfer; an empty answer's empty piece is fine with 0.
private let bodyArrived: @convention(c) (UnsafeMutablePointer<CChar>?, Int, Int, UnsafeMutableRawPointer?) -> Int = {
    bytes, size, count, context in
    guard let bytes = unsafe bytes, let context = unsafe context else { return 0 }
    let transfer = unsafe Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
    let piece = unsafe UnsafeRawBufferPointer(start: bytes, count: size * count)
    return unsafe transfer.answer.takeBody(piece) ? size * count : 0
}

/// CURLOPT_READFUNCTION: the next piece to send, 0 at the end.
private let bytesWanted: @convention(c) (UnsafeMutablePointer<CChar>?, Int, Int, UnsafeMutableRawPointer?) -> Int = {
    bytes, size, count, context in
    guard let bytes = unsafe bytes, let context = unsafe context else { return Int(CURL_READFUNC_ABORT) }
    let transfer = unsafe Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
    let piece = transfer.outgoing.prefix(size * count)
    transfer.outgoing = transfer.outgoing.dropFirst(piece.count)
    unsafe UnsafeMutableRawBufferPointer(start: bytes, count: piece.count).copyBytes(from: piece)
    return piece.count
}

/// CURLOPT_SOCKOPTFUNCTION: a socket was made for this transfer.
private let socketOpened: @convention(c) (UnsafeMutableRawPointer?, curl_socket_t, curlsocktype) -> Int32 = {
    context, socket, _ in
    guard let context = unsafe context else { return Int32(CURL_SOCKOPT_ERROR) }
    let transfer = unsafe Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
    transfer.sockets.opened(socket, to: transfer.origin)
    return Int32(CURL_SOCKOPT_OK)
}

/// CURLOPT_CLOSESOCKETFUNCTION: libcurl is done with a socket.
private let socketClosing: @convention(c) (UnsafeMutableRawPointer?, curl_socket_t) -> Int32 = { context, socket in
    guard let context = unsafe context else { return 1 }
    return unsafe Unmanaged<SocketLedger>.fromOpaque(context).takeUnretainedValue().closing(socket)
}
