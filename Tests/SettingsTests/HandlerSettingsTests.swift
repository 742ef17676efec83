import Interruption
import Testing

@testable import Settings

/// What a person may write, and what they are told when it is wrong.
@Suite struct `Settings of the daemon` {
    private func read(
        _ flags: [String: [String]] = [:], _ environment: [String: String] = ["NODE_NAME": "n"]
    ) -> (settings: HandlerSettings, problems: [SettingsProblem]) {
        var reader = SettingsReader(flags: flags, environment: environment)
        let settings = HandlerSettings(from: &reader)
        return (settings, reader.problems)
    }

    @Test func `the documented defaults hold when nothing but the node is given`() {
        let (settings, problems) = read()
        #expect(problems.isEmpty)
        #expect(settings.nodeName == "n")
        #expect(settings.policy == DrainPolicy())
        #expect(settings.cloud.metadataEndpoint == "http://169.254.169.254")
        #expect(settings.cloud.metadataTokens == .optional)
        #expect(settings.cloud.pollInterval == .seconds(1))
        #expect(settings.cloud.notices == Set(CloudSettings.AnnouncementKind.allCases))
        #expect(settings.cloud.maintenanceLead == .seconds(1800))
        #expect(settings.cloud.rebalanceExpiry == .seconds(3600))
        #expect(!settings.cloud.detaches)
        #expect(settings.metricsAddress?.description == "127.0.0.1:9092")
        #expect(settings.marks.writesNodeEvents)
        #expect(!settings.isDryRun)
        #expect(settings.logLevel == "info")
    }

    @Test func `the older handlers' environment alone is enough`() {
        let (settings, problems) = read(
            [:],
            [
                "POD_NAME": "handler-x", "NAMESPACE": "kube-system", "SPOT_POD_IP": "10.0.0.7", "CLUSTER": "blue",
                "POLL_INTERVAL": "5", "NOTICE_URL": "http://127.0.0.1:1338/latest/meta-data/spot/termination-time",
                "DETACH_ASG": "true", "GRACE_PERIOD": "60", "VERBOSE": "1",
            ])
        #expect(problems.isEmpty)
        #expect(settings.nodeName == nil)
        #expect(settings.ownPod == HandlerSettings.OwnPod(namespace: "kube-system", name: "handler-x"))
        #expect(settings.cluster == "blue")
        #expect(settings.cloud.pollInterval == .seconds(5))
        #expect(settings.cloud.metadataEndpoint == "http://127.0.0.1:1338")
        #expect(settings.cloud.detaches)
        #expect(settings.policy.graceLimit == .seconds(60))
        #expect(settings.metricsAddress?.description == "10.0.0.7:9092")
        #expect(settings.logLevel == "debug")
    }

    @Test(arguments: [("false", false), ("False", false), ("true", true), ("1", true), ("please", true)])
    func `DETACH_ASG is on for anything but false`(text: String, isOn: Bool) {
        #expect(read([:], ["NODE_NAME": "n", "DETACH_ASG": text]).settings.cloud.detaches == isOn)
    }

    @Test func `a flag wins over its variable`() {
        let (settings, _) = read(["poll-interval": ["250ms"]], ["NODE_NAME": "n", "POLL_INTERVAL": "7"])
        #expect(settings.cloud.pollInterval == .milliseconds(250))
    }

    @Test func `an empty variable counts as unset`() {
        let (settings, problems) = read([:], ["NODE_NAME": "n", "POLL_INTERVAL": "", "STRATEGY": ""])
        #expect(problems.isEmpty)
        #expect(settings.cloud.pollInterval == .seconds(1))
    }

    @Test func `strategies are chosen per kind, and a kind can be ignored`() {
        let (settings, problems) = read(
            ["strategy": ["delete"], "strategy-for": ["rebalance=ignore", "maintenance=evict"]])
        #expect(problems.isEmpty)
        #expect(settings.policy.strategies.strategy(for: .reclaim) == .delete)
        #expect(settings.policy.strategies.strategy(for: .rebalance) == nil)
        #expect(settings.policy.strategies.strategy(for: .maintenance) == .evict)
    }

    @Test func `lead times are set for all codes and for one`() {
        let (settings, problems) = read([:], ["NODE_NAME": "n", "MAINTENANCE_LEAD": "1h, instance-reboot=10m"])
        #expect(problems.isEmpty)
        #expect(settings.cloud.maintenanceLead == .seconds(3600))
        #expect(settings.cloud.maintenanceLeadByCode == ["instance-reboot": .seconds(600)])
    }

    @Test(arguments: [("-1", nil), ("0", Optional<Int>.none), ("1", 1), ("120", 120), ("2m", 120)])
    func `a grace limit is seconds, and negative means the pod's own`(text: String, seconds: Int?) {
        let (settings, problems) = read(["grace-period": [text]])
        #expect(settings.policy.graceLimit == seconds.map { .seconds($0) })
        #expect(problems.isEmpty == (text != "0"))
    }

    @Test(arguments: [
        "277h0.008s", "1h305.01h305m0m8ms", "999999999.001", "31y", "1000000001", "-1000000001", "9999999999999ms",
    ])
    func `a duration that is accepted prints as one that is accepted`(text: String) {
        let duration = Duration(setting: text)
        #expect(duration?.settingText == duration.flatMap { Duration(setting: $0.settingText) }?.settingText)
        #expect(
            (duration == nil) == (text.hasSuffix("y") || text.contains("1000000001") || text.hasPrefix("99999999999")))
    }

    @Test func `a thousand years of hours are no duration, and no trap`() {
        #expect(Duration(setting: String(repeating: "999999999h", count: 5000)) == nil)
    }

    @Test func `every wrong value is told, all at once, with what is accepted`() {
        let (_, problems) = read(
            ["poll-interval": ["soon"], "strategy": ["nuke"], "strategy-for": ["reclaim"], "margin": ["-5s"]],
            ["METADATA_TOKENS": "maybe", "DRY_RUN": "perhaps", "METRICS_ADDRESS": "9092"])
        #expect(
            Set(problems.map(\.origin)) == [
                "--poll-interval", "--strategy", "--strategy-for", "--margin", "METADATA_TOKENS", "DRY_RUN",
                "METRICS_ADDRESS", "--node-name (NODE_NAME)",
            ])
        #expect(problems.allSatisfy { $0.description.contains("accept") || $0.description.contains("missing") })
    }

    @Test(arguments: ["ftp://x", "169.254.169.254", "http://", "http://user:secret@host/", "http://a b/"])
    func `an endpoint that is no http URL is refused`(text: String) {
        #expect(read(["metadata-endpoint": [text]]).problems.map(\.origin) == ["--metadata-endpoint"])
    }

    @Test func `an IPv6 endpoint keeps its brackets`() {
        let (settings, problems) = read(["metadata-endpoint": ["http://[fd00:ec2::254]/"]])
        #expect(problems.isEmpty)
        #expect(settings.cloud.metadataEndpoint == "http://[fd00:ec2::254]")
    }

    @Test func `endpoints can be switched off`() {
        #expect(read(["metrics-address": ["off"]]).settings.metricsAddress == nil)
    }

    @Test func `no two settings share a flag or a variable`() {
        let names = Setting.all.map(\.name)
        let variables = Setting.all.flatMap(\.variables)
        #expect(Set(names).count == names.count)
        #expect(Set(variables).count == variables.count)
    }
}

@Suite struct `Durations as people write them` {
    @Test(
        arguments: [
            ("5", 5000), ("500ms", 500), ("2s", 2000), ("1.5s", 1500), ("2m", 120_000), ("1h30m", 5_400_000),
            (" 3s ", 3000), ("-1", -1000), ("0", 0),
        ])
    func `are read`(text: String, milliseconds: Int) {
        #expect(Duration(setting: text) == .milliseconds(milliseconds))
    }

    @Test(arguments: ["", "s", "5x", "1m5", "five", "1..5s", "--1", "1e3", "99999999999999999999s"])
    func `are refused when they mean nothing`(text: String) {
        #expect(Duration(setting: text) == nil)
    }

    @Test(arguments: [("500ms", "500ms"), ("1s", "1s"), ("90", "1m30s"), ("3600", "1h"), ("3661", "1h1m1s")])
    func `are written in their short form`(text: String, short: String) {
        #expect(Duration(setting: text)?.settingText == short)
    }
}

@Suite struct `Addresses to listen on` {
    @Test(
        arguments: [
            ("127.0.0.1:9092", "127.0.0.1:9092"), ("[::1]:0", "[::1]:0"), (":80", "[::]:80"),
            ("localhost:1", "localhost:1"),
        ])
    func `are read`(text: String, printed: String) {
        #expect(HostAndPort(text)?.description == printed)
    }

    @Test(arguments: ["", "9092", "::1:80", "h:65536", "h:-1", "h:x", "[[::1]]:9092", "[a[b]:1"])
    func `are refused when they are none`(text: String) {
        #expect(HostAndPort(text) == nil)
    }
}
