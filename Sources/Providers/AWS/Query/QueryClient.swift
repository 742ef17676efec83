import Interruption
import Transport

/// Calls a query API until it succeeds, is refused for good, or the time is over.
struct QueryClient: Sendable {
    /// Time for one exchange.
    static let exchangeTime = Duration.seconds(5)
    /// Full jitter between the tries.
    static let backoff = Backoff(first: .milliseconds(200), limit: .seconds(5))

    let endpoint: ServiceEndpoint
    let surroundings: Surroundings
    let transport: any HTTPTransport
    let timeline: any Timeline
    let jitter: Jitter
    /// `nil` for an API that is only called unsigned.
    let credentials: CredentialCache?
    let region: RegionFinder
    let remark: @Sendable (AWSRemark) -> Void

    /// The document of the answer to `call`, tried again inside `deadline`; at least one try is made.
    func answer(to call: QueryCall, until deadline: Moment) async throws(QueryError) -> XMLNode {
        var failures = 0
        var wasSilent = false
        var hasRenewed = false
        while true {
            let last: String
            switch try await attempt(call, until: deadline) {
            case .verdict(.success(let document), _):
                remark(.cloudCall(action: call.action, .succeeded))
                return document
            case .verdict(.expired, let used?) where !hasRenewed:
                hasRenewed = true
                credentials?.discard(used)
                continue
            case .verdict(.expired(let code, let message), _), .verdict(.refused(let code, let message), _):
                let error = QueryError.refused(
                    code: code, message: message + QueryError.clockAdvice(code), afterSilence: wasSilent)
                remark(.cloudCall(action: call.action, error.isDenial ? .denied : .refused))
                throw error
            // What stands between us and AWS may have answered, once: whether AWS did what it was asked is not known.
            case .verdict(.unreadable(let error), _):
                remark(.cloudCall(action: call.action, .retried))
                wasSilent = true
                last = "\(QueryError.unreadable(error))"
            case .verdict(.retry(let words), _):
                remark(.cloudCall(action: call.action, .retried))
                last = words
            case .silence(let words):
                remark(.cloudCall(action: call.action, .unanswered))
                wasSilent = true
                last = words
            case .unprepared(let words):
                last = words
            }
            failures += 1
            let pause = QueryClient.backoff.pause(after: failures, by: jitter)
            guard timeline.now.advanced(by: pause) < deadline else { throw .outOfTime(last: last) }
            guard (try? await timeline.sleep(for: pause)) != nil else { throw .cancelled }
        }
    }

    private enum Attempt {
        case verdict(QueryVerdict, used: AWSCredentials?)
        case silence(String)
        /// What a request needs cannot be had now.
        case unprepared(String)
    }

    private func attempt(_ call: QueryCall, until deadline: Moment) async throws(QueryError) -> Attempt {
        let region: String
        switch await self.region.region() {
        case .success(let name?): region = name
        case .success(nil): throw .misconfigured("the AWS region is not known: set AWS_REGION")
        case .failure(.cancelled): throw .cancelled
        case .failure(let error): return .unprepared("the AWS region is not known: \(error)")
        }
        let domain = Partition.of(region: region) == nil ? await self.region.domain() : nil
        let url = try endpoint.url(region: region, domain: domain, surroundings: surroundings)
        var used: AWSCredentials?
        if call.isSigned {
            do throws(CredentialError) {
                used = try await credentials?.credentials()
            } catch .unavailable(let source, let detail) {
                return .unprepared("\(CredentialError.unavailable(source: source, detail: detail))")
            } catch .cancelled {
                throw .cancelled
            } catch {
                throw .credentials(error)
            }
        }
        var request = try call.request(to: url, of: endpoint, region: region, credentials: used)
        let left = timeline.now.duration(to: deadline)
        request.timeout = max(.seconds(1), min(QueryClient.exchangeTime, left))
        do throws(TransportError) {
            return .verdict(QueryVerdict(try await transport.send(request), to: call), used: used)
        } catch {
            switch error {
            case .cancelled: throw .cancelled
            case .timedOut, .unresolved, .unreachable, .connectionLost, .garbled: return .silence("\(error)")
            case .bodyTooLarge(let limit): return .silence("\(QueryError.unreadable(.tooLarge(limit: limit)))")
            default: throw .unreachable("\(error)")
            }
        }
    }
}
