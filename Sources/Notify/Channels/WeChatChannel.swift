import Transport

/// Which of the three services behind `WECHAT_URL` and `WECHAT_KEY` is meant; they share nothing but the name.
enum WeChatChannel {
    /// The channel of the settings; `nil` when there is none or it is malformed.
    static func configured(by settings: inout SettingsReader) -> (any WebChannel)? {
        let address = settings.address("WECHAT_URL")
        let key = settings.secret("WECHAT_KEY")
        guard let address else {
            // A ServerChan key tells its own address.
            if let key, let found = key.serverChanAddress { return ServerChanChannel(address: found, key: key) }
            if key != nil, !settings.isSet("WECHAT_URL") {
                settings.reject(
                    "WECHAT_URL",
                    "is missing, and WECHAT_KEY is no ServerChan key (SCT... or sctp...), which would do without")
            }
            return nil
        }
        if address.isWeCom {
            return weCom(address, key, &settings)
        }
        if address.isServerChan {
            return serverChan(address, key, &settings)
        }
        guard key != nil || address.query.contains(where: { $0.name == "sendkey" }) else {
            settings.reject("WECHAT_KEY", "is missing: a PushBear-compatible service needs it as `sendkey`")
            return nil
        }
        if address.host == "pushbear.ftqq.com" {
            settings.warn("WECHAT_URL", "is PushBear, which no longer delivers; use ServerChan or a WeCom group robot")
        }
        return PushBearChannel(address: address, key: key)
    }

    private static func weCom(_ address: WebAddress, _ key: Secret?, _ settings: inout SettingsReader) -> WeComChannel?
    {
        if address.query.contains(where: { $0.name == "key" }) { return WeComChannel(address: address) }
        guard let key else {
            settings.reject("WECHAT_KEY", "is missing: a WeCom robot's key goes there, or into WECHAT_URL as ?key=")
            return nil
        }
        return settings.address("WECHAT_URL", from: address.appending(query: [("key", key.reveal())]))
            .map { WeComChannel(address: $0) }
    }

    private static func serverChan(_ address: WebAddress, _ key: Secret?, _ settings: inout SettingsReader)
        -> ServerChanChannel?
    {
        if address.path.hasSuffix(".send") { return ServerChanChannel(address: address, key: key) }
        guard let key else {
            settings.reject(
                "WECHAT_KEY", "is missing: ServerChan's SendKey goes there, or into WECHAT_URL as <key>.send")
            return nil
        }
        let base = address.url.reveal()
        let whole = base + (base.hasSuffix("/") ? "" : "/") + key.reveal().percentEncoded + ".send"
        return settings.address("WECHAT_URL", from: Secret(whole)).map { ServerChanChannel(address: $0, key: key) }
    }
}

extension WebAddress {
    /// A WeCom group robot, or something that stands in for it.
    fileprivate var isWeCom: Bool { host == "qyapi.weixin.qq.com" || path.hasSuffix("/cgi-bin/webhook/send") }

    /// ServerChan, or something that stands in for it.
    fileprivate var isServerChan: Bool {
        ["sctapi.ftqq.com", "sc.ftqq.com"].contains(host) || host.hasSuffix(".push.ft07.com") || path.hasSuffix(".send")
    }
}

extension Secret {
    /// The address that a ServerChan key names: `SCT...` is Turbo, `sctp<number>t...` the third edition; `nil` for
    /// other keys.
    fileprivate var serverChanAddress: WebAddress? {
        let key = reveal()
        let text: String
        if key.hasPrefix("sctp") {
            let number = key.dropFirst(4).prefix { ("0"..."9").contains($0) }
            guard !number.isEmpty, key.dropFirst(4 + number.count).first == "t" else { return nil }
            text = "https://\(number).push.ft07.com/send/\(key.percentEncoded).send"
        } else if key.hasPrefix("SCT") {
            text = "https://sctapi.ftqq.com/\(key.percentEncoded).send"
        } else {
            return nil
        }
        return try? WebAddress(text)  // cannot fail: host and path were made here
    }
}
