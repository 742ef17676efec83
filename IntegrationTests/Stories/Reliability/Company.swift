import Simulators

/// What the notice of a cell meets: another one that came before it, or none.
enum Company: String, Sendable, CaseIterable {
    /// Nothing else stands.
    case alone
    /// The node is cordoned for advice, which still stands.
    case advice = "after advice"
    /// An earlier life emptied the node for maintenance that still stands, and it has pods again.
    case maintenance = "after maintenance that was served"

    /// Those that a cell can have beside the plain matrix.
    static let others = allCases.filter { $0 != .alone }

    /// Announces the company's notice; the first read of its path finds it.
    func announce(in lab: Lab) {
        switch self {
        case .alone: break
        case .advice: lab.metadata.noticeRebalance()
        case .maintenance: lab.metadata.noticeMaintenance("system-maintenance", in: .seconds(900))
        }
    }

    /// The id of the company's notice; `nil` when there is none.
    func noticeID(of stage: Stage) -> String? {
        switch self {
        case .alone: nil
        case .advice: stage.noticeID("rebalance")
        case .maintenance: Stage.maintenance
        }
    }

    /// Whether the pods that must leave come only after the life that emptied the node for the company.
    var emptiesNode: Bool { self == .maintenance }
}

extension MatrixAct {
    /// Takes those pods away which come after the life that emptied the node for the company; answers what they were.
    static func absentees(of cluster: KubernetesCluster, for company: Company) -> [KubernetesJSON] {
        guard company.emptiesNode else { return [] }
        let pods = cluster.objects(.pods).filter { $0["metadata", "name"]?.string?.hasPrefix("web-") ?? false }
        for pod in pods { cluster.remove(.pods, pod["metadata", "name"]?.string ?? "", in: "default") }
        return pods
    }

    /// Returns when the company's notice was served.
    func meetCompany() async {
        guard let id = company.noticeID(of: stage) else { return }
        await until { act in
            act.stage.record?["notices"]?.array?.contains {
                $0["id"]?.string == id && $0["ending"]?.string != nil
            } ?? false
        }
    }

    /// The life that emptied the node for the company, where one did; who comes while it lives would have to go, so those who are to be
    /// there come after it.
    func earlierLife() async throws -> Evidence.Life? {
        guard company.emptiesNode else { return nil }
        let life = try await life { act in
            await Self.limited {
                await act.meetCompany()
                act.program?.send(.terminate)
                await act.program?.untilEnded()
            }
        }
        for pod in absentees { stage.cluster.insert(pod, as: .pods) }
        stage.lab.metadata.log.clear()
        forgetCompany()
        return Evidence.Life(end: life.end, told: .exited(0))
    }

    /// The company's notice, when the log says that the record could not be read at once.
    func unreadNotice(in lines: [String]) -> String? {
        lines.contains { $0.contains("record on the Node cannot be read") } ? company.noticeID(of: stage) : nil
    }

    /// What was asked for the company's sake is not taken for the phase's beginning.
    func forgetCompany() {
        stage.lab.kubernetesLog.clear()
        stage.lab.webhooks.log.clear()
    }
}
