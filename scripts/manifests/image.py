"""The Dockerfile and scripts/verify-image-root must install the same packages; every base image and version has a name of its own."""
import re
from pathlib import Path


def check(problems):
    dockerfile = Path("deploy/Dockerfile").read_text()
    installs = re.findall(r"apt-get install ([^\\\n]+)", dockerfile)
    run_stage = {word for word in installs[-1].split() if not word.startswith("-")}
    script = re.search(r"^packages=\(([^)]*)\)", Path("scripts/verify-image-root").read_text(), re.M)[1].split()
    problems.require_same("deploy/Dockerfile", "packages of the run stage, compared with verify-image-root", run_stage, script)
    for image in re.findall(r"^ARG \w+_IMAGE=(\S+)", dockerfile, re.M):
        if ":" not in image or image.endswith(":latest"):
            problems.add("deploy/Dockerfile", f"the image {image} has no version")
    if not re.search(r"^USER 65532:65532$", dockerfile, re.M):
        problems.add("deploy/Dockerfile", "does not run as 65532:65532")
    if "FROM scratch" not in dockerfile:
        problems.add("deploy/Dockerfile", "the run stage does not start from nothing")
    for path in re.findall(r"COPY (?!--from)([^\n]+)", dockerfile):
        for source in path.split()[:-1]:
            if not Path(source).exists():
                problems.add("deploy/Dockerfile", f"copies {source}, which is not there")
    problems.counted("image: run stage and its proof install the same packages")
