import Interruption
import JSON
import Testing
import Transport

@testable import Notify

@Suite struct TemplateTests {
    private let address = WebAddress.good("https://example.org/hook")

    private func render(_ text: String, _ notification: Notification = Fixtures.seen) throws -> String {
        try MessageTemplate(text).rendered(notification) { $0 }
    }

    @Test func `the reference's default template works`() throws {
        let text =
            #"{"text":"[NTH][Instance Interruption] EventID: {{ .EventID }} - Kind: {{ .Kind }} - Instance: {{ .InstanceID }} - "#
            + #"Node: {{ .NodeName }} - Description: {{ .Description }} - Start Time: {{ .StartTime }}"}"#
        #expect(
            try render(text)
                == #"{"text":"[NTH][Instance Interruption] EventID: spot-1795226520 - Kind: reclaim - Instance: i-0bb697ef2705e5b37 - "#
                + "Node: node-1 - Description: Node node-1 (cluster prod) is about to be reclaimed: 1 min 58 s left - "
                + #"Start Time: 2026-11-21T02:02:00Z"}"#)
    }

    @Test(arguments: [
        ("a {{.NodeName}} b", "a node-1 b"), ("a {{   .NodeName\t}} b", "a node-1 b"),
        ("a \n{{- .NodeName -}}\n b", "anode-1b"),
        ("{{ .NodeName }}{{ .Kind }}", "node-1reclaim"), ("no field", "no field"), ("}} {", "}} {"),
    ])
    func `braces read like the reference's`(text: String, expected: String) throws {
        #expect(try render(text) == expected)
    }

    @Test(arguments: [
        ("x\n{{ .Nope }}", TemplateProblem.unknownField("Nope", line: 2, near: nil)),
        ("{{ .nodename }}", .unknownField("nodename", line: 1, near: "NodeName")),
        ("{{ if .Kind }}x{{ end }}", .noField("if .Kind", line: 1)),
        ("{{ .NodeLabels.zone }}", .noField(".NodeLabels.zone", line: 1)),
        ("{{ range .Pods }}", .noField("range .Pods", line: 1)),
        ("{{ .Kind | upper }}", .noField(".Kind | upper", line: 1)),
        ("{{ }}", .noField("", line: 1)), ("{{ . }}", .noField(".", line: 1)),
        ("{{/* note */}}", .noField("/* note */", line: 1)),
        ("a\nb {{ .Kind", .unclosed(line: 2)), ("", .empty), (" \n ", .empty),
    ])
    func `what a template cannot mean is said at start, with its line`(text: String, problem: TemplateProblem) {
        #expect(throws: problem) { try MessageTemplate(text) }
    }

    @Test func `an unknown field's error tells the fields that there are`() {
        let words = TemplateProblem.unknownField("Nope", line: 1, near: nil).description
        #expect(words.contains("{{ .Nope }}") && words.contains("NodeName, ") && words.contains("EventID"))
    }

    @Test(arguments: TemplateField.allCases)
    func `every field has a value in every message`(field: TemplateField) throws {
        for notification in Fixtures.all {
            let text = try render("[{{ .\(field.rawValue) }}]", notification)
            #expect(text.hasPrefix("[") && text.hasSuffix("]") && !text.contains("{{ .\(field.rawValue)"))
        }
    }

    @Test func `a provider's fact fills the reference's field`() throws {
        let notice = Notice(
            id: Fixtures.notice.id, kind: .scaleIn, deadline: Fixtures.notice.deadline, words: "w",
            facts: ["auto-scaling-group-name": "asg-1"])
        let notification = Fixtures.notification(.seen(Fixtures.plan.following(notice), timeLeft: .zero))
        #expect(try render("{{ .AutoScalingGroupName }}|{{ .PublicIP }}", notification) == "asg-1|")
    }

    @Test(arguments: Fixtures.all.indices)
    func `values are escaped for JSON`(index: Int) throws {
        let fields = TemplateField.allCases.map { "\"\($0.rawValue)\": \"{{ .\($0.rawValue) }}\"" }
        let channel = try WebhookChannel(
            address: address, template: MessageTemplate("{" + fields.joined(separator: ",\n") + "}"))
        let document = try #require(JSONValue(reading: channel.body(for: Fixtures.all[index])))
        #expect(document["NodeName"]?.string == Fixtures.all[index].nodeName)
        #expect(document["Cluster"]?.string == Fixtures.all[index].cluster)
    }

    @Test func `numbers may stand outside quotes`() throws {
        let channel = try WebhookChannel(
            address: address,
            template: MessageTemplate(
                #"{"a": {{ .PodsBlocked }}, "b": {{ .SecondsLeft }}, "c": {{ .IsRebalanceRecommendation }}}"#))
        #expect(
            String(decoding: channel.body(for: Fixtures.seen), as: UTF8.self) == #"{"a": 0, "b": 118.4, "c": false}"#)
    }

    @Test(arguments: [#"{"a": {{ .NodeName }}}"#, #"{"a": "{{ .NodeName }}""#, "node {{ .NodeName }}"])
    func `a template that gives no JSON is refused at start`(text: String) {
        #expect(throws: TemplateProblem.invalidJSON(.seen)) {
            try WebhookChannel(address: address, template: MessageTemplate(text))
        }
    }

    @Test func `a body that breaks in one message only is found too`() {
        #expect(throws: TemplateProblem.invalidJSON(.seen)) {
            // Empty before the outcome.
            try WebhookChannel(address: address, template: MessageTemplate(#"{"a": {{ .Ending }}}"#))
        }
    }

    @Test(arguments: [("text/plain", "a&b \"c\""), ("application/x-www-form-urlencoded", "a%26b%20%22c%22")])
    func `another content type has another escape`(type: String, expected: String) throws {
        let channel = try WebhookChannel(
            address: address, headers: [.init(name: "content-type", value: Secret(type))],
            template: MessageTemplate("{{ .Cluster }}"))
        let notification = Notification(
            event: .test, nodeName: "n", cluster: "a&b \"c\"", machine: MachineIdentity(), time: Fixtures.start)
        let request = channel.request(for: notification)
        #expect(String(decoding: try #require(request.body), as: UTF8.self) == expected)
        #expect(request.headers["Content-Type"] == type)
        #expect(request.headers.fields.count == 1)
    }
}
