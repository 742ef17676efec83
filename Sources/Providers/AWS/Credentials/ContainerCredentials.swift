import Interruption
import Transport

/// Credentials from the endpoint beside a container: EKS Pod Identity and ECS.
///
/// Source: https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html
struct ContainerCredentials: CredentialSource {
    let surroundings: Surroundings
    let transport: any HTTPTransport
    let timeline: any Timeline
    let jitter: Jitter

    private static let source = "the container credentials"
    private static let tries = 3

    func credentials() async throws(CredentialError) -> AWSCredentials? {
        guard let address = try address() else { return nil }
        var last = CredentialError.none
        for attempt in 1...ContainerCredentials.tries {
            if attempt > 1 {
                let pause = Duration.milliseconds(500) + jitter.upTo(.seconds(1))
                guard (try? await timeline.sleep(for: pause)) != nil else { throw .cancelled }
            }
            do throws(CredentialError) {
                return try await fetch(from: address)
            } catch .unavailable(let source, let detail) {
                last = .unavailable(source: source, detail: detail)
            }
        }
        throw last
    }

    private func fetch(from address: String) async throws(CredentialError) -> AWSCredentials {
        var request = HTTPRequest(
            url: Secret(address), headers: ["Accept": "application/json"], timeout: .seconds(2), bodyLimit: 64 * 1024,
            connection: HostPlace(url: address)?.isSecure == true ? .shared : .direct)
        if let authorization = try authorization() { request.headers["Authorization"] = authorization }
        let response: HTTPResponse
        do throws(TransportError) {
            response = try await transport.send(request)
        } catch .cancelled {
            throw .cancelled
        } catch {
            throw .unavailable(source: ContainerCredentials.source, detail: "\(error)")
        }
        switch response.status {
        case 200: return try CredentialDocument.read(response.body, from: ContainerCredentials.source)
        case 429, 500...: throw .unavailable(source: ContainerCredentials.source, detail: "status \(response.status)")
        default:
            throw CredentialDocument.refusal(response.body, status: response.status, from: ContainerCredentials.source)
        }
    }

    /// Where to ask; `nil` when nothing is set up. Only where AWS allows it, because the answer is a key and the question carries a token.
    private func address() throws(CredentialError) -> String? {
        if let path = surroundings.text("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI") {
            let address = "http://169.254.170.2\(path)"
            guard path.hasPrefix("/"), HostPlace(url: address)?.host == "169.254.170.2" else {
                throw misconfigured("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI is no path")
            }
            return address
        }
        guard let address = surroundings.text("AWS_CONTAINER_CREDENTIALS_FULL_URI") else { return nil }
        guard let place = HostPlace(url: address) else {
            throw misconfigured("AWS_CONTAINER_CREDENTIALS_FULL_URI is no URL")
        }
        guard place.isSecure || ContainerCredentials.isAllowed(place.host) else {
            throw misconfigured(
                "AWS_CONTAINER_CREDENTIALS_FULL_URI is neither https nor a host that AWS allows for http")
        }
        return address
    }

    private static func isAllowed(_ host: String) -> Bool {
        if ["localhost", "::1", "169.254.170.2", "169.254.170.23", "fd00:ec2::23"].contains(host) { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { $0.count <= 3 && UInt8($0) != nil }
    }

    /// The header's value: the file's content as it is (it is replaced now and then, so it is read each time), else the variable.
    private func authorization() throws(CredentialError) -> String? {
        let token: String
        if let path = surroundings.text("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE") {
            guard let bytes = try? surroundings.readFile(path), bytes.count <= 64 * 1024 else {
                throw .unavailable(
                    source: ContainerCredentials.source,
                    detail: "the file of AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE cannot be read")
            }
            token = String(decoding: bytes, as: UTF8.self)
        } else if let text = surroundings.text("AWS_CONTAINER_AUTHORIZATION_TOKEN") {
            token = text
        } else {
            return nil
        }
        guard !token.isEmpty, token.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) else {
            throw misconfigured("the authorization token is empty or has a line break")
        }
        return token
    }

    private func misconfigured(_ detail: String) -> CredentialError {
        .misconfigured(source: ContainerCredentials.source, detail: detail)
    }
}
