/// A node of the simulated cluster, Ready and schedulable.
public struct ClusterNode: Sendable {
    /// Its name.
    public var name: String
    /// `spec.providerID`.
    public var providerID: String
    /// Its labels.
    public var labels: [String: String]
    /// How many bytes of image names make the object as big as real ones are.
    public var padding = 0

    /// A node of AWS.
    public init(
        _ name: String, instance: String = "i-0bb697ef2705e5b37", zone: String = "eu-west-1a",
        instanceType: String = "m5.large"
    ) {
        self.name = name
        providerID = "aws:///\(zone)/\(instance)"
        labels = [
            "kubernetes.io/arch": "amd64", "kubernetes.io/hostname": name, "kubernetes.io/os": "linux",
            "node.kubernetes.io/instance-type": instanceType,
            "topology.kubernetes.io/region": String(zone.dropLast()), "topology.kubernetes.io/zone": zone,
        ]
    }

    /// The object.
    func object(at time: KubernetesJSON) -> KubernetesJSON {
        let resources: KubernetesJSON = [
            "cpu": "64", "ephemeral-storage": "200Gi", "memory": "256Gi", "pods": "2k",
        ]
        func condition(_ type: String, _ status: String, _ reason: String, _ message: String) -> KubernetesJSON {
            [
                "type": .string(type), "status": .string(status), "lastHeartbeatTime": time,
                "lastTransitionTime": time, "reason": .string(reason), "message": .string(message),
            ]
        }
        var status: KubernetesJSON.Members = [
            "capacity": resources, "allocatable": resources,
            "conditions": [
                condition("Ready", "True", "KubeletReady", "kubelet is posting ready status"),
                condition("MemoryPressure", "False", "KubeletHasSufficientMemory", "kubelet has sufficient memory"),
                condition("DiskPressure", "False", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
                condition("PIDPressure", "False", "KubeletHasSufficientPID", "kubelet has sufficient PID available"),
            ],
            "addresses": [
                ["type": "InternalIP", "address": "10.1.0.1"], ["type": "Hostname", "address": .string(name)],
            ],
            "daemonEndpoints": ["kubeletEndpoint": ["Port": 10250]],
            "nodeInfo": [
                "machineID": "0", "systemUUID": "0", "bootID": "0", "kernelVersion": "6.1.0", "osImage": "simulated",
                "containerRuntimeVersion": "containerd://2.0.0", "kubeletVersion": "v1.36.2", "kubeProxyVersion": "",
                "operatingSystem": "linux", "architecture": "amd64",
            ],
        ]
        if padding > 0 {
            var images: [KubernetesJSON] = []
            for index in 0..<(padding / 100 + 1) {
                let name = "registry.invalid/team/image-\(index)@sha256:\(String(repeating: "0", count: 24))"
                images.append(["names": [.string(name)], "sizeBytes": .integer(1_000_000 + index)])
            }
            status["images"] = .array(images)
        }
        return [
            "metadata": [
                "name": .string(name), "labels": .strings(labels),
                "annotations": ["node.alpha.kubernetes.io/ttl": "0"],
            ],
            "spec": ["providerID": .string(providerID)], "status": .object(status),
        ]
    }
}
