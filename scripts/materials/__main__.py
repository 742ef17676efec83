"""Writes what is shipped as a CycloneDX 1.6 document, and validates it against the schema: Swift packages, the Swift runtime, Debian's
libraries. Usage: materials BINARY OUTPUT, from the repository's root."""
import json
import re
import subprocess
import sys
import uuid
from pathlib import Path

sys.path.insert(0, "scripts/manifests")
import dependencies  # noqa: E402

from cyclonedx.schema import SchemaVersion  # noqa: E402
from cyclonedx.validation.json import JsonStrictValidator  # noqa: E402

# Its shared libraries are loaded by glibc itself, so ldd need not tell of it.
LOADED_LATER = "libgcc_s.so.1"


def run(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def shipped_packages() -> dict[str, dict]:
    """The packages that the shipped executable's targets name, and all that those need, by identity."""
    manifest = json.loads(run("swift", "package", "dump-package"))
    targets = {target["name"]: target for target in manifest["targets"]}
    names, packages = ["Main"], set()
    for name in names:
        for dependency in targets[name]["dependencies"]:
            if "product" in dependency:
                packages.add(dependency["product"][1].lower())
            else:
                other = dependency[next(iter(dependency))][0]
                if other in targets and other not in names:
                    names.append(other)
    tree = json.loads(run("swift", "package", "show-dependencies", "--format", "json"))
    found: dict[str, dict] = {}

    def take(node: dict) -> None:
        found[node["identity"]] = node
        for child in node["dependencies"]:
            take(child)

    for node in tree["dependencies"]:
        if node["identity"] in packages:
            take(node)
    return found


def swift_component(node: dict) -> dict:
    path = node["url"].removeprefix("https://").removesuffix(".git")
    texts = sorted(Path(node["path"]).glob("LICENSE*"))
    component = {
        "type": "library", "bom-ref": f"swift:{node['identity']}", "name": node["identity"], "version": node["version"],
        "purl": f"pkg:swift/{path}@{node['version']}", "licenses": [expression(dependencies.licence(texts[0].read_text()) or "NOASSERTION")],
    }
    if node["identity"] == "swift-nio":
        component["components"] = [llhttp(Path(node["path"]))]
    return component


def llhttp(checkout: Path) -> dict:
    """The HTTP parser that SwiftNIO carries along."""
    header = (checkout / "Sources/CNIOLLHTTP/include/c_nio_llhttp.h").read_text()
    version = ".".join(re.search(rf"LLHTTP_VERSION_{part} (\d+)", header)[1] for part in ("MAJOR", "MINOR", "PATCH"))
    return {"type": "library", "bom-ref": "llhttp", "name": "llhttp", "version": version,
            "purl": f"pkg:github/nodejs/llhttp@{version}", "licenses": [expression("MIT")]}


def runtime_component() -> dict:
    version = re.search(r"Swift version (\S+)", run("swift", "--version"))[1]
    return {"type": "framework", "bom-ref": "swift-runtime", "name": "swift-runtime", "version": version,
            "description": "standard library, concurrency and FoundationEssentials, linked in",
            "purl": f"pkg:github/swiftlang/swift@swift-{version}-RELEASE", "licenses": [expression("Apache-2.0 WITH Swift-exception")]}


def debian_versions(binary: str) -> tuple[str, dict[str, tuple[str, str]]]:
    """Version and architecture of the packages in the image: from its root where that was assembled, else from this machine."""
    if dependencies.IMAGE_PACKAGES.is_dir():
        texts = [file.read_text() for file in dependencies.IMAGE_PACKAGES.iterdir()]
        source = "the image's root"
    else:
        loaded = [path for path in re.findall(r"(/\S+)", run("ldd", binary)) if ".so" in path]
        loaded += re.findall(rf"{LOADED_LATER}.*=> (\S+)", run("/sbin/ldconfig", "-p"))[:1]
        names = {"ca-certificates"} | {owner(path) for path in loaded}
        texts, source = [run("dpkg-query", "-s", name) for name in sorted(names)], "this machine"
    found = {}
    for text in texts:
        field = dict(re.findall(r"^(Package|Version|Architecture): (.+)$", text, re.M))
        found[field["Package"]] = (field["Version"], field["Architecture"])
    return source, found


def owner(path: str) -> str:
    for name in (path, f"/usr{path}", str(Path(path).resolve())):
        done = subprocess.run(["dpkg-query", "-S", name], capture_output=True, text=True)
        if done.returncode == 0:
            return done.stdout.split(":")[0]
    raise SystemExit(f"materials: no Debian package owns {path}")


def debian_component(name: str, version: str, architecture: str, licences: dict[str, list[str]]) -> dict:
    if name not in licences:
        raise SystemExit(f"materials: {dependencies.DOCUMENT} does not tell the licence of {name}")
    kind = "data" if architecture == "all" else "library"
    purl = f"pkg:deb/debian/{name}@{version.replace('+', '%2B').replace(':', '%3A')}?arch={architecture}&distro=bookworm"
    return {"type": kind, "bom-ref": f"deb:{name}", "name": name, "version": version, "purl": purl,
            "licenses": [expression(licences[name][1])]}


def expression(licence: str) -> dict:
    return {"expression": licence}


def document(binary: str) -> tuple[dict, str]:
    version = re.search(r'"([^"]+)"', Path("Sources/Main/Version.swift").read_text())[1]
    packages = shipped_packages()
    source, debian = debian_versions(binary)
    licences = dependencies.table("Debian packages in the image")
    components = [swift_component(packages[name]) for name in sorted(packages)] + [runtime_component()]
    components += [debian_component(name, *debian[name], licences) for name in sorted(debian)]
    top = {"type": "application", "bom-ref": "interruption-handler", "name": "interruption-handler", "version": version,
           "licenses": [expression("Apache-2.0")]}
    direct = [component["bom-ref"] for component in components]
    graph = [{"ref": top["bom-ref"], "dependsOn": direct}]
    graph += [{"ref": f"swift:{name}", "dependsOn": sorted(f"swift:{child['identity']}" for child in node["dependencies"])}
              for name, node in sorted(packages.items())]
    body = {"metadata": {"component": top}, "components": components, "dependencies": graph}
    # The same materials make the same document, so the number is made of them, and there is no time in it.
    serial = uuid.uuid5(uuid.NAMESPACE_URL, json.dumps(body, sort_keys=True))
    head = {"$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json", "bomFormat": "CycloneDX", "specVersion": "1.6",
            "serialNumber": f"urn:uuid:{serial}", "version": 1}
    return head | body, f"{len(packages)} Swift packages, the Swift runtime, {len(debian)} Debian packages of {source}"


def main() -> int:
    binary, output = sys.argv[1:]
    found, words = document(binary)
    text = json.dumps(found, indent=2) + "\n"
    if error := JsonStrictValidator(SchemaVersion.V1_6).validate_str(text):
        print(f"materials: not valid CycloneDX 1.6: {error}", file=sys.stderr)
        return 1
    Path(output).write_text(text)
    print(f"{output}: {words}; valid CycloneDX 1.6")
    return 0


sys.exit(main())
