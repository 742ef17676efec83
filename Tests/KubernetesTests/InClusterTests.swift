import TestSupport
import Testing
import Transport

@testable import Kubernetes

@Suite struct `In the cluster` {
    private static let folder = "/var/run/secrets/kubernetes.io/serviceaccount"
    private let files = [folder + "/token": "T\n", folder + "/ca.crt": "CA"]

    @Test(arguments: [("10.96.0.1", "https://10.96.0.1:443"), ("fd00::1", "https://[fd00::1]:443")])
    func `the server comes from the environment, the rest from the service account`(
        _ host: String, _ server: String
    ) async throws {
        let environment = ["KUBERNETES_SERVICE_HOST": host, "KUBERNETES_SERVICE_PORT": "443"]
        let configuration = try ClusterConfiguration.discovered(
            kubeconfig: nil, context: nil, in: surroundings(environment, files: files))
        #expect(configuration.server == server)
        #expect(configuration.trust.authorities == .file(Self.folder + "/ca.crt"))
        #expect(try await configuration.credentials.identity().token == Secret("T"))
        #expect(configuration.origin == "in-cluster")
    }

    @Test func `everything that is missing is named at once`() {
        let error = #expect(throws: ConfigurationProblems.self) {
            try ClusterConfiguration.inCluster(surroundings(["KUBERNETES_SERVICE_PORT": "x"]))
        }
        #expect(error?.messages.count == 4)
    }

    @Test func `a kubeconfig that is named goes before the pod's own`() {
        let environment = ["KUBERNETES_SERVICE_HOST": "10.96.0.1", "KUBERNETES_SERVICE_PORT": "443"]
        #expect(throws: ConfigurationProblems(["kubeconfig /k: there is no such file"])) {
            try ClusterConfiguration.discovered(
                kubeconfig: "/k", context: nil, in: surroundings(environment, files: files))
        }
    }
}

@Suite struct `Reading real files` {
    @Test func `a file is read whole, a missing one and one without end are told`() throws {
        let folder = try PluginFolder()
        let file = try folder.script("a", String(repeating: "x", count: 40_000))
        #expect(try Surroundings.file(at: file).count == 40_011)
        #expect(throws: FileProblem.absent) { try Surroundings.file(at: folder.path + "/none") }
        #expect(throws: FileProblem.tooLarge(limit: 1 << 20)) { try Surroundings.file(at: "/dev/zero") }
        #expect(throws: FileProblem.self) { try Surroundings.file(at: folder.path) }
    }
}
