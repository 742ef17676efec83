/// A list as it was when its first page was answered, kept so that the other pages fit to it.
struct ListPage: Sendable {
    let resource: KubernetesResource
    let resourceVersion: Int
    let until: Duration
    let objects: [ObjectKey: StoredObject]
}

/// Where a list goes on: the token is the real server's, so that it is as opaque and as long.
struct ContinueToken {
    let resourceVersion: Int
    /// The last key that was answered.
    let last: ObjectKey

    /// base64url of `{"v":"meta.k8s.io/v1","rv":17313,"start":"/ns/name\u0000"}`.
    var text: String {
        let start = last.namespace.isEmpty ? "/\(last.name)\u{0}" : "/\(last.namespace)/\(last.name)\u{0}"
        let json: KubernetesJSON = [
            "v": "meta.k8s.io/v1", "rv": .integer(resourceVersion), "start": .string(start),
        ]
        return Base64URL.text(json.bytes)
    }

    init(resourceVersion: Int, last: ObjectKey) {
        self.resourceVersion = resourceVersion
        self.last = last
    }

    /// Reads a token.
    ///
    /// - Throws: the API server's 400.
    init(_ text: String) throws(APIStatus) {
        let prefix = "invalid continue token: continue key is not valid: "
        guard let bytes = Base64URL.bytes(text) else {
            throw .badRequest(prefix + "illegal base64 data at input byte 0")
        }
        let json: KubernetesJSON
        do throws(KubernetesJSONError) {
            json = try KubernetesJSON(parsing: bytes)
        } catch {
            throw .badRequest(prefix + error.message)
        }
        guard json["v"] == "meta.k8s.io/v1", let version = json["rv"]?.integer, let start = json["start"]?.string
        else { throw .badRequest(prefix + "server does not recognize this encoded version \"\"") }
        let words = start.split { $0 == "/" || $0 == "\u{0}" }.map(String.init)
        guard let name = words.last else {
            throw .badRequest(prefix + "encoded start key empty (version meta.k8s.io/v1)")
        }
        resourceVersion = version
        last = ObjectKey(words.count > 1 ? words[0] : "", name)
    }
}

/// One page of a list.
struct ListAnswer: Sendable {
    var objects: [StoredObject]
    var resourceVersion: Int
    var continueToken: String?
    /// How many more there are; only known when nothing was filtered out.
    var remaining: Int?
}

extension ClusterState {
    /// Answers a list, or the next page of one.
    mutating func list(
        _ resource: KubernetesResource, _ selector: ObjectSelector, limit: Int?, continuing token: String?
    ) throws(APIStatus) -> ListAnswer {
        var source = store.all(resource)
        var version = store.resourceVersion
        var after: ObjectKey?
        if let token {
            let place = try ContinueToken(token)
            pages.removeAll { $0.until <= now }
            guard
                let page = pages.first(where: {
                    $0.resource == resource && $0.resourceVersion == place.resourceVersion
                })
            else {
                throw .expiredContinue(ContinueToken(resourceVersion: version, last: place.last).text)
            }
            source = page.objects
            version = page.resourceVersion
            after = place.last
        }
        var objects = source.values.filter { object in
            (after.map { $0 < object.key } ?? true) && selector.matches(object)
        }
        objects.sort { $0.key < $1.key }
        guard let limit, limit > 0, objects.count > limit, let last = objects[..<limit].last else {
            return ListAnswer(objects: objects, resourceVersion: version)
        }
        if token == nil {
            let until = now + settings.continueLifetime
            pages.append(ListPage(resource: resource, resourceVersion: version, until: until, objects: source))
            if pages.count > 64 { pages.removeFirst() }
        }
        return ListAnswer(
            objects: Array(objects[..<limit]), resourceVersion: version,
            continueToken: ContinueToken(resourceVersion: version, last: last.key).text,
            remaining: selector.isFiltered ? nil : objects.count - limit)
    }
}

/// base64 with the alphabet for URLs and without padding.
enum Base64URL {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    static func text(_ bytes: [UInt8]) -> String {
        var output: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            var bits = 0
            for byte in group { bits = bits << 8 | Int(byte) }
            bits <<= 8 * (3 - group.count)
            for index in 0...group.count { output.append(alphabet[bits >> (18 - 6 * index) & 63]) }
        }
        return String(decoding: output, as: UTF8.self)
    }

    /// The bytes; nil for what is not base64url.
    static func bytes(_ text: String) -> [UInt8]? {
        var output: [UInt8] = []
        var bits = 0
        var count = 0
        for character in text.utf8 {
            guard let value = alphabet.firstIndex(of: character) else { return nil }
            bits = (bits << 6 | value) & 0xFFFFFF
            count += 6
            if count >= 8 {
                count -= 8
                output.append(UInt8(bits >> count & 0xFF))
            }
        }
        return text.utf8.count % 4 == 1 ? nil : output
    }
}
