import ArgumentParser
import Simulators

/// What the simulated instance is.
struct InstanceOptions: ParsableArguments {
    @Option(help: "The instance's id.")
    var instanceID = "i-0a1b2c3d4e5f60718"

    @Option(help: "The instance's type.")
    var instanceType = "m5.large"

    @Option(help: "The region.")
    var region = "us-east-1"

    @Option(help: "spot or on-demand.")
    var lifeCycle = "spot"

    @Option(help: "Which metadata requests are accepted: required (IMDSv2 only), optional, unsupported (v1 only).")
    var tokens = "required"

    /// The instance that these options describe.
    var instance: SimulatedInstance {
        SimulatedInstance(id: instanceID, type: instanceType, region: region, lifeCycle: lifeCycle)
    }

    /// How its metadata service may be asked.
    var access: MetadataAccess {
        switch tokens {
        case "optional": .v1AndV2
        case "unsupported": .v1Only
        default: .v2Only
        }
    }

    func validate() throws {
        guard ["required", "optional", "unsupported"].contains(tokens) else {
            throw ValidationError("--tokens must be required, optional or unsupported, not '\(tokens)'.")
        }
    }
}
