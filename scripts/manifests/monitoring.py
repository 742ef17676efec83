"""Alerts and dashboard panels ask only for metrics and labels that there are; promtool reads every query, and tests each alert."""
import json
import re
import subprocess
import tempfile
from pathlib import Path

import yaml

import documents as pages

SCRAPED = {"node", "pod", "namespace", "job", "instance", "container", "le"}
WORDS = {"and", "or", "unless", "bool", "offset", "by", "without", "ignoring", "on", "group_left", "group_right", "inf", "nan"}
TESTS = Path("deploy/components/monitoring/alerts.test.yaml")


def check(renderings, facts, problems):
    everything = renderings["all components together"]
    rules = [d for d in everything if d["kind"] == "PrometheusRule"]
    boards = [d for d in everything if d["kind"] == "ConfigMap" and d["metadata"].get("labels", {}).get("grafana_dashboard") == "1"]
    monitors = [d for d in everything if d["kind"] == "PodMonitor"]
    if not (rules and boards and monitors):
        problems.add("components/monitoring", "wants a PrometheusRule, a dashboard and a PodMonitor")
        return
    check_monitor(monitors[0], everything, problems)
    alerts = [rule for d in rules for group in d["spec"]["groups"] for rule in group["rules"]]
    for alert in alerts:
        check_query(alert["alert"], alert["expr"], facts, {"up"}, problems)
        check_words(alert, problems)
    queries = []
    for board in boards:
        for file, text in board["data"].items():
            queries += check_dashboard(file, json.loads(text), facts, problems)
    asked = {name for _, query in queries for name in metrics_in(query)}
    shown = {facts.series[name].name for name in asked if name in facts.series}
    problems.require_same("dashboard", "metrics shown", shown, facts.metrics)
    promtool(rules[0]["spec"], queries, alerts, problems)
    problems.counted(f"monitoring: {len(alerts)} alerts, {len(queries)} dashboard queries, {len(shown)} of {len(facts.metrics)} metrics shown")


def check_monitor(monitor, everything, problems):
    pods = next(d for d in everything if d["kind"] == "DaemonSet")["spec"]["template"]
    wanted = monitor["spec"]["selector"]["matchLabels"].items()
    if not wanted <= pods["metadata"]["labels"].items():
        problems.add("PodMonitor", "does not select our pods")
    ports = {port["name"] for container in pods["spec"]["containers"] for port in container["ports"]}
    problems.require_same("PodMonitor", "ports", {e["port"] for e in monitor["spec"]["podMetricsEndpoints"]}, ports)


def check_words(alert, problems):
    name, notes = alert["alert"], alert["annotations"]
    if alert["labels"].get("severity") not in ("critical", "warning", "info"):
        problems.add(name, "has no severity of critical, warning, info")
    if not notes.get("summary"):
        problems.add(name, "has no summary")
    file, _, anchor = notes.get("runbook", "").partition("#")
    if not Path(file).is_file() or anchor not in pages.anchors(Path(file)):
        problems.add(name, f"its runbook {notes.get('runbook')} is not there")


def check_dashboard(file, board, facts, problems):
    queries, ids = [], []
    for panel in board["panels"]:
        ids.append(panel["id"])
        if panel["type"] == "row":
            continue
        where = f"{file}: {panel['title']}"
        if not panel.get("description"):
            problems.add(where, "has no description")
        for target in panel["targets"]:
            query = re.sub(r"\[\$__(rate_interval|range|interval)\]", "[5m]", target["expr"]).replace("$node", ".*")
            if "$" in query:
                problems.add(where, f"has a variable that is not known: {query}")
            check_query(where, query, facts, set(), problems)
            queries.append((where, query))
    if len(ids) != len(set(ids)):
        problems.add(file, "has two panels with the same id")
    for variable in board["templating"]["list"]:
        for query in re.findall(r"label_values\((\w+),", str(variable.get("definition", ""))):
            if query not in facts.series:
                problems.add(file, f"the variable {variable['name']} asks for {query}, which is no metric of ours")
    return queries


def bare(query):
    """Without strings, matchers, groupings and windows: what remains by name is a function, a word or a metric."""
    query = re.sub(r'"[^"]*"', '""', query)
    query = re.sub(r"\{[^}]*\}|\[[^\]]*\]", " ", query)
    return re.sub(r"\b(by|without|ignoring|on|group_left|group_right)\s*\([^)]*\)", " ", query)


def metrics_in(query):
    return [name for name, call in re.findall(r"(?<![\w.])([a-zA-Z_:][\w:]*)\s*(\(?)", bare(query)) if not call and name not in WORDS]


def check_query(where, query, facts, others, problems):
    labels = set(SCRAPED)
    for name in metrics_in(query):
        if name in facts.series:
            labels |= set(facts.series[name].labels)
        elif name not in others:
            problems.add(where, f"{name} is no metric of ours")
    for name, matchers in re.findall(r"([a-zA-Z_:][\w:]*)\s*\{([^}]*)\}", query):
        metric = facts.series.get(name)
        known = SCRAPED | set(metric.labels if metric else ())
        for label, operator, value in re.findall(r'(\w+)\s*(=~|!~|!=|=)\s*"([^"]*)"', matchers):
            if label not in known:
                problems.add(where, f"{name} has no label {label}")
            values = metric.labels.get(label) if metric and label in metric.labels else None
            for part in value.split("|") if values and operator in ("=~", "!~") else [value] if values else []:
                if part != ".*" and part not in values + ["other"]:
                    problems.add(where, f"{label} of {name} is never {part}")
    for group in re.findall(r"\b(?:by|without|ignoring|on)\s*\(([^)]*)\)", query):
        for label in filter(None, map(str.strip, group.split(","))):
            if label not in labels:
                problems.add(where, f"groups by {label}, which is no label of its metrics")


def promtool(spec, queries, alerts, problems):
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "alerts.yaml").write_text(yaml.safe_dump(spec))
        panels = [{"record": f"panel:{index}", "expr": query} for index, (_, query) in enumerate(queries)]
        Path(folder, "panels.yaml").write_text(yaml.safe_dump({"groups": [{"name": "panels", "rules": panels}]}))
        tests = yaml.safe_load(TESTS.read_text())
        tests["rule_files"] = ["alerts.yaml"]
        Path(folder, "test.yaml").write_text(yaml.safe_dump(tests))
        for arguments in (["check", "rules", "alerts.yaml", "panels.yaml"], ["test", "rules", "test.yaml"]):
            done = subprocess.run(["promtool", *arguments], cwd=folder, capture_output=True, text=True)
            if done.returncode:
                problems.add(f"promtool {' '.join(arguments[:2])}", (done.stderr + done.stdout).strip()[:1500])
    asked = [case for test in tests["tests"] for case in test.get("alert_rule_test", [])]
    fires = {case["alertname"] for case in asked if case.get("exp_alerts")}
    quiet = {case["alertname"] for case in asked if not case.get("exp_alerts")}
    names = [alert["alert"] for alert in alerts]
    problems.require_same(str(TESTS), "alerts that are made to fire", fires, names)
    problems.require_same(str(TESTS), "alerts that are kept quiet", quiet, names)
    problems.counted(f"promtool: {len(panels) + len(names)} queries read, {len(asked)} cases of alerts")
