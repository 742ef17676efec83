import Simulators
import Testing

/// What the metadata service asks of its callers before it says anything.
struct MetadataTokenTests {
    private let clock = ManualWallClock()

    private func service(_ access: MetadataAccess = .v2Only) -> MetadataService {
        MetadataService(MetadataState(access: access), clock: clock)
    }

    private func token(_ ttl: String? = "60", path: String = "/latest/api/token", more: [(String, String)] = [])
        -> LabRequest
    {
        let ttl = ttl.map { [("X-aws-ec2-metadata-token-ttl-seconds", $0)] } ?? []
        return LabRequest(method: "PUT", path: path, headers: (ttl + more).map { (name: $0.0, value: $0.1) })
    }

    private func read(_ token: String?, path: String = "/latest/meta-data/instance-id") -> LabRequest {
        LabRequest(
            method: "GET", path: path, headers: token.map { [(name: "x-aws-ec2-metadata-token", value: $0)] } ?? [])
    }

    @Test(arguments: ["1", "60", "21600"])
    func `a token is given for any time up to six hours, which is echoed`(ttl: String) async {
        let answer = await service().respond(to: token(ttl))
        #expect(answer.status == 200)
        #expect(answer.header("X-Aws-Ec2-Metadata-Token-Ttl-Seconds") == ttl)
    }

    @Test(arguments: [nil, "0", "-1", "21601", "soon", ""])
    func `any other time is a bad request`(ttl: String?) async {
        let answer = await service().respond(to: token(ttl))
        #expect(answer.status == 400)
    }

    @Test func `a forwarded token request is forbidden`() async {
        let answer = await service().respond(to: token(more: [("X-Forwarded-For", "10.0.0.1")]))
        #expect(answer.status == 403)
    }

    @Test func `a versioned token path is forbidden`() async {
        let answer = await service().respond(to: token(path: "/2021-07-15/api/token"))
        #expect(answer.status == 403)
    }

    @Test func `every token is another one`() async {
        let metadata = service()
        let first = await metadata.respond(to: token()).text
        let second = await metadata.respond(to: token()).text
        #expect(first != second)
        #expect(metadata.issuedTokenCount == 2)
    }

    @Test func `a token opens the documents until its time is over`() async {
        let metadata = service()
        let token = await metadata.respond(to: token("60")).text
        clock.advance(by: .seconds(59))
        #expect(await metadata.respond(to: read(token)).status == 200)
        clock.advance(by: .seconds(1))
        #expect(await metadata.respond(to: read(token)).status == 401)
    }

    @Test func `the answer says how long the token is still good`() async {
        let metadata = service()
        let token = await metadata.respond(to: token("60")).text
        clock.advance(by: .seconds(20))
        let answer = await metadata.respond(to: read(token))
        #expect(answer.header("X-Aws-Ec2-Metadata-Token-Ttl-Seconds") == "40")
    }

    @Test func `tokens can be ended at will`() async {
        let metadata = service()
        let token = await metadata.respond(to: token()).text
        metadata.expireTokens()
        #expect(await metadata.respond(to: read(token)).status == 401)
    }

    @Test(arguments: [
        (MetadataAccess.v2Only, 401), (.v1AndV2, 200), (.v1Only, 200), (.off, 403),
        (MetadataAccess(tokens: .required, isBeyondHopLimit: true), 401),
        (MetadataAccess(tokens: .optional, isBeyondHopLimit: true), 200),
    ])
    func `a read without a token is answered as the access says`(access: MetadataAccess, status: Int) async {
        #expect(await service(access).respond(to: read(nil)).status == status)
    }

    @Test(arguments: [
        (MetadataAccess.v2Only, 200), (.v1AndV2, 200), (.off, 403), (.v1Only, 404),
        (MetadataAccess(tokens: .unsupported(status: 405)), 405),
        (MetadataAccess(tokens: .unsupported(status: 403)), 403),
    ])
    func `a token request is answered as the access says`(access: MetadataAccess, status: Int) async {
        #expect(await service(access).respond(to: token()).status == status)
    }

    @Test func `beyond the hop limit the token never arrives`() async {
        let answer = await service(MetadataAccess(isBeyondHopLimit: true)).respond(to: token())
        #expect(!answer.isAnswered)
    }

    @Test(arguments: [MetadataAccess.v2Only, .v1AndV2])
    func `a token that nobody gave is refused, also where none is needed`(access: MetadataAccess) async {
        #expect(await service(access).respond(to: read("AQAEmadeup==")).status == 401)
    }

    @Test(arguments: ["POST", "DELETE"])
    func `other methods are not allowed`(method: String) async {
        let request = LabRequest(method: method, path: "/latest/meta-data/instance-id")
        #expect(await service().respond(to: request).status == 405)
    }

    @Test func `every answer names its server and the date`() async {
        let answer = await service(.v1AndV2).respond(to: read(nil, path: "/latest/meta-data/nothing"))
        #expect(answer.header("Server") == "EC2ws")
        #expect(answer.header("Date") == clock.now.http)
    }
}
