"""Renders every overlay, and one that has every component at once, by kubectl kustomize."""
import os
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import yaml

DEPLOY = Path("deploy")


def all_of_them(problems):
    folders = [DEPLOY / "base"] + sorted(path.parent for path in DEPLOY.glob("overlays/*/kustomization.yaml"))
    components = sorted(path.parent for path in DEPLOY.glob("components/*/kustomization.yaml"))
    for component in components:
        if DEPLOY / "overlays" / component.name not in folders:
            problems.add(str(component), "has no overlay of the same name")
    with tempfile.TemporaryDirectory(dir=DEPLOY) as everything:
        relative = lambda path: os.path.relpath(path, everything)
        lines = ["apiVersion: kustomize.config.k8s.io/v1beta1", "kind: Kustomization", "resources:",
                 f"  - {relative(DEPLOY / 'overlays/aws')}", "components:"]
        lines += [f"  - {relative(component)}" for component in components]
        Path(everything, "kustomization.yaml").write_text("\n".join(lines) + "\n")
        named = {folder.relative_to(DEPLOY).as_posix(): folder for folder in folders}
        named["all components together"] = Path(everything)
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            rendered = dict(zip(named, pool.map(lambda folder: render(folder, problems), named.values())))
    count = sum(len(documents) for documents in rendered.values())
    problems.counted(f"kustomize: {len(rendered)} renderings, {count} objects")
    return rendered


def render(folder, problems):
    done = subprocess.run([os.environ["KUBECTL"], "kustomize", str(folder)], capture_output=True, text=True)
    if done.returncode or done.stderr:
        problems.add(str(folder), done.stderr.strip() or f"kubectl kustomize ended with {done.returncode}")
    return [document for document in yaml.safe_load_all(done.stdout) if document]
