import Simulators

extension MatrixFault {
    /// What a person does to the node while the handler is at it.
    static let ofPerson = [
        MatrixFault(
            dependency: "person", name: "drains the node", lasting: .moment, begin: { try await $0.personDrains() },
            endings: [.givingBack: .leftToPerson]),
        uncordoning(
            impossible: [
                .start: uncordoned, .idle: uncordoned, .noticeSeen: uncordoned, .cordoning: uncordoned,
            ]),
    ]

    /// What goes wrong while two notices stand: of each dependency what is most unlike the others.
    static let inCompany: [MatrixFault] =
        [MatrixFault(dependency: "nothing", name: "goes wrong", lasting: .moment, begin: { _ in })]
        + all.filter { fault in
            [
                "metadata service: refuses connections", "API server: hangs", "API server: 500",
                "API server: refuses connections", "process: SIGSTOP, then SIGCONT", "process: SIGTERM",
                "process: SIGKILL", "person: drains the node",
            ].contains("\(fault.dependency): \(fault.name)")
        } + [
            uncordoning(impossible: [.start: unmet])
        ]

    private static let uncordoned = "the node is not cordoned yet"
    private static let unmet = "the company is met after the start"

    private static func uncordoning(impossible: [Phase: String]) -> MatrixFault {
        MatrixFault(
            dependency: "person", name: "uncordons the node", lasting: .moment, begin: { $0.personUncordons() },
            impossible: impossible)
    }
}

extension MatrixAct {
    /// A person drains the node by our own command; where a budget refuses, until its time is over.
    func personDrains() async throws {
        // That the handler's own pod is nobody's in a play is for the handler to respect; a person sees a DaemonSet's.
        stage.cluster.change(.pods, Self.ownPod, in: "kube-system") { pod in
            pod.update("metadata") { metadata in
                metadata["ownerReferences"] = [
                    [
                        "apiVersion": "apps/v1", "kind": "DaemonSet", "name": "interruption-handler",
                        "uid": "interruption-handler", "controller": true,
                    ]
                ]
            }
        }
        _ = try await stage.drain(["--margin", "1s"], within: "4s")
        memory.personDrained()
    }

    /// A person types `kubectl uncordon`.
    func personUncordons() {
        memory.personUncordons()
        stage.personUncordons()
    }

    /// How often the handler made the node schedulable while the notice stood.
    var reopenings: Int {
        guard let noticed = memory.noticed,
            let states = stage.cluster.states(of: .nodes, Stage.node, since: noticed)
        else { return 0 }
        let standing = states.prefix { state in
            guard let withdrawn = memory.withdrawn else { return true }
            return (state["metadata", "resourceVersion"]?.string).flatMap { Int($0) } ?? 0 <= withdrawn
        }
        let isCordoned = standing.map { $0["spec", "unschedulable"]?.bool == true }
        let opened = zip(isCordoned, isCordoned.dropFirst()).count { $0 && !$1 }
        return max(0, opened - memory.uncordons)
    }
}
