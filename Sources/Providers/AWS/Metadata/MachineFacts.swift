import Interruption
import Synchronization

/// What the metadata service says about this machine and never changes: read once each, remembered when it was an answer.
final class MachineFacts: Sendable {
    private let metadata: MetadataService
    private let known = Mutex<[MetadataPath: String]>([:])

    init(metadata: MetadataService) {
        self.metadata = metadata
    }

    /// The value of `fact` when it was read before.
    func remembered(_ fact: MetadataPath) -> String? {
        known.withLock { $0[fact] }
    }

    /// The value of `fact`, read if need be; `nil` when there is none or it cannot be read now.
    func value(of fact: MetadataPath) async -> String? {
        (try? await reading(of: fact).get()) ?? nil
    }

    /// The value of `fact`, read if need be: `nil` when there is none, else why it cannot be read now. What failed is asked again next time:
    /// a fault is no answer.
    func reading(of fact: MetadataPath) async -> Result<String?, MetadataError> {
        if let value = remembered(fact) { return .success(value) }
        do throws(MetadataError) {
            guard let body = try await metadata.read(fact) else { return .success(nil) }
            guard let value = MetadataService.word(in: body, limit: 128) else {
                throw .unexpected("a value of \(fact.label) that is none")
            }
            known.withLock { $0[fact] = value }
            return .success(value)
        } catch {
            return .failure(error)
        }
    }

    /// Reads what is not known yet, as long as the service does not ask for patience.
    func learn() async {
        for fact in [MetadataPath.instanceID, .instanceLifeCycle, .zone, .region, .instanceType] {
            if case .failure(let error) = await reading(of: fact), error.asksForPatience { return }
        }
    }

    /// What is known by now.
    var identity: MachineIdentity {
        known.withLock { known in
            MachineIdentity(
                instanceID: known[.instanceID], instanceType: known[.instanceType], zone: known[.zone],
                region: known[.region], lifeCycle: known[.instanceLifeCycle])
        }
    }

    /// Whether the machine says that it is on-demand, as far as it is known.
    var isOnDemand: Bool { remembered(.instanceLifeCycle) == "on-demand" }
}
