import FoundationEssentials
import Interruption
import Transport

@testable import Drain
@testable import Kubernetes

/// A page of pods at any chunk border, and a drain of what it lists.
@Sendable func examinePods(_ input: [UInt8]) {
    let whole = page(of: [input])
    var choices = Choices(input)
    let cut = page(of: input.pieces(&choices))
    switch (whole, cut) {
    case (.success(let one), .success(let other)):
        expect(one.pods == other.pods && one.next == other.next, "chunks do not matter")
        expect(!one.resourceVersion.isEmpty, "a watch can go on from there")
        comparesWithADecoder(one, input)
        drain(one.pods, &choices)
    case (.failure(let one), .failure(let other)):
        expect(one == other, "chunks do not matter: \(one) \(other)")
        expect(isFitForALine(one.words, limit: 1200), "a bounded error")
    default: expect(false, "chunks do not matter")
    }
}

private func page(of chunks: [[UInt8]]) -> Result<PodPage, KubernetesError> {
    let sink = PodPageSink(itemLimit: 1 << 16)
    for chunk in chunks where !sink.receive(chunk) { break }
    return Result { () throws(KubernetesError) in try sink.page() }
}

private struct PlainList: Decodable {
    struct Item: Decodable {
        var uid: String?
        init(from decoder: any Decoder) throws { uid = (try? PlainPod(from: decoder))?.metadata.uid }
    }
    var items: [Item]?
}

/// What has to be there, or of that type if it is there, for a pod to be read.
private struct PlainPod: Decodable {
    struct Owner: Decodable {
        var apiVersion, kind, name: String
        var controller: Bool?
    }
    struct Metadata: Decodable {
        var name, uid: String
        var namespace, resourceVersion, deletionTimestamp: String?
        var deletionGracePeriodSeconds: Int?
        var finalizers: [String]?
        var ownerReferences: [Owner]?
        var labels, annotations: Marks?
    }
    /// Of labels and annotations only those that a drain reads have to be texts.
    struct Marks: Decodable {
        struct Name: CodingKey {
            var stringValue: String
            var intValue: Int? { nil }
            init(stringValue: String) { self.stringValue = stringValue }
            init?(intValue: Int) { nil }
        }
        init(from decoder: any Decoder) throws {
            let marks = try decoder.container(keyedBy: Name.self)
            for key in marks.allKeys where Pod.keptKeys.contains(key.stringValue) {
                _ = try marks.decode(String.self, forKey: key)
            }
        }
    }
    struct Spec: Decodable {
        var nodeName: String?
        var priority, terminationGracePeriodSeconds: Int?
    }
    struct Status: Decodable { var phase: String? }
    var metadata: Metadata
    var spec: Spec?
    var status: Status?
}

/// Foundation's decoder over the whole list finds no pod that we do not: none is left behind. We may find more, because
/// what is dropped unread is not judged.
private func comparesWithADecoder(_ page: PodPage, _ input: [UInt8]) {
    guard let list = try? JSONDecoder().decode(PlainList.self, from: Data(input)) else { return }
    let text = String(decoding: input, as: UTF8.self)
    // A key that is there twice, or one in escapes, is taken otherwise by each; the API server writes neither.
    guard text.ranges(of: "\"items\"").count == 1, !text.contains("\\") else { return }
    let found = Set(page.pods.map(\.reference.uid))
    expect((list.items ?? []).compactMap(\.uid).allSatisfy(found.contains), "all pods of a whole decoder")
}

/// A ledger over those pods, its requests answered by chance.
private func drain(_ pods: [Pod], _ choices: inout Choices) {
    guard !pods.isEmpty, pods.count <= 64 else { return }
    let node = pods.compactMap(\.nodeName).first ?? "node-a"
    let strategy = Strategy.allCases[choices.number(below: 3)]
    let escalates = choices.number(below: 4) > 0
    let deadline = Moment(sinceOrigin: .seconds(120))
    let plan = GracePlan(deadline: deadline, margin: .seconds(5), limit: nil, escalates: escalates)
    var ledger = Ledger(
        Ledger.Terms(
            classifier: PodClassifier(nodeName: node, ownPod: nil), strategy: strategy.departures,
            arrival: Moment(sinceOrigin: .zero), anchor: anchor, window: 8, escalates: escalates, seed: 1))
    var now = Moment(sinceOrigin: .zero)
    ledger.listed(pods, at: now)
    for _ in 0..<200 {
        let pass = ledger.pass(at: now, by: plan)
        for request in pass.requests {
            switch request.action {
            case .evict(let grace?), .delete(let grace?, _): expect(grace >= 1, "never grace 0")
            default: break
            }
            let answers: [KubernetesError] = [
                .budgetRefused(budget: "b", message: "m", retryAfter: nil), .notFound, .severalBudgets, .timedOut,
            ]
            let choice = choices.number(below: 8)
            if choice < answers.count {
                ledger.requestRefused(request, answers[choice], at: now, by: plan)
            } else {
                ledger.requestAccepted(request, at: now)
            }
        }
        for outcome in ledger.outcomes() { _ = outcome.took?.components }
        guard let wakeUp = pass.wakeUp, wakeUp < deadline else { break }
        now = max(now.advanced(by: .milliseconds(1)), wakeUp)
    }
    let notice = Notice(
        id: .operatorRequest, kind: .reclaim,
        deadline: Deadline(moment: deadline, wall: anchor.wall(at: deadline), certainty: .announced), words: "w")
    let forecast = Forecast(
        nodeName: node, pods: pods, answers: [:],
        plan: Plan(notice: notice, strategy: strategy, escalates: escalates, graceLimit: nil, margin: .seconds(5)),
        classifier: PodClassifier(nodeName: node, ownPod: nil), at: Moment(sinceOrigin: .zero))
    for pod in forecast.pods { _ = (pod.grace?.components, pod.escalatesIn?.components) }
}
