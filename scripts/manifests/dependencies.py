"""docs/dependencies.md must agree with what Package.swift, the requirements, the Dockerfile and the image's root really take."""
import json
import re
from pathlib import Path

DOCUMENT = Path("docs/dependencies.md")
REQUIREMENTS = (Path("IntegrationTests/requirements.txt"), Path("Benchmarks/requirements.txt"))
CHECKOUTS = Path(".build/checkouts")
# Named in Package.swift it makes SwiftPM warn of a file that it does not know what to do with.
FLOATING = "swift-async-algorithms"
IMAGE_PACKAGES = Path(".build/image-root/root/var/lib/dpkg/status.d")


def check(problems):
    if not DOCUMENT.is_file():
        problems.add(str(DOCUMENT), "is not there")
        return
    pinned = pins(problems)
    swift = table("Swift packages")
    pinned[FLOATING] = swift.get(FLOATING, ["missing"])[0]
    problems.require_same(str(DOCUMENT), "Swift packages of Package.swift", told(swift), {f"{n} {v}" for n, v in pinned.items()})
    resolved = check_resolved(pinned, problems)
    licences = check_licences(swift, problems)
    python = check_requirements(problems)
    problems.require_same(str(DOCUMENT), "Python packages of the requirements", told(table("Python packages")), python)
    bases = set(re.findall(r"^ARG \w+_IMAGE=(\S+):(\S+)", Path("deploy/Dockerfile").read_text(), re.M))
    problems.require_same(str(DOCUMENT), "base images of the Dockerfile", told(table("Base images")), {f"{n} {v}" for n, v in bases})
    shipped = check_image(problems)
    problems.counted(f"dependencies: {len(pinned)} Swift packages pinned ({resolved}), {licences} licences read, "
                     f"{len(python)} Python packages, {shipped}")


def table(title):
    """The rows under a heading of the document, each as its cells without code marks."""
    text = DOCUMENT.read_text().split(f"\n## {title}\n", 1)[-1].split("\n## ", 1)[0]
    rows = [[cell.strip().strip("`") for cell in line.split("|")[1:-1]] for line in text.splitlines() if line.startswith("| `")]
    return {row[0]: row[1:] for row in rows}


def told(rows):
    return {f"{name} {cells[0]}" for name, cells in rows.items()}


def pins(problems):
    """Name and version of every package of Package.swift."""
    text = Path("Package.swift").read_text()
    found = {url.rsplit("/", 1)[1].removesuffix(".git"): rest for url, rest in re.findall(r'\.package\(url: "([^"]+)", ([^)]*)\)', text)}
    exact = {}
    for name, rest in found.items():
        if version := re.match(r'exact: "([^"]+)"', rest):
            exact[name] = version[1]
        else:
            problems.add("Package.swift", f"{name} is not pinned to an exact version")
    return exact


def check_resolved(pinned, problems):
    """Package.resolved is this machine's and not committed; where it is, it must hold nothing that floats."""
    file = Path("Package.resolved")
    if not file.is_file():
        return "not resolved here"
    found = {pin["identity"]: pin["state"].get("version") for pin in json.loads(file.read_text())["pins"]}
    problems.require_same("Package.swift", "versions of what is resolved", {f"{n.lower()} {v}" for n, v in pinned.items()},
                          {f"{n} {v}" for n, v in found.items()})
    return "one of them by this machine's resolution alone"


def licence(text):
    """The SPDX expression of a licence's text; `None` for one that is not known here."""
    if "Apache License" in text and "Version 2.0" in text:
        return "Apache-2.0 WITH Swift-exception" if "Runtime Library Exception" in text else "Apache-2.0"
    if "Permission is hereby granted, free of charge" in text:
        return "MIT"
    return None


def check_licences(rows, problems):
    count = 0
    for name, cells in rows.items():
        files = sorted((CHECKOUTS / name).glob("LICENSE*"))
        if not files:
            continue
        count += 1
        found = licence(files[0].read_text())
        if found != cells[1]:
            problems.add(str(DOCUMENT), f"{name} is told to be under {cells[1]}, and {files[0]} says {found}")
    return count


def check_requirements(problems):
    pinned = set()
    for file in REQUIREMENTS:
        for line in file.read_text().splitlines():
            line = line.split("#")[0].strip()
            if not line:
                continue
            if match := re.fullmatch(r"([\w.-]+)(\[[\w,-]+\])?==([\w.]+)", line):
                pinned.add(f"{match[1]} {match[3]}")
            else:
                problems.add(str(file), f"{line} is not pinned by ==")
    return pinned


def check_image(problems):
    rows = table("Debian packages in the image")
    wanted = set(re.findall(r"apt-get install ([^\\\n]+)", Path("deploy/Dockerfile").read_text())[-1].split())
    for name in wanted - {word for word in wanted if word.startswith("-")} - set(rows):
        problems.add(str(DOCUMENT), f"the image's package {name} is missing")
    if not IMAGE_PACKAGES.is_dir():
        return f"{len(rows)} Debian packages (no image root here to compare with)"
    problems.require_same(str(DOCUMENT), "Debian packages of the image's root", set(rows), {p.name for p in IMAGE_PACKAGES.iterdir()})
    return f"{len(rows)} Debian packages as in the image's root"
