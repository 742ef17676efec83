extension JSONSelection {
    /// What `ObjectMeta` and `PodBody` read of a pod.
    static let pod: JSONSelection = [
        "metadata": [
            "name": .everything, "namespace": .everything, "uid": .everything, "resourceVersion": .everything,
            "deletionTimestamp": .everything, "deletionGracePeriodSeconds": .everything, "finalizers": .everything,
            "labels": .only(Pod.keptKeys), "annotations": .only(Pod.keptKeys),
            "ownerReferences": .only(["apiVersion", "kind", "name", "controller"]),
        ],
        "spec": [
            "nodeName": .everything, "priority": .everything, "terminationGracePeriodSeconds": .everything,
            "volumes": ["persistentVolumeClaim": [:], "ephemeral": [:]],
        ],
        "status": .only(["phase"]),
    ]

    /// What `StatusBody` and `KindBody` read; of any other object its kind.
    static let status: JSONSelection = [
        "kind": .everything, "status": [:], "message": .everything, "reason": .everything, "details": .everything,
        "code": .everything,
    ]

    /// A list of pods.
    static let podList: JSONSelection = ["metadata": .only(["resourceVersion", "continue"]), "items": .pod]

    /// What `ObjectMeta` and `NodeBody` read of a node.
    static let node: JSONSelection = [
        "metadata": .only(["name", "uid", "resourceVersion", "labels", "annotations"]),
        "spec": .only(["unschedulable", "taints", "providerID"]),
        "status": [
            "conditions": .only(["type", "status"]), "nodeInfo": .only(["bootID"]), "volumesAttached": .only(["name"]),
        ],
    ]

    /// A line of a watch of a node, whose object is a node or a status. A status has a text where a node has an object, and texts are
    /// always kept.
    static let nodeWatchLine: JSONSelection = ["type": .everything, "object": node.and(status)]

    /// A line of a watch of pods, whose object is a pod or a status.
    static let podWatchLine: JSONSelection = ["type": .everything, "object": pod.and(status)]
}
