/// The lab's control API: gives and withdraws notices, makes servers fail, tells what happened.
public struct ControlService: LabService {
    private let lab: Lab

    /// The control of that lab.
    public init(_ lab: Lab) {
        self.lab = lab
    }

    /// What `GET /` says.
    public static let manual = """
        POST /notice/spot?action=terminate|stop|hibernate&in=120s
        POST /notice/rebalance
        POST /notice/maintenance?code=instance-stop&in=120s&state=active&id=instance-event-1
        POST /notice/scale-in
        POST /withdraw/spot|rebalance|maintenance|scale-in|all
        POST /metadata/access?tokens=required|optional|unsupported&enabled=true&beyond-hop-limit=false
        POST /metadata/set?path=meta-data/spot/instance-action      the request's body is served there
        POST /metadata/reset                                         forgets what was set
        POST /tokens/expire                                          all IMDSv2 session tokens
        POST /credentials/expire                                     all temporary credentials
        POST /faults/SERVER?fault=status:503&path=/latest/*&method=PUT&action=DetachInstances&times=3&skip=0&for=60s&probability=0.5
        POST /faults/SERVER/clear
        POST /servers/SERVER/away?for=20s                            refuses connections; back by itself if `for` is given
        POST /servers/SERVER/back
        POST /servers/SERVER/drop                                    closes open connections
        POST /servers/SERVER/silence                                 sends nothing any more
        POST /servers/SERVER/speak                                   answers new connections again
        GET  /state                                                  what is simulated now
        GET  /webhooks                                               what the notification channels got
        GET  /calls                                                  the Auto Scaling and STS calls
        GET  /requests?server=metadata                               every request that a server got
        GET  /env                                                    variables for the handler
        SERVER is one of metadata, aws, containers, webhooks, kubernetes.
        Faults: \(Fault.forms)

        """

    /// Carries out one order.
    public func respond(to request: LabRequest) async -> LabResponse {
        let parts = request.path.split(separator: "/").map(String.init)
        if request.method == "GET" { return report(parts, request) }
        guard request.method == "POST", let first = parts.first else { return unknown() }
        let rest = Array(parts.dropFirst())
        do throws(Refusal) {
            switch first {
            case "notice": try notice(rest, request)
            case "withdraw": try withdraw(rest)
            case "metadata": try changeMetadata(rest, request)
            case "tokens" where rest == ["expire"]: lab.metadata.expireTokens()
            case "credentials" where rest == ["expire"]: lab.issuer.expireAll()
            case "faults": try changeFaults(rest, request)
            case "servers": try await changeServer(rest, request)
            default: return unknown()
            }
            return .text(200, "ok\n")
        } catch {
            return .text(400, error.message + "\n")
        }
    }

    /// Why an order is not carried out.
    struct Refusal: Error {
        let message: String
    }

    private func notice(_ parts: [String], _ request: LabRequest) throws(Refusal) {
        let delay = try duration("in", of: request) ?? .seconds(120)
        switch parts {
        case ["spot"]:
            let action = request.queryValue("action") ?? "terminate"
            guard ["terminate", "stop", "hibernate"].contains(action) else {
                throw Refusal(message: "action: terminate, stop or hibernate, not \(action)")
            }
            lab.metadata.noticeSpot(action: action, in: delay)
        case ["rebalance"]: lab.metadata.noticeRebalance()
        case ["maintenance"]:
            lab.metadata.noticeMaintenance(
                request.queryValue("code") ?? "instance-stop", in: delay,
                id: request.queryValue("id") ?? "instance-event-0d59937288b749b32",
                state: request.queryValue("state") ?? "active")
        case ["scale-in"]: lab.scaleIn()
        default: throw Refusal(message: "a notice is one of spot, rebalance, maintenance, scale-in")
        }
    }

    private func withdraw(_ parts: [String]) throws(Refusal) {
        switch parts {
        case ["spot"]: lab.metadata.update { $0.spot = nil }
        case ["rebalance"]: lab.metadata.update { $0.rebalance = nil }
        case ["maintenance"]:
            lab.metadata.update { metadata in
                for event in metadata.maintenance { metadata.endMaintenance(event.id, as: "canceled") }
            }
        case ["scale-in"]: lab.withdrawScaleIn()
        case ["all"]:
            lab.withdrawScaleIn()
            lab.metadata.update { $0.withdrawAll() }
        default: throw Refusal(message: "what can be withdrawn: spot, rebalance, maintenance, scale-in, all")
        }
    }

    private func changeMetadata(_ parts: [String], _ request: LabRequest) throws(Refusal) {
        switch parts {
        case ["set"]:
            guard let path = request.queryValue("path") else { throw Refusal(message: "path is missing") }
            lab.metadata.update { $0.overrides[path] = String(decoding: request.body, as: UTF8.self) }
        case ["reset"]: lab.metadata.update { $0.overrides = [:] }
        case ["access"]:
            var access = lab.metadata.currentState.access
            switch request.queryValue("tokens") {
            case nil: break
            case "required": access.tokens = .required
            case "optional": access.tokens = .optional
            case "unsupported": access.tokens = .unsupported(status: 404)
            case let other?: throw Refusal(message: "tokens: required, optional or unsupported, not \(other)")
            }
            if let value = request.queryValue("enabled") { access.isEnabled = value == "true" }
            if let value = request.queryValue("beyond-hop-limit") { access.isBeyondHopLimit = value == "true" }
            lab.metadata.update { $0.access = access }
        default: throw Refusal(message: "metadata: access, set or reset")
        }
    }

    private func changeFaults(_ parts: [String], _ request: LabRequest) throws(Refusal) {
        guard let name = parts.first.flatMap(LabServerName.init), let script = lab.faults[name] else {
            throw Refusal(message: "which server? \(LabServerName.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        if parts.dropFirst() == ["clear"] { return script.clear() }
        guard let text = request.queryValue("fault"), let fault = Fault(text: text) else {
            throw Refusal(message: "fault: one of \(Fault.forms)")
        }
        let now = lab.configuration.clock.now
        script.add(
            FaultRule(
                fault, method: request.queryValue("method"), path: request.queryValue("path"),
                action: request.queryValue("action"), skipping: try number("skip", of: request) ?? 0,
                times: try number("times", of: request),
                until: try duration("for", of: request).map { now.advanced(by: $0) },
                probability: request.queryValue("probability").flatMap(Double.init) ?? 1))
    }

    private func changeServer(_ parts: [String], _ request: LabRequest) async throws(Refusal) {
        guard parts.count == 2, let name = LabServerName(rawValue: parts[0]), let server = lab.servers[name] else {
            throw Refusal(message: "which server? \(lab.servers.keys.map(\.rawValue).sorted().joined(separator: ", "))")
        }
        switch parts[1] {
        case "away":
            if let time = try duration("for", of: request) {
                await server.goAway(for: time)
            } else {
                await server.goAway()
            }
        case "back":
            do { try await server.comeBack() } catch {
                throw Refusal(message: "\(name.rawValue) cannot come back: \(error)")
            }
        case "drop": await server.dropConnections()
        case "silence": server.silence()
        case "speak": server.endSilence()
        default: throw Refusal(message: "a server can be told: away, back, drop, silence, speak")
        }
    }

    private func report(_ parts: [String], _ request: LabRequest) -> LabResponse {
        switch parts {
        case []: return .text(200, Self.manual)
        case ["state"]: return .json(200, lab.stateReport.text)
        case ["calls"]: return .json(200, lab.callReport.text)
        case ["webhooks"]: return .json(200, Lab.report(lab.webhooks.log).text)
        case ["env"]:
            return .text(200, lab.environment().map { "\($0.name)=\($0.value)\n" }.joined())
        case ["requests"]:
            let logs: [String: RequestLog] = [
                "metadata": lab.metadata.log, "aws": lab.aws.log, "webhooks": lab.webhooks.log,
                "containers": lab.containers.log, "kubernetes": lab.kubernetesLog,
            ]
            guard let log = logs[request.queryValue("server") ?? "metadata"] else { return unknown() }
            return .json(200, Lab.report(log).text)
        default: return unknown()
        }
    }

    private func unknown() -> LabResponse {
        .text(404, "There is nothing of that name here; GET / tells what there is.\n")
    }

    private func duration(_ name: String, of request: LabRequest) throws(Refusal) -> Duration? {
        guard let text = request.queryValue(name) else { return nil }
        guard let duration = Duration(text: text) else {
            throw Refusal(message: "\(name): a time such as 120s, 500ms or 2m, not \(text)")
        }
        return duration
    }

    private func number(_ name: String, of request: LabRequest) throws(Refusal) -> Int? {
        guard let text = request.queryValue(name) else { return nil }
        guard let number = Int(text), number >= 0 else { throw Refusal(message: "\(name): a number, not \(text)") }
        return number
    }
}
