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
        if let value = remembered(fact) { return value }
        // What cannot be read now is asked again next time: a fault is no answer.
        guard let body = try? await metadata.read(fact), let value = MetadataService.word(in: body, limit: 128) else {
            return nil
        }
        known.withLock { $0[fact] = value }
        return value
    }

    /// Reads what is not known yet.
    func learn() async {
        for fact in [MetadataPath.instanceID, .instanceLifeCycle, .zone, .region, .instanceType] {
            _ = await value(of: fact)
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
