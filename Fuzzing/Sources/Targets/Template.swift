import FoundationEssentials
import Interruption
import JSON

@testable import Notify

/// A template, or a JSON document: what is accepted as JSON is JSON for others too.
@Sendable func examineTemplate(_ input: [UInt8]) {
    examineJSON(input)
    let text = String(decoding: input, as: UTF8.self)
    do throws(TemplateProblem) {
        let template = try MessageTemplate(text)
        let fields = text.ranges(of: "{{").count
        for sample in Notification.samples.prefix(2) {
            let plain = template.rendered(sample, escape: { $0 })
            expect(plain.utf8.count <= text.utf8.count + fields * 8192, "a bounded body")
        }
        guard let address = try? WebAddress("https://hooks.example.com/x") else { return }
        let channel = try WebhookChannel(address: address, template: template)
        for sample in Notification.samples {
            let body = channel.body(for: sample)
            expect(
                (try? JSONDecoder().decode(Anything.self, from: Data(body))) != nil, "an accepted template gives JSON")
        }
    } catch {
        expect("\(error)".utf8.count <= 2000, "a bounded problem")
    }
}

/// A document of any shape, which Foundation reads whole before this looks at nothing.
private struct Anything: Decodable {
    init(from decoder: any Decoder) throws {}
}

private func examineJSON(_ input: [UInt8]) {
    guard let value = JSONValue(reading: input) else { return }
    expect((try? JSONDecoder().decode(Anything.self, from: Data(input))) != nil, "what we call JSON is JSON")
    let again = JSONValue(reading: value.bytes)
    expect(again != nil, "what we write can be read")
    expect(again == value || value.hasInfinity, "it reads the same")
}

extension JSONValue {
    /// Whether a number is beyond a double, which is written as `null`.
    fileprivate var hasInfinity: Bool {
        switch self {
        case .number(let number): !number.isFinite
        case .array(let elements): elements.contains(where: \.hasInfinity)
        case .object(let members): members.contains(where: \.value.hasInfinity)
        default: false
        }
    }
}
