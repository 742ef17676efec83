public import Interruption
import Transport

extension AWSProvider: Diagnosing {
    /// The metadata service, the machine, and, where the Auto Scaling API is wanted, credentials and group.
    public func diagnoses(within time: Duration) async -> [Diagnosis] {
        await examiner.diagnoses(within: time)
    }
}

/// Asks Amazon EC2 everything that is asked of it on the day, without changing anything.
struct AWSExaminer: Sendable {
    /// More than a poll has: nobody waits for this answer, and a busy machine is no hop limit.
    static let patience = MetadataService.Patience(
        token: .seconds(2), read: .seconds(2), patientRead: .milliseconds(2500))

    let settings: AWSSettings
    /// A fresh service that speaks only so, so that no answer depends on what was found out before.
    let service: @Sendable (TokenMode) -> MetadataService
    let facts: MachineFacts
    /// Where credentials may come from, in order.
    let places: [any CredentialSource]
    let own: OwnGroup
    let clock: WorldClock
    let timeline: any Timeline

    /// Everything, side by side, each within `time`.
    func diagnoses(within time: Duration) async -> [Diagnosis] {
        let wantsGroup = settings.detaches || holdsHooks
        async let metadata = metadata(within: time)
        async let machine = machine(within: time)
        async let keys = wantsGroup ? credentials(within: time) : nil
        async let group = wantsGroup ? groupDiagnoses(within: time) : []
        let door = await metadata
        var diagnoses = [door]
        let identity = await machine
        // Whoever does not answer does not say who we are either.
        if door.verdict != .fail { diagnoses.append(identity) }
        let (credentials, place) = await (keys, group)
        guard let credentials else { return diagnoses }
        diagnoses.append(credentials.diagnosis)
        // Without keys the group's refusal says nothing new.
        if credentials.areThere { diagnoses += place }
        return diagnoses
    }

    var holdsHooks: Bool { settings.completesHooks && settings.sources.contains(.scaleIn) }

    private func metadata(within time: Duration) async -> Diagnosis {
        let answer = await timeline.answer(within: time) { await sight() }
        return answer?.diagnosis
            ?? Diagnosis(
                "metadata", .fail, "\(settings.endpoint): no answer within \(time.components.seconds) s",
                advice: "check --metadata-endpoint, and network policies for it")
    }

    private func sight() async -> MetadataSight {
        let endpoint = "\(settings.endpoint)"
        guard settings.tokens != .disabled else {
            return MetadataSight(
                mode: .disabled, endpoint: endpoint, byToken: nil, withoutToken: await ask(.disabled))
        }
        let byToken = await ask(.required)
        let wantsBoth = MetadataSight.wantsBoth(settings.tokens, after: byToken)
        return MetadataSight(
            mode: settings.tokens, endpoint: endpoint, byToken: byToken,
            withoutToken: wantsBoth ? await ask(.disabled) : nil)
    }

    private func ask(_ mode: TokenMode) async -> MetadataSight.Answer {
        do throws(MetadataError) {
            return .success(try await service(mode).read(.instanceID))
        } catch {
            return .failure(error)
        }
    }

    private func machine(within time: Duration) async -> Diagnosis {
        _ = await timeline.answer(within: time) {
            await facts.learn()
            // Only what is not known yet is asked again.
            if facts.identity.instanceID == nil { await facts.learn() }
        }
        let identity = facts.identity
        let zone = (identity.zone ?? identity.region).map { "in \($0)" }
        let parts = [identity.instanceID, identity.instanceType, zone].compactMap { $0 }
        let unknown = [
            identity.instanceID == nil ? "id" : nil, identity.lifeCycle == nil ? "life cycle" : nil,
        ].compactMap { $0 }
        let words = parts.joined(separator: " ") + (identity.lifeCycle.map { ", \($0)" } ?? "")
        guard unknown.isEmpty else {
            return Diagnosis(
                "machine", .warn,
                "the \(unknown.joined(separator: " and ")) cannot be read\(words.isEmpty ? "" : ": \(words)")",
                advice: "every path below meta-data must be allowed, not only spot")
        }
        return Diagnosis("machine", .ok, words)
    }
}
