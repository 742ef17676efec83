import Interruption
import Transport

/// One try of one message by one channel, bounded in time by the timeline, whatever the transport does.
struct Attempt: Sendable {
    /// The channel.
    let channel: any Channel
    /// What carries the message.
    let carriers: Carriers
    /// The clock.
    let timeline: any Timeline

    /// Makes the try; `nil` when the task was cancelled. All words are free of the channel's secrets and short.
    func run(_ notification: Notification, within limit: Duration) async -> Verdict? {
        let result = await withTaskGroup(of: Result<Verdict, TransportError>.self) { group in
            group.addTask {
                do throws(TransportError) {
                    return .success(try await channel.deliver(notification, by: carriers, within: limit))
                } catch {
                    return .failure(error)
                }
            }
            group.addTask {
                do {
                    // A little later than the transport's own bound, whose error says how far it came.
                    try await timeline.sleep(for: limit + .milliseconds(100))
                    return .failure(.timedOut(phase: .answering))
                } catch {
                    return .failure(.cancelled)
                }
            }
            let first = await group.next() ?? .failure(.cancelled)
            group.cancelAll()
            return first
        }
        switch result {
        case .success(let verdict): return verdict.mapWords(cleaned)
        case .failure(.cancelled) where Task.isCancelled: return nil
        case .failure(let error): return error.verdict(after: limit).mapWords(cleaned)
        }
    }

    /// Cleaned first and clipped then: a clipped secret would not be found.
    private func cleaned(_ words: String) -> String {
        TextLimit(300, .utf16).clipped(channel.cleaned(words).singleLine)
    }
}

extension Verdict {
    fileprivate func mapWords(_ change: (String) -> String) -> Verdict {
        switch self {
        case .delivered(let words): .delivered(change(words))
        case .refused(let words): .refused(change(words))
        case .tryAgain(let after, let words): .tryAgain(after: after, change(words))
        }
    }
}

extension TransportError {
    /// What it means for a message: whether another try can help, and what a person could mend.
    fileprivate func verdict(after limit: Duration) -> Verdict {
        switch self {
        case .timedOut(.connecting):
            .tryAgain(after: nil, "no connection within \(limit.words); check the address and the network policy")
        case .timedOut(.answering): .tryAgain(after: nil, "no answer within \(limit.words)")
        case .cancelled, .closed: .tryAgain(after: nil, "sending was stopped")
        case .unresolved(let host): .tryAgain(after: nil, "the name \(host) has no address; check it and DNS")
        case .unreachable(let detail): .tryAgain(after: nil, "nobody accepts connections there: \(detail)")
        case .connectionLost(let detail): .tryAgain(after: nil, "the connection broke: \(detail)")
        case .garbled(let detail): .tryAgain(after: nil, "the answer makes no sense: \(detail)")
        case .untrusted(let detail):
            .refused(
                "TLS: the other side is not who it must be: \(detail); check the address and the certificate authorities"
            )
        case .bodyTooLarge(let limit):
            .refused("the answer is longer than \(limit) bytes, which no channel's answer is; check the address")
        case .refusedBySink: .refused("the answer was not wanted")
        case .mailRefused(let code): MailChannel.verdict(on: code)
        case .unsendable(let detail): .refused("it cannot be sent: \(detail); check the address")
        }
    }
}
