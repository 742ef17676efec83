"""What every DaemonSet must keep: an unprivileged pod, no host but the network where that is wanted, settings that exist."""

HOST_NETWORK_ABSENT = {"base", "overlays/rehearsal"}
SECRET_WORDS = ("URL", "KEY", "PASSWORD", "WEBHOOK", "HEADERS")
OWN_ADDRESSES = {"AWS_EC2_METADATA_SERVICE_ENDPOINT", "METADATA_ENDPOINT"}


def check(renderings, facts, problems):
    pods = 0
    for name, documents in renderings.items():
        for document in documents:
            if document["kind"] != "DaemonSet":
                continue
            pods += 1
            spec = document["spec"]["template"]["spec"]
            check_pod(name, spec, problems)
            for container in spec["containers"] + spec.get("initContainers", []):
                check_container(name, container, problems)
                check_settings(name, container, facts, problems)
    problems.counted(f"security: {pods} pods unprivileged, their settings known")


def check_pod(name, spec, problems):
    def must(holds, words):
        if not holds:
            problems.add(name, words)

    context = spec.get("securityContext", {})
    must(context.get("runAsNonRoot") is True, "the pod may run as root")
    must(context.get("runAsUser") == context.get("runAsGroup") == 65532, "the pod does not run as 65532:65532")
    must(context.get("seccompProfile") == {"type": "RuntimeDefault"}, "seccomp is not RuntimeDefault")
    must(not spec.get("hostPID") and not spec.get("hostIPC"), "the pod shares the host's processes or IPC")
    must(not [v for v in spec.get("volumes", []) if "hostPath" in v], "the pod mounts something of the host")
    must(spec.get("priorityClassName") == "system-node-critical", "the pod is not system-node-critical")
    must({"operator": "Exists"} in spec.get("tolerations", []), "the pod does not tolerate everything")
    must(spec.get("terminationGracePeriodSeconds", 0) >= 30, "the pod has less than 30 s to end; the daemon may take 25 s")
    host = bool(spec.get("hostNetwork"))
    must(host != (name in HOST_NETWORK_ABSENT), f"hostNetwork is {host}")
    must(not host or spec.get("dnsPolicy") == "ClusterFirstWithHostNet", "hostNetwork without ClusterFirstWithHostNet")


def check_container(name, container, problems):
    def must(holds, words):
        if not holds:
            problems.add(f"{name}: container {container['name']}", words)

    context = container.get("securityContext", {})
    must(context.get("allowPrivilegeEscalation") is False, "privileges may escalate")
    must(context.get("readOnlyRootFilesystem") is True, "the root file system can be written to")
    must(context.get("capabilities") == {"drop": ["ALL"]}, "not all capabilities are dropped, or some are added")
    must(not context.get("privileged"), "is privileged")
    resources = container.get("resources", {})
    must({"cpu", "memory"} <= set(resources.get("requests", {})), "requests no processor or memory")
    must("memory" in resources.get("limits", {}), "has no memory limit")
    must("cpu" not in resources.get("limits", {}), "has a processor limit, which costs time when it is short")
    ports = {port["name"]: port["containerPort"] for port in container.get("ports", [])}
    for probe in ("livenessProbe", "readinessProbe"):
        get = container.get(probe, {}).get("httpGet", {})
        must(get.get("port") in ports or get.get("port") in ports.values(), f"has no {probe} on a port of its own")
    must(container.get("livenessProbe", {}).get("httpGet", {}).get("path") == "/healthz", "liveness is not /healthz")
    must(container.get("readinessProbe", {}).get("httpGet", {}).get("path") == "/readyz", "readiness is not /readyz")
    must(":" in container["image"].split("/")[-1] and not container["image"].endswith(":latest"), "the image's version is not pinned")


def check_settings(name, container, facts, problems):
    names = [entry["name"] for entry in container.get("env", [])]
    for double in {n for n in names if names.count(n) > 1}:
        problems.add(name, f"{double} is set twice")
    if container.get("envFrom"):
        problems.add(name, "takes variables that nobody sees here (envFrom)")
    for entry in container.get("env", []):
        variable = entry["name"]
        if variable not in facts.variables:
            problems.add(name, f"{variable} is no setting of ours")
        looks_secret = variable.split("_")[-1] in SECRET_WORDS and variable in facts.channel_variables
        if looks_secret and "secretKeyRef" not in entry.get("valueFrom", {}):
            problems.add(name, f"{variable} is not taken from a Secret")
        reference = entry.get("valueFrom", {}).get("secretKeyRef")
        if reference and reference.get("optional") is not True:
            problems.add(name, f"without the Secret {reference['name']} the handler would not start: {variable} is not optional")
    for argument in container.get("args", []) + container.get("command", []):
        flag = argument.split("=")[0]
        if flag.startswith("--") and flag[2:].removeprefix("no-") not in facts.flags:
            problems.add(name, f"{flag} is no flag of ours")
    for wanted in ("NODE_NAME", "POD_NAME", "NAMESPACE", "SPOT_POD_IP"):
        if wanted not in names:
            problems.add(name, f"{wanted} is not set")
