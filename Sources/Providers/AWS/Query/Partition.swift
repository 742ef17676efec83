/// A part of AWS with accounts, names and regions of its own.
///
/// Source: the partitions of https://github.com/boto/botocore/blob/develop/botocore/data/partitions.json
struct Partition: Sendable, Hashable {
    /// How its regions' names begin.
    let prefixes: [String]
    /// The domain of its services.
    let domain: String
    /// The domain of its services' addresses of both families.
    let dualStackDomain: String

    private static let all = [
        Partition(
            prefixes: ["us-gov-"], domain: "amazonaws.com", dualStackDomain: "api.aws"),
        Partition(
            prefixes: ["cn-"], domain: "amazonaws.com.cn", dualStackDomain: "api.amazonwebservices.com.cn"),
        Partition(prefixes: ["us-isob-"], domain: "sc2s.sgov.gov", dualStackDomain: "api.aws.scloud"),
        Partition(prefixes: ["us-isof-", "eu-isof-"], domain: "csp.hci.ic.gov", dualStackDomain: "api.aws.hci.ic.gov"),
        Partition(prefixes: ["eu-isoe-"], domain: "cloud.adc-e.uk", dualStackDomain: "api.cloud-aws.adc-e.uk"),
        Partition(prefixes: ["us-iso-"], domain: "c2s.ic.gov", dualStackDomain: "api.aws.ic.gov"),
        Partition(prefixes: ["eusc-"], domain: "amazonaws.eu", dualStackDomain: "api.amazonwebservices.eu"),
        Partition(
            prefixes: ["us-", "eu-", "ap-", "sa-", "ca-", "me-", "af-", "il-", "mx-"], domain: "amazonaws.com",
            dualStackDomain: "api.aws"),
    ]

    /// The partition of that region; `nil` when it is none that is known. The longer names stand first.
    static func of(region: String) -> Partition? {
        all.first { partition in partition.prefixes.contains { region.hasPrefix($0) } }
    }

    /// Whether it is AWS GovCloud, whose own hosts are those that FIPS asks for.
    var isGovCloud: Bool { prefixes == ["us-gov-"] }
}
