import CoreMetrics
import Testing

@testable import Status

@Suite struct ExpositionTests {
    private let requests = Metric(
        "requests_total", .counter, "Requests with a \\ and a\nsecond line.",
        labels: [.init("path", ["/a", "say \"hi\"\\\n"]), .init("verb", ["get", "put"])])
    private let waits = Metric("wait_seconds", .histogram(bounds: [0.5, 1, 2.5]), "Waits.")
    private let level = Metric("level", .gauge, "Level.")

    @Test func `metrics are written in the order of their declaration, series in the order of their labels`() {
        let registry = PrometheusRegistry([requests, waits, level])
        registry.makeMeter(label: "level", dimensions: []).set(1.5)
        registry.makeCounter(label: "requests_total", dimensions: [("verb", "put"), ("path", "/a")]).increment(by: 2)
        registry.makeCounter(label: "requests_total", dimensions: [("path", "say \"hi\"\\\n"), ("verb", "get")])
            .increment(by: 1)
        for value in [0.5, 0.25, 2, 100] {
            registry.makeRecorder(label: "wait_seconds", dimensions: [], aggregate: true).record(value)
        }
        #expect(
            registry.exposition() == """
                # HELP requests_total Requests with a \\\\ and a\\nsecond line.
                # TYPE requests_total counter
                requests_total{path="/a",verb="get"} 0
                requests_total{path="/a",verb="put"} 2
                requests_total{path="say \\"hi\\"\\\\\\n",verb="get"} 1
                requests_total{path="say \\"hi\\"\\\\\\n",verb="put"} 0
                # HELP wait_seconds Waits.
                # TYPE wait_seconds histogram
                wait_seconds_bucket{le="0.5"} 2
                wait_seconds_bucket{le="1"} 2
                wait_seconds_bucket{le="2.5"} 3
                wait_seconds_bucket{le="+Inf"} 4
                wait_seconds_sum 102.75
                wait_seconds_count 4
                # HELP level Level.
                # TYPE level gauge
                level 1.5

                """)
    }

    @Test func `a gauge that was never set is not shown`() {
        #expect(PrometheusRegistry([level]).exposition().isEmpty)
    }

    @Test func `a timer's nanoseconds become seconds`() {
        let registry = PrometheusRegistry([waits])
        registry.makeTimer(label: "wait_seconds", dimensions: []).recordNanoseconds(750_000_000)
        #expect(registry.samples.contains("wait_seconds_sum 0.75"))
    }

    @Test(arguments: [
        (0.0, "0"), (-3, "-3"), (1e15, "1000000000000000"), (0.1, "0.1"), (1e300, "1e+300"), (1e-7, "1e-07"),
        (.infinity, "+Inf"), (-.infinity, "-Inf"), (.nan, "NaN"),
    ])
    func `a number is written as Prometheus reads it`(value: Double, text: String) {
        #expect(Exposition.number(value) == text)
    }

    @Test(arguments: [
        ([("path", "/evil"), ("verb", "get")], "requests_total{path=\"other\",verb=\"get\"} 1"),
        ([("verb", "get")], "requests_total{path=\"other\",verb=\"get\"} 1"),
        ([("path", "/a"), ("verb", "get"), ("pod", "x")], "requests_total{path=\"/a\",verb=\"get\"} 1"),
    ])
    func `a label value that is not declared is folded, a label that is not declared is dropped`(
        dimensions: [(String, String)], sample: String
    ) {
        let registry = PrometheusRegistry([requests])
        registry.makeCounter(label: "requests_total", dimensions: dimensions).increment(by: 1)
        #expect(registry.samples.contains(sample))
    }

    @Test func `the number of series has a bound whatever the label values are`() {
        let registry = PrometheusRegistry([requests])
        for number in 0..<1000 {
            registry.makeCounter(label: "requests_total", dimensions: [("path", "\(number)"), ("verb", "\(number)")])
                .increment(by: 1)
        }
        #expect(registry.samples.count == 5)
    }

    @Test func `what was not declared is counted nowhere`() {
        let registry = PrometheusRegistry([level])
        registry.makeCounter(label: "unknown_total", dimensions: []).increment(by: 1)
        registry.makeCounter(label: "level", dimensions: []).increment(by: 1)
        registry.makeTimer(label: "level", dimensions: []).recordNanoseconds(1)
        #expect(registry.samples.isEmpty)
    }

    @Test func `a counter never goes down`() {
        let registry = PrometheusRegistry([Metric("c_total", .counter, "C.")])
        let counter = registry.makeFloatingPointCounter(label: "c_total", dimensions: [])
        for amount in [1.5, -1, .nan, .infinity] { counter.increment(by: amount) }
        #expect(registry.samples == ["c_total 1.5"])
    }

    @Test func `a destroyed series keeps its number`() {
        let registry = PrometheusRegistry([Metric("c_total", .counter, "C.")])
        let counter = registry.makeCounter(label: "c_total", dimensions: [])
        counter.increment(by: 1)
        registry.destroyCounter(counter)
        #expect(registry.samples == ["c_total 1"])
    }
}
