"""The Helm chart: by its structure always, rendered where there is a helm."""
import re
import shutil
import subprocess
from pathlib import Path

import yaml

CHART = Path("deploy/helm/interruption-handler")
CASES = {
    "helm defaults": [],
    "helm with everything": [
        "webhookURLSecretName=hook", "channels.slack.secretName=slack", "channels.mail.secretName=mail", "nodeConditions=true",
        "podMonitor.create=true", "prometheusRule.create=true", "dashboard.create=true", "ownNode.create=true", "detachASG=true",
        "metadataTokens=required", "cordonOnly=true", "enableRebalanceMonitoring=true", "taintNode=true",
        "excludeFromLoadBalancers=true", "podTerminationGracePeriod=60", "jsonLogging=true", "logLevel=debug",
    ],
}


def check(facts, problems):
    chart = yaml.safe_load((CHART / "Chart.yaml").read_text())
    values = yaml.safe_load((CHART / "values.yaml").read_text())
    for key in ("apiVersion", "name", "version", "appVersion", "description", "kubeVersion"):
        if not chart.get(key):
            problems.add("Chart.yaml", f"{key} is missing")
    templates = sorted((CHART / "templates").iterdir())
    texts = {path.name: path.read_text() for path in templates}
    check_values(texts, values, problems)
    check_balance(texts, problems)
    check_copies(problems)
    check_role(texts["cluster-role.yaml"], facts, problems)
    check_variables(texts["daemon-set.yaml"], facts, problems)
    helm = shutil.which("helm")
    problems.counted(f"chart: {len(templates)} templates, {len(list(leaves(values)))} values, " +
                     (f"rendered {len(CASES)} times by helm" if helm else "structure only, as there is no helm"))
    return {name: render(helm, name, settings, problems) for name, settings in CASES.items()} if helm else {}


def render(helm, name, settings, problems):
    command = [helm, "template", "interruption-handler", str(CHART), "--namespace", "kube-system", "--kube-version", "1.37.0"]
    for setting in settings:
        command += ["--set", setting]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        problems.add(name, done.stderr.strip()[:1000])
    try:
        return [document for document in yaml.safe_load_all(done.stdout) if document]
    except yaml.YAMLError as error:
        problems.add(name, f"is not YAML: {error}")
        return []


def leaves(values, path=()):
    for key, value in values.items():
        if isinstance(value, dict) and value:
            yield from leaves(value, path + (key,))
        else:
            yield path + (key,)


def known(path, values):
    for key in path:
        if not isinstance(values, dict):
            return False
        if not values:
            return True  # a free map, such as nodeSelector
        if key not in values:
            return False
        values = values[key]
    return True


def check_values(texts, values, problems):
    used = set()
    for name, text in texts.items():
        for match in re.findall(r"\.Values((?:\.\w+)+)", text):
            path = tuple(match.strip(".").split("."))
            used.add(path)
            if not known(path, values):
                problems.add(f"templates/{name}", f".Values{match} is not in values.yaml")
    for leaf in leaves(values):
        if not any(leaf[:len(path)] == path for path in used):
            problems.add("values.yaml", f"{'.'.join(leaf)} is used by no template")


def check_balance(texts, problems):
    defined = {name for text in texts.values() for name in re.findall(r'{{-? *define "([^"]+)"', text)}
    for name, text in texts.items():
        depth = 0
        for action in re.findall(r"{{-?\s*(.*?)\s*-?}}", re.sub(r"{{-?\s*/\*.*?\*/\s*-?}}", "", text, flags=re.S), re.S):
            word = action.split(" ")[0]
            depth += word in ("if", "range", "with", "define", "block")
            depth -= word == "end"
            for included in re.findall(r'include "([^"]+)"', action):
                if included not in defined:
                    problems.add(f"templates/{name}", f"includes {included}, which is not defined")
        if depth or text.count("{{") != text.count("}}"):
            problems.add(f"templates/{name}", "an if, range, with or define has no end, or the other way round")


def check_copies(problems):
    """The chart cannot reach outside its folder, so it has copies of what kustomize uses."""
    rules = yaml.safe_load(Path("deploy/components/monitoring/alerts.yaml").read_text())["spec"]
    if yaml.safe_load((CHART / "files/alerts.yaml").read_text()) != rules:
        problems.add("files/alerts.yaml", "differs from the spec of components/monitoring/alerts.yaml; scripts/copy-into-chart makes it anew")
    if (CHART / "files/dashboard.json").read_bytes() != Path("deploy/components/monitoring/dashboard.json").read_bytes():
        problems.add("files/dashboard.json", "differs from components/monitoring/dashboard.json; scripts/copy-into-chart makes it anew")
    for name in ("nodes", "pods", "evictions"):
        theirs = strip(CHART / f"templates/own-node-{name}.yaml")
        ours = strip(Path(f"deploy/components/own-node/{name}.yaml"))
        if theirs != ours:
            problems.add(f"templates/own-node-{name}.yaml", f"its rules differ from components/own-node/{name}.yaml")


def strip(path):
    """The specs of the documents in a file, whose template actions stand on lines of their own or for the user's name."""
    text = re.sub(r"system:serviceaccount:[^']*", "system:serviceaccount:kube-system:interruption-handler", path.read_text())
    lines = [line for line in text.splitlines() if not line.strip().startswith("{{")]
    return [document["spec"] for document in yaml.safe_load_all("\n".join(lines)) if document]


def check_role(text, facts, problems):
    always, _, rest = text.partition("{{- if .Values.nodeConditions }}")
    rules = []
    for part, when in ((always, "always"), (rest, "node-conditions")):
        body = "\n".join(line for line in part.splitlines() if "{{" not in line and line.startswith(("rules:", "  - ", "    ")))
        found = yaml.safe_load(body if body.startswith("rules:") else "rules:\n" + body) if body.strip() else {"rules": []}
        found = [rule for rule in found["rules"] or [] if isinstance(rule, dict)]
        have = {(resource, verb) for rule in found for resource in rule["resources"] for verb in rule["verbs"]}
        want = {(row["resource"], row["verb"]) for row in facts.calls if row["granted by"] == "ClusterRole" and row["when"] == when}
        problems.require_same("templates/cluster-role.yaml", f"verbs ({when})", have, want)
        rules += found
    return rules


def check_variables(text, facts, problems):
    names = re.findall(r"- name: ([A-Z][A-Z0-9_]+)$", text, re.M) + re.findall(r'"([A-Z][A-Z0-9]*_[A-Z0-9_]+)"', text)
    for name in names:
        if name not in facts.variables:
            problems.add("templates/daemon-set.yaml", f"{name} is no setting of ours")
