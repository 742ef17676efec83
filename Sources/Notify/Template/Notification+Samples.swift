import Interruption

extension Notification {
    /// One message of each name with every fact filled and every character that breaks careless templates: what a
    /// template is checked on.
    static var samples: [Notification] {
        let hard = "a \"quoted\" \\ text,\nwith <marks> & breaks"
        let start = WallTime(sinceEpoch: .seconds(1_500_000_000))
        let notice = Notice(
            id: NoticeID(rawValue: "sample-0123456789"), kind: .reclaim,
            deadline: Deadline(
                moment: Moment(sinceOrigin: .seconds(120)), wall: start.advanced(by: .seconds(120)),
                certainty: .announced),
            words: hard,
            facts: ["state": hard, "autoScalingGroupName": hard, "accountId": hard])
        let fates = PodFate.allCases.enumerated()
        let pods = fates.map { index, fate in
            PodOutcome(namespace: "shop", name: "pod-\(index)", uid: "uid-\(index)", fate: fate, detail: hard)
        }
        let report = Report(
            notice: notice, strategy: .evict, pods: pods, toCordon: .milliseconds(80), toLastRequest: .seconds(1),
            toEmpty: .seconds(35), timeLeft: .seconds(85), ending: .deadlineReached, remarks: [hard],
            retries: [.budget: 2])
        let plan = Plan(notice: notice, strategy: .evict, escalates: true, graceLimit: nil, margin: .seconds(5))
        let events: [Event] = [
            .seen(plan, timeLeft: .seconds(120)), .outcome(report),
            .withdrawn(notice, because: hard, leftovers: [hard], standing: nil),
            .test,
        ]
        return events.map { event in
            Notification(
                event: event, nodeName: "node-1.example.internal", cluster: hard,
                machine: MachineIdentity(
                    instanceID: "i-0bb697ef2705e5b37", instanceType: "m5.large", zone: "eu-west-1a",
                    region: "eu-west-1",
                    lifeCycle: "spot"),
                time: start)
        }
    }
}
