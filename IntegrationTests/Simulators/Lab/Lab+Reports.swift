extension Lab {
    /// What is simulated now, for people and scripts.
    var stateReport: JSONValue {
        let state = metadata.currentState
        let notices: [(String, JSONValue)] = [
            ("spot", state.spot.map { .string("\($0.action) at \($0.time.iso8601)") } ?? .null),
            ("rebalance", state.rebalance.map { .string($0.iso8601) } ?? .null),
            ("maintenance", .array(state.maintenance.map(\.json))),
            ("targetLifecycleState", state.targetLifecycleState.map { .string($0) } ?? .null),
        ]
        let servers = self.servers.sorted { $0.key.rawValue < $1.key.rawValue }.map { name, server in
            (
                name.rawValue,
                JSONValue.object([
                    ("address", address(of: name).map { .string($0) } ?? .null),
                    ("isAway", .bool(server.isAway)), ("connections", .integer(server.connectionCount)),
                    ("openConnections", .integer(server.openConnectionCount)),
                    ("requests", .integer(server.requestCount)),
                    ("faults", .array((faults[name]?.rules ?? []).map { .string("\($0.fault)") })),
                    ("faultsSuffered", .integer(faults[name]?.sufferedCount ?? 0)),
                ])
            )
        }
        return .object([
            ("time", .string(configuration.clock.now.precise)), ("node", .string(configuration.nodeName)),
            ("instance", .string(state.instance.id)), ("notices", .object(notices)), ("servers", .object(servers)),
            ("groups", .array(aws.autoScaling.groups.map(Self.report))),
        ])
    }

    /// The calls of the query APIs, without anything secret.
    var callReport: JSONValue {
        .array(
            aws.calls.map { call in
                .object([
                    ("time", .string(call.time.precise)), ("action", .string(call.action)),
                    ("scope", call.scope.map { .string($0) } ?? .null),
                    ("hasSecurityToken", .bool(call.securityToken != nil)),
                    ("status", call.status.map { .integer($0) } ?? .null),
                    (
                        "parameters",
                        .object(
                            call.parameters.filter { $0.name != "WebIdentityToken" }.map {
                                ($0.name, .string($0.value))
                            })
                    ),
                ])
            })
    }

    /// What a log remembers.
    static func report(_ log: RequestLog) -> JSONValue {
        .array(
            log.entries.map { entry in
                let request = entry.request
                return .object([
                    ("time", .string(entry.time.precise)), ("connection", .integer(request.connectionNumber)),
                    ("method", .string(request.method)), ("path", .string(request.path)),
                    ("query", .object(request.query.map { ($0.name, .string($0.value)) })),
                    ("headers", .object(request.headers.map { ($0.name, .string($0.value)) })),
                    ("body", .string(entry.bodyText)),
                ])
            })
    }

    private static func report(_ group: AutoScalingGroup) -> JSONValue {
        .object([
            ("name", .string(group.name)), ("desiredCapacity", .integer(group.desiredCapacity)),
            (
                "instances",
                .array(
                    group.instances.map { instance in
                        .object([
                            ("id", .string(instance.id)), ("lifecycleState", .string(instance.lifecycleState)),
                            ("waiting", .array(instance.waiting.map { .string($0.hookName) })),
                            ("ended", .array(instance.ended.map { .string("\($0.hookName): \($0.result ?? "")") })),
                        ])
                    })
            ),
        ])
    }
}
