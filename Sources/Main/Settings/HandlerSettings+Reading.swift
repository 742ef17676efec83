import Interruption

extension HandlerSettings {
    /// Reads every setting of the daemon; what is wrong is collected in `reader`, and a default stands in for it.
    public init(from reader: inout SettingsReader) {
        nodeName = reader.text(.nodeName)
        let podName = reader.text(.podName)
        let namespace = reader.text(.podNamespace)
        ownPod = podName.map { OwnPod(namespace: namespace ?? "", name: $0) }
        if nodeName == nil, podName == nil || namespace == nil {
            reader.complain(
                .nodeName, nil,
                "set it to this node's name, or set POD_NAME and NAMESPACE so that it is read from the pod")
        }
        cluster = reader.text(.cluster)
        // $KUBECONFIG may be a list, and yields to the in-cluster configuration; the module Kubernetes reads it itself.
        kubeconfig = (reader.given(.kubeconfig).last { $0.isFlag }?.text, reader.text(.context))
        provider = reader.value(.provider) { $0 == "aws" ? $0 : nil } ?? "aws"
        cloud = CloudSettings(from: &reader)
        policy = DrainPolicy(from: &reader)
        marks = MarkChoices(from: &reader)
        isDryRun = reader.isOn(.dryRun, default: false)
        rehearsesIncidents = reader.isOn(.dryRunIncidents, default: false)
        volumeMargin = reader.value(.volumeMargin) { bounded($0, by: .seconds(600)) } ?? .seconds(20)
        inFlight = reader.value(.inFlight) { Int($0).flatMap { (1...1000).contains($0) ? $0 : nil } } ?? 94
        settle =
            reader.value(.settle) { text in
                Duration(setting: text).flatMap { (.zero ... .seconds(3600)).contains($0) ? $0 : nil }
            } ?? .zero
        metricsAddress = HandlerSettings.metricsAddress(from: &reader)
        logFormat = reader.value(.logFormat) { LogFormat(rawValue: $0) }
        let fallback = HandlerSettings.isVerbose(reader) ? "debug" : "info"
        logLevel =
            reader.value(.logLevel) { text in
                ["trace", "debug", "info", "notice", "warning", "error"].first { $0 == text.lowercased() }
            } ?? fallback
    }

    private static func isVerbose(_ reader: SettingsReader) -> Bool {
        guard let text = reader.variable("VERBOSE")?.lowercased() else { return false }
        return !["false", "0", "no", "off"].contains(text)
    }

    private static func metricsAddress(from reader: inout SettingsReader) -> HostAndPort? {
        if reader.text(.metricsAddress)?.lowercased() == "off" { return nil }
        if let address = reader.value(.metricsAddress, HostAndPort.init) { return address }
        let host = reader.variable("SPOT_POD_IP") ?? "127.0.0.1"
        return HostAndPort(host.contains(":") ? "[\(host)]:9092" : "\(host):9092")
    }
}

extension CloudSettings {
    init(from reader: inout SettingsReader) {
        let usual = CloudSettings.usualEndpoint(from: &reader)
        metadataEndpoint = reader.value(.metadataEndpoint, CloudSettings.service(of:)) ?? usual
        metadataTokens = reader.value(.metadataTokens) { MetadataTokenMode(rawValue: $0) } ?? .optional
        pollInterval =
            reader.value(.pollInterval) { text in
                Duration(setting: text).flatMap { (.milliseconds(100) ... .seconds(60)).contains($0) ? $0 : nil }
            } ?? .seconds(1)
        let chosen = reader.values(.notices) { AnnouncementKind(rawValue: $0) }
        notices = Set(chosen.isEmpty ? AnnouncementKind.allCases : chosen)
        (maintenanceLead, maintenanceLeadByCode) = CloudSettings.leads(from: &reader)
        rebalanceExpiry =
            reader.value(.rebalanceExpiry) { text -> Duration?? in
                text == "never" ? .some(nil) : positive(text).map { .some($0) }
            } ?? .seconds(3600)
        // The older handlers: any value but `false` switches it on.
        detaches = reader.value(.detachASG) { $0.lowercased() != "false" } ?? false
        detachScope = DetachScope(reader.values(.detachFor, DetachScope.Word.init(rawValue:)))
        completesHooks = reader.isOn(.completeHooks, default: true)
        hookNames = reader.values(.hookName) { $0.isEmpty || $0.utf8.count > 255 ? nil : $0 }
        volumeWait = reader.value(.volumeWait) { bounded($0, by: .seconds(1800)) } ?? .seconds(60)
    }

    /// The service's address, of the family that AWS's SDKs would take.
    private static func usualEndpoint(from reader: inout SettingsReader) -> String {
        let name = "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE"
        guard let mode = reader.variable(name) else { return "http://169.254.169.254" }
        switch mode.lowercased() {
        case "ipv4": break
        case "ipv6": return "http://[fd00:ec2::254]"
        default: reader.complain(variable: name, mode, "accepted: IPv4 or IPv6")
        }
        return "http://169.254.169.254"
    }

    /// The service part of an http(s) URL: scheme, host and port. Older handlers are given the whole notice URL.
    static func service(of text: String) -> String? {
        let scheme = ["http://", "https://"].first { text.lowercased().hasPrefix($0) }
        guard let scheme else { return nil }
        let authority = text.dropFirst(scheme.count).prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        guard !authority.isEmpty, !authority.contains("@"), !authority.contains(where: \.isWhitespace) else {
            return nil
        }
        return scheme + authority
    }

    private static func leads(from reader: inout SettingsReader) -> (Duration, [String: Duration]) {
        var general = Duration.seconds(1800)
        var byCode: [String: Duration] = [:]
        for (code, lead) in reader.values(.maintenanceLead, { pair($0) ?? positive($0).map { ("", $0) } }) {
            if code.isEmpty { general = lead } else { byCode[code] = lead }
        }
        return (general, byCode)
    }

    private static func pair(_ text: String) -> (String, Duration)? {
        let parts = text.split(separator: "=", maxSplits: 1)
        guard parts.count == 2, let lead = positive(String(parts[1])) else { return nil }
        let codes = ["instance-stop", "instance-retirement", "instance-reboot", "system-reboot", "system-maintenance"]
        return codes.first { $0 == parts[0] }.map { ($0, lead) }
    }
}

extension DrainPolicy {
    init(from reader: inout SettingsReader) {
        let fallback = reader.value(.strategy) { Strategy(rawValue: $0) } ?? .evict
        var perKind: [NoticeKind: Strategy?] = [.rebalance: .some(.cordonOnly)]
        for (kind, strategy) in reader.values(.strategyFor, DrainPolicy.choice) {
            perKind[kind] = .some(strategy)
        }
        self.init(
            strategies: StrategySelection(fallback: fallback, perKind: perKind),
            escalates: reader.isOn(.escalate, default: true),
            graceLimit: reader.value(.gracePeriod, DrainPolicy.graceLimit) ?? nil,
            margin: reader.value(.margin) { bounded($0, by: .seconds(600)) } ?? .seconds(5))
    }

    private static func choice(_ text: String) -> (NoticeKind, Strategy?)? {
        let parts = text.split(separator: "=", maxSplits: 1).map(trimmed)
        guard parts.count == 2, let kind = NoticeKind(rawValue: parts[0]) else { return nil }
        if parts[1] == "ignore" { return (kind, nil) }
        return Strategy(rawValue: parts[1]).map { (kind, $0) }
    }

    private static func graceLimit(_ text: String) -> Duration?? {
        guard let limit = Duration(setting: text) else { return nil }
        if limit < .zero { return .some(nil) }
        return limit >= .seconds(1) ? .some(limit) : nil
    }
}

extension MarkChoices {
    init(from reader: inout SettingsReader) {
        taints = reader.isOn(.taint, default: false)
        taintEffect =
            reader.value(.taintEffect) { text in
                ["NoSchedule", "PreferNoSchedule", "NoExecute"].first { $0 == text }
            } ?? "NoSchedule"
        usesReferenceTaintKeys =
            reader.value(.taintKeys) { ["own": false, "aws-node-termination-handler": true][$0] } ?? false
        excludesFromLoadBalancers =
            reader.given(.excludeFromLoadBalancers).isEmpty
            ? nil : reader.isOn(.excludeFromLoadBalancers, default: false)
        noExecuteLead =
            reader.value(.noExecuteLead) { text in
                Duration(setting: text).flatMap { (.zero ... .seconds(3600)).contains($0) ? $0 : nil }
            } ?? .seconds(30)
        setsConditions = reader.isOn(.nodeConditions, default: false)
        writesNodeEvents = reader.isOn(.nodeEvents, default: true)
        writesPodEvents = reader.isOn(.podEvents, default: false)
    }
}

extension DetachScope {
    /// What a person may name.
    enum Word: String {
        case reclaim, rebalance, maintenance, returning
        case scaleIn = "scale-in"
    }

    /// The scope that those words name; the default for none.
    init(_ words: [Word]) {
        guard !words.isEmpty else {
            self.init()
            return
        }
        // `returning` alone adds to the default.
        let kinds = words.compactMap { NoticeKind(rawValue: $0.rawValue) }
        self.init(
            kinds: kinds.isEmpty ? DetachScope().kinds : Set(kinds), includesReturning: words.contains(.returning))
    }
}

private func bounded(_ text: String, by longest: Duration) -> Duration? {
    Duration(setting: text).flatMap { (.zero...longest).contains($0) ? $0 : nil }
}

private func positive(_ text: String) -> Duration? {
    Duration(setting: text).flatMap { $0 > .zero ? $0 : nil }
}
