import Interruption
import Synchronization
import TestSupport
import Transport

@testable import AWS

/// The Auto Scaling and STS APIs in memory, in the words that AWS uses on the wire.
final class FakeAPI: Sendable {
    struct State: Sendable {
        var group: String? = "nodes"
        var lifecycleState = "InService"
        var hooks: [(name: String, transition: String, timeout: Int)] = []
        var isWaiting = true
        var heartbeats: [Moment] = []
        var completed: [String] = []
        var isDetached = false
        /// Answers given before the real ones, by action.
        var upfront: [String: [HTTPResponse]] = [:]
    }

    private let state = Mutex(State())

    func change(_ body: @Sendable (inout State) -> Void) { state.withLock { body(&$0) } }
    var now: State { state.withLock { $0 } }

    static func parameters(_ exchange: FakeEC2.Exchange) -> [String: String] {
        var parameters: [String: String] = [:]
        for pair in exchange.body.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            parameters[String(parts[0])] = String(parts[1])
        }
        return parameters
    }

    func answer(_ exchange: FakeEC2.Exchange) -> HTTPResponse {
        let parameters = FakeAPI.parameters(exchange)
        let action = parameters["Action"] ?? ""
        return state.withLock { state in
            if var waiting = state.upfront[action], !waiting.isEmpty {
                defer { state.upfront[action] = waiting }
                return waiting.removeFirst()
            }
            switch action {
            case "DescribeAutoScalingInstances":
                guard let group = state.group, !state.isDetached else {
                    return FakeAPI.success(action, "<AutoScalingInstances/>")
                }
                return FakeAPI.success(
                    action,
                    """
                    <AutoScalingInstances><member><InstanceId>i-0bb697ef2705e5b37</InstanceId>
                    <AutoScalingGroupName>\(group)</AutoScalingGroupName><AvailabilityZone>eu-west-1a</AvailabilityZone>
                    <LifecycleState>\(state.lifecycleState)</LifecycleState><HealthStatus>HEALTHY</HealthStatus>
                    </member></AutoScalingInstances>
                    """)
            case "DetachInstances":
                guard state.lifecycleState == "InService", !state.isDetached else {
                    return FakeAPI.error(
                        400, "ValidationError",
                        "The instance i-0bb697ef2705e5b37 is not part of Auto Scaling group nodes.")
                }
                state.isDetached = true
                return FakeAPI.success(action, "<Activities><member><ActivityId>a</ActivityId></member></Activities>")
            case "DescribeLifecycleHooks":
                let members = state.hooks.map {
                    """
                    <member><LifecycleHookName>\($0.name)</LifecycleHookName><AutoScalingGroupName>nodes</AutoScalingGroupName>
                    <LifecycleTransition>autoscaling:\($0.transition)</LifecycleTransition>
                    <HeartbeatTimeout>\($0.timeout)</HeartbeatTimeout><DefaultResult>ABANDON</DefaultResult></member>
                    """
                }
                return FakeAPI.success(action, "<LifecycleHooks>\(members.joined())</LifecycleHooks>")
            case "RecordLifecycleActionHeartbeat":
                guard state.isWaiting else { return FakeAPI.goneHook }
                state.heartbeats.append(exchange.moment)
                return FakeAPI.success(action, "")
            case "CompleteLifecycleAction":
                guard state.isWaiting else { return FakeAPI.goneHook }
                state.completed.append(parameters["LifecycleHookName"] ?? "")
                return FakeAPI.success(action, "")
            default: return FakeAPI.error(400, "InvalidAction", "no such action")
            }
        }
    }

    static let goneHook = error(
        400, "ValidationError", "No active Lifecycle Action found with instance ID i-0bb697ef2705e5b37")

    static func success(_ action: String, _ result: String) -> HTTPResponse {
        let text = """
            <\(action)Response xmlns="http://autoscaling.amazonaws.com/doc/2011-01-01/">
              <\(action)Result>\(result)</\(action)Result>
              <ResponseMetadata><RequestId>7c6e177f-f082-11e1-ac58-3714bEXAMPLE</RequestId></ResponseMetadata>
            </\(action)Response>
            """
        return HTTPResponse(status: 200, headers: ["Content-Type": "text/xml"], body: Array(text.utf8))
    }

    static func error(_ status: Int, _ code: String, _ message: String) -> HTTPResponse {
        let text = """
            <ErrorResponse xmlns="http://autoscaling.amazonaws.com/doc/2011-01-01/"><Error><Type>Sender</Type>
            <Code>\(code)</Code><Message>\(message)</Message></Error><RequestId>r</RequestId></ErrorResponse>
            """
        return HTTPResponse(status: status, body: Array(text.utf8))
    }
}

extension Stage {
    /// Credentials in the environment, for the stories that are not about them.
    static let keys = [
        "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI", "AWS_REGION": "eu-west-1",
    ]

    /// The exchanges with the APIs.
    var calls: [FakeEC2.Exchange] { ec2.exchanges.filter { $0.method == .post } }

    /// The actions that were called, in order.
    var actions: [String] { calls.map { FakeAPI.parameters($0)["Action"] ?? "" } }

    /// A deadline that many seconds from now.
    func deadline(in seconds: Double) -> Deadline {
        let moment = timeline.now.advanced(by: .seconds(seconds))
        return Deadline(moment: moment, wall: ec2.anchor.wall(at: moment), certainty: .announced)
    }

    /// Any notice; the hook does not look at it.
    var notice: Notice {
        Notice(
            id: NoticeID(rawValue: "scale-in"), kind: .scaleIn, deadline: deadline(in: 300),
            words: "Auto Scaling Terminated",
            hasHook: true)
    }
}
