extension PodTemplate {
    /// The status of a pod that is Running and Ready since that time.
    static func runningStatus(of pod: KubernetesJSON, uid: String, at time: KubernetesJSON) -> KubernetesJSON {
        let types = ["PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady", "PodScheduled"]
        let disrupted = (pod["status", "conditions"]?.array ?? []).filter { $0["type"] == "DisruptionTarget" }
        let container = pod["spec", "containers"]?.array?.first
        return [
            "phase": "Running",
            "conditions": .array(types.map { condition($0, "True", time) } + disrupted),
            "hostIP": "10.1.0.1", "podIP": "10.0.0.1", "podIPs": [["ip": "10.0.0.1"]], "startTime": time,
            "containerStatuses": [
                [
                    "name": container?["name"] ?? "c", "state": ["running": ["startedAt": time]], "lastState": [:],
                    "ready": true, "restartCount": 0, "image": container?["image"] ?? "", "imageID": "sha256:0",
                    "containerID": .string("fake://\(uid)"), "started": true,
                ]
            ],
            "qosClass": "BestEffort",
        ]
    }

    /// The pod with all its containers ended.
    static func finished(_ pod: KubernetesJSON, succeeded: Bool, at time: KubernetesJSON) -> KubernetesJSON {
        var pod = withReadiness(pod, false, reason: succeeded ? "PodCompleted" : "PodFailed", at: time)
        pod.update("status") { status in
            status["phase"] = succeeded ? "Succeeded" : "Failed"
            var containers = status["containerStatuses"]?.array ?? []
            for index in containers.indices {
                containers[index]["ready"] = false
                containers[index]["started"] = false
                containers[index]["state"] = [
                    "terminated": [
                        "exitCode": succeeded ? 0 : 137, "reason": succeeded ? "Completed" : "Error",
                        "finishedAt": time,
                    ]
                ]
            }
            status["containerStatuses"] = .array(containers)
        }
        return pod
    }

    /// The pod with `Ready` and `ContainersReady` as told.
    static func withReadiness(
        _ pod: KubernetesJSON, _ isReady: Bool, reason: String? = nil, at time: KubernetesJSON
    ) -> KubernetesJSON {
        var pod = pod
        pod.update("status") { status in
            var conditions = status["conditions"]?.array ?? []
            for type in ["Ready", "ContainersReady"] {
                var changed = condition(type, isReady ? "True" : "False", time)
                if !isReady { changed["reason"] = .string(reason ?? "ContainersNotReady") }
                if let index = conditions.firstIndex(where: { $0["type"] == .string(type) }) {
                    if conditions[index]["status"] != changed["status"] { conditions[index] = changed }
                } else {
                    conditions.append(changed)
                }
            }
            status["conditions"] = .array(conditions)
        }
        return pod
    }

    private static func condition(_ type: String, _ status: String, _ time: KubernetesJSON) -> KubernetesJSON {
        [
            "type": .string(type), "status": .string(status), "lastProbeTime": .null, "lastTransitionTime": time,
        ]
    }
}
