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

    /// The URL to post to: as the SDKs' variables say, else the region's own.
    func url(region: String, surroundings: Surroundings) throws(QueryError) -> String {
        if !surroundings.isTrue("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS") {
            for name in ["AWS_ENDPOINT_URL_\(variable)", "AWS_ENDPOINT_URL"] {
                guard let text = surroundings.text(name) else { continue }
                guard let endpoint = MetadataEndpoint(text) else {
                    throw .misconfigured("\(name) is no http or https URL")
                }
                return "\(endpoint)/"
            }
        }
        if self == .sts, surroundings.variable("AWS_STS_REGIONAL_ENDPOINTS")?.trimmed.lowercased() == "legacy" {
            return "https://sts.amazonaws.com/"
        }
        return "https://\(service).\(region).amazonaws.com\(region.hasPrefix("cn-") ? ".cn" : "")/"
    }
}
