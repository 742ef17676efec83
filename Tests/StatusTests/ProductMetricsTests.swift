import Interruption
import Testing

@testable import Status

@Suite struct ProductMetricsTests {
    private let table = Metric.product(version: "1.2.3", channels: ["slack", "mail"])

    @Test func `every name is declared exactly once`() {
        #expect(table.map(\.name).sorted() == MetricName.allCases.map(\.rawValue).sorted())
    }

    @Test func `every name says whose it is and counters say that they count`() {
        for metric in table {
            #expect(metric.name.hasPrefix("interruption_handler_") || metric.name.hasPrefix("process_"))
            #expect((metric.kind == .counter) == metric.name.hasSuffix("_total"), "\(metric.name)")
        }
    }

    @Test func `all series that there can be are few`() {
        // With folding, each label has one value more.
        let most = table.reduce(0) { $0 + $1.labels.reduce(1) { $0 * ($1.values.count + 1) } }
        #expect(most < 700)
    }

    @Test func `small counters and histograms show at the start, large ones when they count first`() {
        let samples = PrometheusRegistry.ofProduct().samples
        #expect(samples.contains("interruption_handler_notices_total{kind=\"scale-in\",strategy=\"cordon-only\"} 0"))
        #expect(samples.contains("interruption_handler_seconds_to_cordon_count 0"))
        #expect(samples.contains("interruption_handler_notifications_total{channel=\"mail\",outcome=\"expired\"} 0"))
        #expect(!samples.contains { $0.contains("kubernetes_requests") })
    }

    /// What is done with an instrument, and the sample that it leaves.
    struct Use: Sendable, CustomTestStringConvertible {
        let sample: String
        let body: @Sendable (Instruments) -> Void

        var testDescription: String { sample }

        init(_ sample: String, _ body: @escaping @Sendable (Instruments) -> Void) {
            self.sample = "interruption_handler_" + sample
            self.body = body
        }
    }

    @Test(arguments: [
        Use(#"metadata_requests_total{result="unauthorized"} 1"#) { $0.metadataRequestEnded(.unauthorized) },
        Use("metadata_fallback_v1_total 1") { $0.metadataFellBack() },
        Use(#"notifications_total{channel="mail",outcome="dropped"} 1"#) {
            $0.notificationEnded(channel: "mail", .dropped)
        },
        Use(#"notifications_total{channel="other",outcome="sent"} 1"#) {
            $0.notificationEnded(channel: "pigeon", .sent)
        },
        Use(#"cloud_requests_total{action="hold",outcome="failed"} 1"#) { $0.cloudRequestEnded(.hold, .failed) },
        Use(#"kubernetes_requests_total{verb="create",resource="pods/eviction",code="4xx"} 1"#) {
            $0.kubernetesRequestEnded(.create, .podsEviction, status: 429)
        },
        Use(#"kubernetes_requests_total{verb="watch",resource="pods",code="none"} 1"#) {
            $0.kubernetesRequestEnded(.watch, .pods, status: nil)
        },
        Use("planned_maintenance 2") { $0.plannedMaintenance(is: 2) },
        Use(#"build_info{version="1.2.3"} 1"#) { $0.started(version: "1.2.3", at: WallTime(sinceEpoch: .seconds(12))) },
        Use("start_time_seconds 12") { $0.started(version: "1.2.3", at: WallTime(sinceEpoch: .seconds(12))) },
    ])
    func `an instrument changes its metric`(use: Use) {
        let registry = PrometheusRegistry.ofProduct()
        use.body(Instruments(factory: registry))
        #expect(registry.samples.contains(use.sample))
    }

    @Test func `the metadata service's last good answer has the age that it has at the scrape`() {
        let timeline = StepTimeline()
        let answered = Heartbeat(timeline: timeline)
        let registry = PrometheusRegistry.ofProduct()
        registry.compute(.metadataLastGoodAge) { answered.age / .seconds(1) }
        timeline.advance(by: .milliseconds(2500))
        #expect(registry.samples.contains("interruption_handler_metadata_last_good_age_seconds 2.5"))
    }

    @Test func `a computed value that is not known is left out`() {
        let registry = PrometheusRegistry.ofProduct()
        registry.compute(.metadataLastGoodAge) { nil }
        #expect(!registry.exposition().contains("metadata_last_good_age_seconds"))
    }

    @Test(
        arguments: [
            ("3301 1203 981 4 0 333 0\n", 1203), ("", nil), ("12", nil), ("12 many", nil),
        ] as [(String, Int?)])
    func `the resident pages are the second field`(text: String, pages: Int?) {
        #expect(ProcessFigures.residentPages(inStatm: text) == pages)
    }

    @Test func `the process's figures are there`() throws {
        #expect(try #require(ProcessFigures.processorSeconds()) > 0)
        #expect(try #require(ProcessFigures.residentBytes()) > 1_000_000)
        #expect(try #require(ProcessFigures.openFiles()) >= 3)
    }

    @Test func `a heartbeat's age starts at its making and again at every beat`() {
        let timeline = StepTimeline()
        let heartbeat = Heartbeat(timeline: timeline)
        timeline.advance(by: .seconds(3))
        #expect(heartbeat.age == .seconds(3))
        heartbeat.beat()
        #expect(heartbeat.age == .zero)
    }
}
