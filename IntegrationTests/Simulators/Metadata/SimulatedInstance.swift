/// The facts of an EC2 instance that do not change while it runs.
public struct SimulatedInstance: Sendable {
    /// Its id.
    public var id: String
    /// Its type.
    public var type: String
    /// Its region.
    public var region: String
    /// Its availability zone.
    public var availabilityZone: String
    /// `spot` or `on-demand`.
    public var lifeCycle: String
    /// Its private name.
    public var hostname: String
    /// Its private address.
    public var address: String
    /// Its hardware address.
    public var hardwareAddress: String
    /// Its account.
    public var accountID: String
    /// Its image.
    public var imageID: String

    /// A spot instance in us-east-1, unless told otherwise.
    public init(
        id: String = "i-0a1b2c3d4e5f60718", type: String = "m5.large", region: String = "us-east-1",
        availabilityZone: String? = nil, lifeCycle: String = "spot",
        hostname: String = "ip-10-0-0-42.ec2.internal", address: String = "10.0.0.42",
        hardwareAddress: String = "0e:49:61:0f:c3:11", accountID: String = "123456789012",
        imageID: String = "ami-0abcdef1234567890"
    ) {
        self.id = id
        self.type = type
        self.region = region
        self.availabilityZone = availabilityZone ?? region + "a"
        self.lifeCycle = lifeCycle
        self.hostname = hostname
        self.address = address
        self.hardwareAddress = hardwareAddress
        self.accountID = accountID
        self.imageID = imageID
    }

    /// The instance identity document.
    var identityDocument: String {
        JSONValue.object([
            ("accountId", .string(accountID)), ("architecture", .string("x86_64")),
            ("availabilityZone", .string(availabilityZone)), ("billingProducts", .null),
            ("devpayProductCodes", .null), ("marketplaceProductCodes", .null), ("imageId", .string(imageID)),
            ("instanceId", .string(id)), ("instanceType", .string(type)), ("kernelId", .null),
            ("pendingTime", .string("2026-11-21T00:00:00Z")), ("privateIp", .string(address)), ("ramdiskId", .null),
            ("region", .string(region)), ("version", .string("2017-09-30")),
        ]).text
    }
}
