import FoundationEssentials
import Transport

@testable import Kubernetes

/// Every other answer of the API server, and what an exec plugin prints; the last byte chooses the status.
@Sendable func examineAnswer(_ input: [UInt8]) {
    let statuses = [200, 201, 400, 401, 403, 404, 408, 409, 410, 422, 429, 500, 503, 504, 302, 0]
    let status = statuses[Int(input.last ?? 0) % statuses.count]
    let error = KubernetesError(answer: HTTPResponse(status: status, body: input))
    expect((200..<300).contains(status) || error != nil, "a failure is never a success")
    check(error)
    check(failure { () throws(KubernetesError) in _ = try JSON.decode(NodeBody.self, from: input).node })
    check(failure { () throws(KubernetesError) in _ = try JSON.decode(PodBody.self, from: input).pod })
    check(failure { () throws(KubernetesError) in _ = try JSON.decode(AccessAnswerBody.self, from: input) })
    check(failure { () throws(KubernetesError) in _ = try JSON.decode(VersionBody.self, from: input) })
    check(failure { () throws(KubernetesError) in _ = try JSON.decode(KindBody.self, from: input) })
    examinePlugin(input)
    if let token = Secret(token: input) {
        expect(token.reveal().utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }, "a token can stand in a header")
    }
}

private struct PluginSecrets: Decodable {
    struct Status: Decodable { var token, clientKeyData: String? }
    var status: Status?
}

private func examinePlugin(_ input: [UInt8]) {
    let error = failure { () throws(KubernetesError) in
        let answer = try JSON.decode(ExecAnswer.self, from: input)
        _ = try answer.credential(expecting: "client.authentication.k8s.io/v1")
    }
    check(error)
    let status = (try? JSONDecoder().decode(PluginSecrets.self, from: Data(input)))?.status
    for secret in [status?.token, status?.clientKeyData].compactMap({ $0 }) where secret.utf8.count >= 24 {
        expect(error?.words.contains(secret) != true, "a secret is told")
    }
}

private func failure(_ body: () throws(KubernetesError) -> Void) -> KubernetesError? {
    do throws(KubernetesError) {
        try body()
        return nil
    } catch {
        return error
    }
}

private func check(_ error: KubernetesError?) {
    guard let error else { return }
    expect(isFitForALine(error.words, limit: 1200), "a bounded error: \(error.words.utf8.count)")
    switch error {
    case .budgetRefused(let budget, let message, let pause):
        expect(isFitForALine((budget ?? "") + message, limit: 1200), "bounded words")
        expect(pause.map { (.zero ... .seconds(86_400)).contains($0) } ?? true, "a bounded pause")
    case .throttled(let pause), .serverFailed(_, _, let pause):
        expect(pause.map { (.zero ... .seconds(86_400)).contains($0) } ?? true, "a bounded pause")
    default: break
    }
}
