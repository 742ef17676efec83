import Interruption
import Logging
import Status
import Testing

@Suite struct StatusObserverTests {
    /// One piece of news, the samples that it changes and the line that it writes.
    struct Row: Sendable, CustomTestStringConvertible {
        let news: NodeNews
        let samples: [String]
        let line: String

        var testDescription: String { line }

        init(_ news: NodeNews, _ samples: [String], _ line: String) {
            self.news = news
            self.samples = samples
            self.line = line
        }
    }

    private static let who = #"notice.id=n-1 notice.kind=reclaim"#
    private static let due =
        "deadline=2017-09-18T08:22:00Z deadline.certainty=announced deadline.remaining=118.25"
    private static let planned =
        due + #" drain.strategy=evict notice.facts={"event":"e-1"} "# + who
        + #" notice.returns=false notice.words="spot terminate""#

    private static let notices: [Row] = [
        Row(
            .noticeSeen(Sample.plan, timeLeft: .milliseconds(118_250)),
            [#"notices_total{kind="reclaim",strategy="evict"} 1"#],
            "notice   notice seen: this machine will go away " + planned),
        Row(
            .noticeIgnored(Sample.notice), [#"notices_ignored_total{kind="reclaim"} 1"#],
            "info     notice seen; the settings ignore its kind \(who) notice.words=\"spot terminate\""),
        Row(
            .resumed(Sample.plan, timeLeft: .milliseconds(118_250)),
            [#"notices_total{kind="reclaim",strategy="evict"} 0"#],
            "notice   drain of an earlier life goes on " + planned),
        Row(.deadlineMoved(Sample.deadline, timeLeft: .milliseconds(118_250)), [], "notice   deadline moved " + due),
        Row(
            .withdrawn(Sample.notice.id, because: "it vanished"), [#"withdrawals_total{kind="other"} 1"#],
            #"notice   notice taken back notice.id=n-1 reason="it vanished""#),
        Row(
            .drainBegun(Sample.plan), ["drain_in_progress 1"],
            "info     drain begins drain.margin=5.0 drain.strategy=evict \(who) notice.words=\"spot terminate\""),
    ]

    private static let progress: [Row] = [
        Row(
            .drain(.cordoned(after: .milliseconds(120), alreadyCordoned: false)),
            [
                "seconds_to_cordon_sum 0.12", #"seconds_to_cordon_bucket{le="0.1"} 0"#,
                #"seconds_to_cordon_bucket{le="0.25"} 1"#,
            ],
            "notice   node cordoned seconds.to_cordon=0.12"),
        Row(
            .drain(.cordoned(after: .milliseconds(120), alreadyCordoned: true)), ["seconds_to_cordon_count 1"],
            "notice   node was cordoned already seconds.to_cordon=0.12"),
        Row(
            .drain(.pod(Sample.pod("web", .evicted))), [],
            "info     pod left pod.fate=evicted pod.grace=30.0 pod.name=web pod.namespace=shop pod.took=2.5 pod.uid=uid-web"
        ),
        Row(
            .drain(.pod(Sample.pod("web", .terminating, escalated: true))), [],
            "notice   budget overruled: its pod's own time has come pod.escalated=true pod.fate=terminating pod.grace=30.0"
                + " pod.name=web pod.namespace=shop pod.uid=uid-web"),
        Row(
            .drain(.pod(Sample.pod("web", .blocked, detail: "budget web"))), [],
            #"warning  pod's budget refuses advice="give the budget room, for example by another replica""#
                + #" pod.detail="budget web" pod.fate=blocked pod.grace=30.0 pod.name=web pod.namespace=shop pod.uid=uid-web"#
        ),
        Row(
            .drain(.pod(Sample.pod("web", .terminating))), [],
            "debug    pod was asked to leave pod.fate=terminating pod.grace=30.0 pod.name=web pod.namespace=shop"
                + " pod.uid=uid-web"),
        Row(
            .drain(.retry(.flowControl)), [#"retries_total{cause="flow-control"} 1"#],
            "debug    request is made again retry.cause=flow-control"),
        Row(
            .drain(.remark("the taint was refused")), [],
            #"warning  step of the drain failed; it delays nothing advice="check the permissions of this pod's service account""#
                + #" reason="the taint was refused""#),
    ]

    private static let cloudAndNode: [Row] = [
        Row(
            .detached(.done("from asg-1")), [#"cloud_requests_total{action="detach",outcome="done"} 1"#],
            #"info     machine detached from its group reason="from asg-1""#),
        Row(
            .detached(.notNeeded("no group")), [#"cloud_requests_total{action="detach",outcome="not-needed"} 1"#],
            #"info     cloud has nothing to do for us reason="no group""#),
        Row(
            .hookCompleted(.failed("AccessDenied")), [#"cloud_requests_total{action="complete",outcome="failed"} 1"#],
            #"warning  cloud not told to go on; it waits for its own timeout"#
                + #" advice="check the permissions and limits of this machine's role in the cloud" reason=AccessDenied"#
        ),
        Row(.gaveBack(because: "reboot", leftovers: []), [], "notice   node given back reason=reboot"),
        Row(
            .gaveBack(because: "reboot", leftovers: ["taint a"]), [],
            #"warning  node given back, but something of ours is left on it advice="remove the leftovers from the Node by hand""#
                + #" leftovers=["taint a"] reason=reboot"#),
        Row(
            .giveBackFailed("403"), [],
            #"warning  node not given back yet; it is tried again"#
                + #" advice="check that the API server answers and allows to patch this Node" occurrences=1 reason=403"#
        ),
        Row(.sourceHealthy("spot"), [], "notice   metadata source answers again source=spot"),
        Row(
            .sourceDegraded("spot", because: "timeout"), [],
            "warning  metadata source does not answer as it should; a notice may come late"
                + #" advice="check that the metadata service is switched on and reachable from this pod" occurrences=1"#
                + " reason=timeout source=spot"),
        Row(
            .recordUnreadable("503"), [],
            "warning  record on the Node cannot be read; it is tried again, and new notices are answered all the same"
                + #" advice="check that the API server answers and allows to get this Node" occurrences=1 reason=503"#),
    ]

    private func observed(
        _ news: [NodeNews], level: Logger.Level = .trace, isRehearsal: Bool = false
    ) -> (lines: [String], samples: [String]) {
        let (capture, registry) = (LogCapture(), PrometheusRegistry.ofProduct())
        let observer = StatusObserver(
            instruments: Instruments(factory: registry), logger: capture.logger(level: level),
            isRehearsal: isRehearsal)
        for one in news { observer.observe(one) }
        return (capture.lines, registry.samples)
    }

    @Test(arguments: notices + progress + cloudAndNode)
    func `news become numbers and a line`(row: Row) {
        let (lines, samples) = observed([row.news])
        #expect(lines == [row.line + "\n"])
        for sample in row.samples { #expect(samples.contains("interruption_handler_" + sample)) }
    }

    @Test func `the pods that are found are counted, and those that stay are named to those who look closely`() {
        let news = NodeNews.drain(.found([Sample.pod("a", .waiting), Sample.pod("ds", .skipped, detail: "DaemonSet")]))
        #expect(
            observed([news], level: .info).lines == ["info     pods found on the node pods.leaving=1 pods.staying=1\n"])
        #expect(observed([news]).lines.last?.hasPrefix("debug    pod stays pod.detail=DaemonSet") == true)
    }

    @Test func `a dry run says so in every line, and counts its drains apart`() {
        let (lines, samples) = observed(
            [
                .noticeSeen(Sample.plan, timeLeft: .zero), .drainBegun(Sample.plan),
                .drain(.cordoned(after: .milliseconds(120), alreadyCordoned: false)),
                .detached(.rehearsed("would detach")),
                .drainEnded(Sample.report(.empty, pods: [Sample.pod("a", .evicted)])),
            ], isRehearsal: true)
        #expect(lines.allSatisfy { $0.contains("dry run: ") }, "\(lines)")
        for sample in [
            #"rehearsals_total{strategy="evict",ending="empty"} 1"#, "seconds_to_cordon_count 0",
            #"drains_total{strategy="evict",ending="empty"} 0"#, #"pods_total{outcome="evicted"} 0"#,
            #"cloud_requests_total{action="detach",outcome="rehearsed"} 1"#,
        ] {
            #expect(samples.contains("interruption_handler_" + sample), "\(sample)")
        }
    }

    @Test func `a withdrawn notice is counted by the kind that it had`() {
        let (_, samples) = observed([
            .noticeSeen(Sample.plan, timeLeft: .zero), .withdrawn(Sample.notice.id, because: "x"),
        ])
        #expect(samples.contains(#"interruption_handler_withdrawals_total{kind="reclaim"} 1"#))
    }

    @Test func `a source that stays silent is warned about ever more rarely, until it answers`() {
        let degraded = Array(repeating: NodeNews.sourceDegraded("spot", because: "timeout"), count: 100)
        let again: [NodeNews] = [.sourceHealthy("spot"), .sourceDegraded("spot", because: "timeout")]
        let lines = observed(degraded + again, level: .info).lines
        #expect(lines.count { $0.hasPrefix("warning") } == 8)
    }

    @Test func `the report of a good drain says everything in one line`() {
        let report = Sample.report(
            .empty, pods: [Sample.pod("a", .evicted), Sample.pod("b", .deleted, escalated: true)])
        #expect(
            observed([.drainEnded(report)]).lines == [
                "notice   drain ended: the node is empty deadline=2017-09-18T08:22:00Z deadline.certainty=announced"
                    + " deadline.remaining=88.75 drain.ending=empty drain.strategy=evict \(Self.who)"
                    + #" notice.words="spot terminate" pods.blocked=0 pods.deleted=1 pods.escalated=1 pods.evicted=1"#
                    + " pods.failed=0 pods.gone=0 pods.skipped=0 pods.terminating=0 pods.waiting=0 retries.budget=3"
                    + " seconds.to_cordon=0.12 seconds.to_empty=31.25 seconds.to_last_eviction=0.74\n"
            ])
    }

    @Test func `the report of a drain that fell short names the pods, the reasons and what to do`() throws {
        let pods = [Sample.pod("db", .blocked, detail: "budget db"), Sample.pod("slow", .terminating)]
        let report = Sample.report(.deadlineReached, pods: pods, remarks: ["no taint: forbidden"])
        let line = try #require(observed([.drainEnded(report)]).lines.last)
        #expect(line.hasPrefix("warning  drain ended: the deadline came first "))
        for part in [
            #" advice="give the budgets of the blocked pods room, or allow to escalate""#,
            #" drain.remarks=["no taint: forbidden"]"#, #" pods.blocked.names=["shop/db (budget db)"]"#,
            #" pods.terminating.names=["shop/slow"]"#,
        ] {
            #expect(line.contains(part))
        }
    }

    @Test(
        arguments: [
            (.empty, "notice   drain ended: the node is empty "),
            (.withdrawn, "notice   drain ended: the notice was taken back "),
            (.stopped, "notice   drain ended: the daemon was told to stop "),
            (.deadlineReached, "warning  drain ended: the deadline came first "),
            (.failed, "warning  drain ended: it could not be done "),
        ] as [(Report.Ending, String)])
    func `an ending has its level and its words`(ending: Report.Ending, beginning: String) {
        #expect(observed([.drainEnded(Sample.report(ending))]).lines.last?.hasPrefix(beginning) == true)
    }

    @Test(arguments: [
        "drain_in_progress 0", #"drains_total{strategy="evict",ending="empty"} 1"#, "seconds_to_last_eviction_sum 0.74",
        "seconds_to_empty_sum 31.25", "time_left_seconds_sum 88.75", #"time_left_seconds_bucket{le="75"} 0"#,
        #"pods_total{outcome="evicted"} 2"#, #"pods_total{outcome="skipped"} 1"#, #"pods_total{outcome="blocked"} 0"#,
        "pods_escalated_total 1", #"retries_total{cause="budget"} 0"#,
    ])
    func `a drain's end becomes numbers`(sample: String) {
        let pods = [
            Sample.pod("a", .evicted), Sample.pod("b", .evicted), Sample.pod("c", .deleted, escalated: true),
            Sample.pod("d", .skipped),
        ]
        let news: [NodeNews] = [.drainBegun(Sample.plan), .drainEnded(Sample.report(.empty, pods: pods))]
        #expect(observed(news).samples.contains("interruption_handler_" + sample))
    }
}
