import FoundationEssentials
import Simulators

extension Stage {
    /// Writes a file in this story's folder.
    func write(_ text: String, to name: String) throws {
        try text.write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
    }

    /// The port of the daemon's status pages, as its log says.
    static func statusPort(of handler: RunningProgram) async throws -> Int {
        let line = await handler.line(containing: "status pages are served") ?? ""
        let address = try KubernetesJSON(parsing: line)["address"]?.string ?? ""
        return address.split(separator: ":").last.flatMap { Int($0) } ?? 0
    }

    /// Asks a status page again and again until it answers with that status; `nil` when it never did.
    static func page(_ path: String, at port: Int, untilStatus status: Int) async throws -> LabClient.Answer? {
        for _ in 0..<100_000 where !Task.isCancelled {
            // The server closes connections that come too thick; then the next is asked.
            let answer = try? await LabClient(port: port).send("GET", path)
            if let answer, answer.status == status { return answer }
        }
        return nil
    }
}

extension Lab {
    /// The kubeconfig with another authority.
    func kubeconfig(trusting authority: String) -> String {
        (kubeconfig ?? "").replacing(
            Data(certificates.authorityPEM.utf8).base64EncodedString(),
            with: Data(authority.utf8).base64EncodedString())
    }
}
