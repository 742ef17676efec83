import Simulators
import Testing

/// The Kubernetes API as a part of the lab.
struct LabClusterTests {
    private let time = ManualClusterTime()

    private func configuration(pods: Int) -> LabConfiguration {
        var configuration = LabConfiguration(nodeName: "n1")
        configuration.serve(
            ClusterPreset.rehearsal(of: "n1", instance: configuration.instance, pods: pods, time: time))
        return configuration
    }

    private func pods(_ lab: Lab, token: String) async throws -> LabClient.Answer {
        let port = try #require(lab.servers[.kubernetes]?.port)
        let tls = try lab.certificates.clientConfiguration(protocols: ["http/1.1"])
        return try await LabClient(port: port, tls: tls).send(
            "GET", "/api/v1/pods?fieldSelector=spec.nodeName%3Dn1",
            headers: [(name: "Authorization", value: "Bearer \(token)")])
    }

    @Test func `the kubeconfig's token sees the pods of the node`() async throws {
        try await withLab(configuration(pods: 3)) { lab in
            let answer = try await pods(lab, token: lab.configuration.kubernetesToken)
            let list = try #require(JSONValue(answer.body))
            #expect(answer.status == 200)
            // Three ordinary pods and one of the DaemonSet.
            #expect(list["items"]?.array?.count == 4)
        }
    }

    @Test func `another token sees nothing`() async throws {
        try await withLab(configuration(pods: 1)) { lab in
            let answer = try await pods(lab, token: "stolen")
            #expect(answer.status == 401)
        }
    }

    @Test func `the lab's faults and log stand before the cluster`() async throws {
        try await withLab(configuration(pods: 1)) { lab in
            lab.faults[.kubernetes]?.add(.status(503), to: "/api/*", times: 1)
            let answer = try await pods(lab, token: lab.configuration.kubernetesToken)
            #expect(answer.status == 503)
            #expect(lab.kubernetesLog.entries.map(\.request.path) == ["/api/v1/pods"])
        }
    }
}
