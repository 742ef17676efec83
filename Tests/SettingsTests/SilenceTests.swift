import Testing

@testable import Settings

/// How long the metadata service may be silent.
@Suite struct Silence {
    @Test(arguments: [
        ([:], 15), (["POLL_INTERVAL": "100ms"], 15), (["POLL_INTERVAL": "60s"], 600), (["NOTICES": "spot"], 15),
    ])
    func `follows the poll interval and what is read`(variables: [String: String], seconds: Int) {
        var reader = SettingsReader(flags: [:], environment: variables.merging(["NODE_NAME": "n"]) { $1 })
        #expect(HandlerSettings(from: &reader).cloud.longestSilence == .seconds(seconds))
    }
}
