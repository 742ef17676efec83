"""What the code says: its settings, channel variables, metrics, calls to the API server and to the cloud."""
import re
from pathlib import Path

TABLE = Path("deploy/permissions.tsv")


class Metric:
    def __init__(self, name, kind, help_text, labels):
        self.name, self.kind, self.help, self.labels = name, kind, help_text, labels

    @property
    def series(self):
        """The names under which it is exposed."""
        return [self.name + end for end in ("_bucket", "_sum", "_count")] if self.kind == "histogram" else [self.name]


class Facts:
    def __init__(self, problems):
        self.flags, self.toggles, variables = settings()
        self.channel_variables = re.findall(r'(?:plain|secret)\("([A-Z_]+)"', text("Sources/Notify/Settings/ChannelSettings.swift"))
        read_alone = re.findall(r'\.variable\("([A-Z_]+)"\)', text("Sources/Main/Settings/HandlerSettings+Reading.swift"))
        aws = [name for file in Path("Sources/Providers/AWS").rglob("*.swift")
               for name in re.findall(r'"(AWS_[A-Z_]+)"', file.read_text())]
        endpoints = re.findall(r'variable: "([A-Z_]+)"', text("Sources/Providers/AWS/Query/ServiceEndpoint.swift"))
        aws += [f"AWS_ENDPOINT_URL_{name}" for name in endpoints]
        channels = [name + end for name in self.channel_variables for end in ("", "_FILE")]
        self.variables = set(variables + read_alone + aws + channels)
        self.metrics = {metric.name: metric for metric in metrics(problems)}
        self.series = {series: metric for metric in self.metrics.values() for series in metric.series}
        self.calls = calls()
        self.declared_calls = declared_calls(problems)
        self.cloud_actions = set(re.findall(r'QueryCall\(\s*"(\w+)"', text("Sources/Providers/AWS/Query/AutoScalingAPI.swift")))
        for what, found in (("settings", self.flags), ("channel variables", self.channel_variables), ("metrics", self.metrics),
                            ("calls", self.declared_calls), ("cloud actions", self.cloud_actions)):
            if not found:
                problems.add("Sources", f"no {what} found; has their declaration moved or changed its form?")
        problems.counted(f"code: {len(self.flags)} settings, {len(self.variables)} variables, {len(self.metrics)} metrics, "
                         f"{len(self.declared_calls)} API calls, {len(self.cloud_actions)} cloud actions")


def text(path):
    return Path(path).read_text()


def settings():
    flags, toggles, variables = [], [], []
    for name, form, others in re.findall(
            r'Setting\(\s*"([a-z-]+)",(?:\s*\.(\w+),)?(?:\s*or:\s*\[([^\]]*)\],)?', text("Sources/Main/Settings/Setting.swift")):
        flags.append(name)
        if form == "toggle":
            toggles.append(name)
        variables += [name.upper().replace("-", "_")] + re.findall(r'"([^"]+)"', others)
    return flags, toggles, variables


def enumerations():
    """Raw values by the enumeration's name, of every enumeration of strings in the sources."""
    found = {}
    for file in Path("Sources").rglob("*.swift"):
        source = file.read_text()
        for match in re.finditer(r"^( *)(?:public |private |fileprivate )?enum (\w+): String\b[^{]*\{(.*?)^\1\}", source, re.S | re.M):
            values = []
            for line in re.findall(r"^ *case ([^\n:]+)$", match[3], re.M):
                for item in line.split(","):
                    named = re.fullmatch(r'\s*`?(\w+)`?(?:\s*=\s*"([^"]*)")?\s*', item)
                    if named:
                        values.append(named[2] or named[1])
            found[match[2]] = values
    return found


def metrics(problems):
    names = dict(re.findall(r'case (\w+) = "([^"]+)"', text("Sources/Main/Status/Metrics/MetricName.swift")))
    source = text("Sources/Main/Status/Metrics/Metric+Product.swift")
    values = enumerations()
    shared = {"kinds": ("kind", values.get("NoticeKind")), "strategies": ("strategy", values.get("Strategy"))}
    found = []
    for chunk in re.split(r"\bMetric\(", source)[1:]:
        head = re.match(r'\s*\.(\w+),\s*\.(counter|gauge|histogram)(?:\(bounds: \w+\))?,\s*"((?:[^"\\]|\\.)*)"(.*)', chunk, re.S)
        if not head or head[1] not in names:
            continue
        labels = {}
        rest = head[4].split("\n        ]\n")[0]
        for word, (label, known) in shared.items():
            if re.search(rf"\b{word}\b", rest):
                labels[label] = known
        for label, what in re.findall(r'Label\(\s*"(\w+)",\s*([\w.\[\]]+)', rest):
            labels[label] = values.get("Ending" if what.startswith("endings") else what.split(".")[0])
        found.append(Metric(names.pop(head[1]), head[2], head[3], labels))
    for name in names.values():
        problems.add("Metric+Product.swift", f"{name} is named and not declared, or its declaration cannot be read here")
    return found


def calls():
    """The rows of the table of permissions."""
    lines = [line.split("\t") for line in TABLE.read_text().splitlines() if line and not line.startswith("#")]
    return [dict(zip(lines[0], line, strict=True)) for line in lines[1:]]


def declared_calls(problems):
    """Function, method and path of each call as its doc comment in ClusterAPI says."""
    found, comment, last = {}, "", None
    body = text("Sources/Kubernetes/ClusterAPI.swift").split("public protocol ClusterAPI", 1)[1].split("\n}\n", 1)[0]
    for line in body.splitlines():
        line = line.strip()
        if line.startswith("///"):
            comment += line[3:]
        elif function := re.match(r"func (\w+)\(", line):
            if said := re.search(r"Maps to `([A-Z]+) ([^`]+)`", comment):
                last = (said[1], plain(said[2]))
                found[function[1]] = last
            elif "Maps to the same with `watch=true`" in comment and last:
                found[function[1]] = (last[0], last[1] + "?watch=true")
            else:
                problems.add("ClusterAPI.swift", f"the comment of {function[1]} does not say `Maps to `VERB /path``")
            comment = ""
    return found


def plain(path):
    """Segments in capitals, and those in braces, are placeholders; the field selector decides nothing about permissions."""
    path = re.sub(r"[?&]fieldSelector=.*$", "", path)
    return "/".join("*" if re.fullmatch(r"[A-Z]+|\{.*\}", part) else part for part in path.split("/"))
