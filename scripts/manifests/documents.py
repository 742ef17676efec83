"""What the documents say exists: files, anchors, flags, variables, metrics, alerts, keys of the chart."""
import re
from pathlib import Path

import yaml

DOCUMENTS = Path("docs")
# Files whose tables put another system's names into their first column.
FOREIGN_FIRST_COLUMN = {"migrate-from-nth.md", "migrate-from-shell.md"}
FOREIGN_VARIABLES = {"INTERRUPTION_LAB_CONTROL", "SSL_CERT_FILE", "CLUSTER_NAME", "NAME_FILE", "SOAK_MINUTES",
                     "LD_PRELOAD", "AWS_PROFILE", "AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE",
                     "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "FUZZ_SECONDS", "SANITIZE_SKIP", "RELIABILITY_TURN"}


def check(facts, problems):
    files = sorted(DOCUMENTS.glob("*.md")) + sorted(Path("deploy").rglob("README.md"))
    files += [path for path in (Path("README.md"),) if path.is_file()]
    options = facts_of_commands(facts)
    counts = [0, 0, 0]
    for file in files:
        for target in re.findall(r"\]\(([^)\s]+)\)", without_code(file.read_text())):
            counts[0] += 1
            check_link(file, target, problems)
        for code in spans(file):
            counts[1] += check_flags(file, code, options, problems)
            counts[2] += check_variables(file, code, facts, problems)
    check_metric_table(facts, problems)
    problems.counted(f"documents: {len(files)} files, {counts[0]} links, {counts[1]} flags, {counts[2]} variables")


def without_code(text):
    return re.sub(r"`[^`]*`", "", re.sub(r"^```.*?^```", "", text, flags=re.S | re.M))


def anchors(file):
    found = []
    for title in re.findall(r"^#+ (.+)$", re.sub(r"^```.*?^```", "", file.read_text(), flags=re.S | re.M), re.M):
        found.append(re.sub(r"[^\w\- ]", "", title.replace("`", "").lower()).strip().replace(" ", "-"))
    return found


def check_link(file, target, problems):
    if re.match(r"[a-z]+:", target):
        return
    path, _, anchor = target.partition("#")
    aim = (file.parent / path).resolve() if path else file.resolve()
    if not aim.exists():
        problems.add(str(file), f"links to {target}, which is not there")
    elif anchor and aim.suffix == ".md" and anchor not in anchors(aim):
        problems.add(str(file), f"links to {target}; there is no such heading")


def spans(file):
    """Code spans and the lines of code blocks, without the cells that name another system's things."""
    text = file.read_text()
    if file.name in FOREIGN_FIRST_COLUMN:
        text = re.sub(r"^\|[^|\n]*\|", "|", text, flags=re.M)
    for block in re.findall(r"^```[^\n]*\n(.*?)^```", text, re.S | re.M):
        yield from block.replace("\\\n", " ").splitlines()
    yield from re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text, flags=re.S | re.M))


def facts_of_commands(facts):
    """The flags of both programs."""
    flags = {f"--{name}" for name in facts.flags} | {f"--no-{name}" for name in facts.toggles} | {"--help", "--version"}
    folders = [Path("Sources/Main/Commands"), Path("IntegrationTests/Lab")]
    for file in [f for folder in folders if folder.is_dir() for f in folder.rglob("*.swift")]:
        for attribute, name in re.findall(r"@(?:Option|Flag)\b((?:(?!@Option|@Flag).)*?)\bvar (\w+)", file.read_text(), re.S):
            long = re.search(r'customLong\("([^"]+)"\)', attribute)
            word = long[1] if long else re.sub(r"(?<=[a-z])([A-Z]+)", lambda m: "-" + m[1].lower(), name)
            flags |= {f"--{word}", f"--no-{word}"} if "prefixedNo" in attribute else {f"--{word}"}
    return flags


def check_flags(file, code, options, problems):
    ours = code.startswith("--") or re.search(r"(^|\s|/)interruption-(handler|lab) ", code)
    if not ours or re.match(r"\s*(\$ )?(kubectl|helm|docker|aws|swift|curl|make)\b", code) and " -- " not in code:
        return 0
    part = code.split(" -- ")[-1] if re.match(r"\s*kubectl", code) else code
    found = re.findall(r"(?<![\w-])--[a-z][a-z0-9-]*", part)
    for flag in found:
        if flag not in options:
            problems.add(str(file), f"`{code.strip()[:80]}`: {flag} is no flag of ours")
    return len(found)


def check_variables(file, code, facts, problems):
    found = [name for name in re.findall(r"(?<![\w/.-])([A-Z][A-Z0-9]*_[A-Z0-9_]+)(?![\w(-])", code)]
    for name in found:
        if name not in facts.variables | FOREIGN_VARIABLES:
            problems.add(str(file), f"`{code.strip()[:80]}`: {name} is no variable of ours")
    return len(found)


def check_metric_table(facts, problems):
    """docs/metrics-and-alerts.md lists every metric with its kind, labels and help text, and every alert, exactly."""
    file = DOCUMENTS / "metrics-and-alerts.md"
    if not file.is_file():
        problems.add(str(file), "is not there")
        return
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in file.read_text().splitlines() if line.startswith("| `")]
    listed = {row[0].strip("`"): row[1:4] for row in rows if len(row) >= 4}
    for metric in facts.metrics.values():
        want = [metric.kind, ", ".join(f"`{label}`" for label in metric.labels), metric.help]
        if metric.name not in listed:
            problems.add(str(file), f"{metric.name} is missing")
        elif listed[metric.name] != want:
            problems.add(str(file), f"{metric.name} is told as {listed[metric.name]}, and is {want}")
    extra = [name for name in listed if name.startswith(("interruption_handler_", "process_")) and name not in facts.metrics]
    for name in extra:
        problems.add(str(file), f"{name} is no metric of ours")
    alerts = yaml.safe_load(Path("deploy/components/monitoring/alerts.yaml").read_text())["spec"]["groups"]
    names = {rule["alert"] for group in alerts for rule in group["rules"]}
    told = {row[0].strip("`") for row in rows if row[0].startswith("`InterruptionHandler")}
    problems.require_same(str(file), "alerts", told, names)
