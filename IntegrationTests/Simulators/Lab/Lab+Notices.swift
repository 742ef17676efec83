extension Lab {
    /// The Auto Scaling group begins to terminate the instance, and its metadata says so.
    public func scaleIn() {
        aws.scaleIn(configuration.instance.id)
        metadata.update { $0.targetLifecycleState = "Terminated" }
    }

    /// The group wants the instance in service again.
    public func withdrawScaleIn() {
        let id = configuration.instance.id
        aws.updateAutoScaling { groups in
            groups.change(id) { instance in
                instance.waiting = []
                instance.waitsFrom = nil
                instance.lifecycleState = "InService"
            }
        }
        metadata.update { $0.targetLifecycleState = "InService" }
    }
}
