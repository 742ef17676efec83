/// An AWS query API: its names and where it is.
struct ServiceEndpoint: Sendable, Hashable {
    /// The name in hosts and signatures, such as `autoscaling`.
    let service: String
    /// The name in `AWS_ENDPOINT_URL_<name>`.
    let variable: String
    /// The API's version.
    let version: String

    static let autoScaling = ServiceEndpoint(service: "autoscaling", variable: "AUTO_SCALING", version: "2011-01-01")
    static let sts = ServiceEndpoint(service: "sts", variable: "STS", version: "2011-06-15")

    /// The regions for which `legacy` means STS's one global host: those that there were when it was introduced.
    ///
    /// Source: https://docs.aws.amazon.com/sdkref/latest/guide/feature-sts-regionalized-endpoints.html
    private static let legacyRegions: Set = [
        "ap-northeast-1", "ap-south-1", "ap-southeast-1", "ap-southeast-2", "ca-central-1", "eu-central-1",
        "eu-north-1",
        "eu-west-1", "eu-west-2", "eu-west-3", "sa-east-1", "us-east-1", "us-east-2", "us-west-1", "us-west-2",
    ]

    /// The URL to post to: as the SDKs' variables say, else the region's own. `domain` is what the metadata service says of a region
    /// whose partition is not known.
    func url(region: String, domain: String? = nil, surroundings: Surroundings) throws(QueryError) -> String {
        if !surroundings.isTrue("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS") {
            for name in ["AWS_ENDPOINT_URL_\(variable)", "AWS_ENDPOINT_URL"] {
                guard let text = surroundings.text(name) else { continue }
                guard let endpoint = MetadataEndpoint(text) else {
                    throw .misconfigured("\(name) is no http or https URL")
                }
                return "\(endpoint)/"
            }
        }
        return "https://\(host(region: region, domain: domain, surroundings: surroundings))/"
    }

    private func host(region: String, domain: String?, surroundings: Surroundings) -> String {
        let partition = Partition.of(region: region)
        let isFIPS = surroundings.isTrue("AWS_USE_FIPS_ENDPOINT")
        let isDualStack = surroundings.isTrue("AWS_USE_DUALSTACK_ENDPOINT")
        let isLegacy = surroundings.variable("AWS_STS_REGIONAL_ENDPOINTS")?.trimmed.lowercased() == "legacy"
        if self == .sts, isLegacy, !isFIPS, !isDualStack, ServiceEndpoint.legacyRegions.contains(region) {
            return "sts.amazonaws.com"
        }
        // GovCloud's plain hosts are the ones that FIPS asks for; only its hosts of both families have the mark.
        let marks = isFIPS && (isDualStack || partition?.isGovCloud != true)
        let suffix =
            isDualStack
            ? partition?.dualStackDomain ?? "api.aws" : partition?.domain ?? domain ?? "amazonaws.com"
        return "\(service)\(marks ? "-fips" : "").\(region).\(suffix)"
    }
}
