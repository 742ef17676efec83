"""Where instructions and memory go: the handler under valgrind, idle and through a drain. Called by bench.py."""

import collections
import os
import re
import shutil
import subprocess
import tempfile
import time

from lab import Lab
from process import Program
from symbols import part_of

IDLE_POLL = 0.2
PODS = 250


def measure(settings, keep):
    """Callgrind of an idle handler and of a drain, massif of a drain; parts first, then single functions."""
    folder = tempfile.mkdtemp(prefix="interruption-profile-")
    try:
        executable = os.path.join(folder, "handler")
        # Valgrind of Debian 12 cannot read this compiler's debug information; the symbols are enough.
        subprocess.run(["strip", "--strip-debug", "-o", executable, settings.handler], check=True)
        keep("idle", idle(settings, executable, os.path.join(folder, "idle.out"), settings.profile_seconds))
        keep("drain", drain(settings, executable, os.path.join(folder, "drain.out")))
        keep("memory", heap(settings, executable, os.path.join(folder, "massif.out")))
    finally:
        shutil.rmtree(folder)


def command(executable, *tool):
    """The handler under a tool of valgrind."""
    return ["valgrind", "--quiet", *tool, executable, "run", "--metrics-address", "127.0.0.1:0", "--log-format", "json"]


def counting(program, is_on):
    """Switches callgrind's counting."""
    subprocess.run(["callgrind_control", "-i", "on" if is_on else "off", str(program.pid)], check=True,
                   stdout=subprocess.DEVNULL)


def callgrind(path):
    """The tool, whose counting is off at first."""
    return ["--tool=callgrind", "--instr-atstart=no", f"--callgrind-out-file={path}"]


def idle(settings, executable, path, seconds):
    """Polls, after the start and its first minutes' worth of growing have passed."""
    polls = [*command(executable, *callgrind(path)), "--notices", "spot", "--poll-interval", f"{IDLE_POLL}s"]
    with Lab(settings.lab, 10, ["--tokens", "optional"]) as lab, Program(polls, lab.environment()) as program:
        lab.until_still("metadata", 0, at_least=10, limit=60)
        counting(program, True)
        before = lab.server("metadata")["requests"]
        time.sleep(seconds)
        requests = lab.server("metadata")["requests"] - before
        counting(program, False)
        program.stop()
    return {"requests": requests, **costs(path)}


def drain(settings, executable, path):
    """From the notice to the last eviction's answer."""
    with Lab(settings.lab, PODS) as lab:
        with Program(command(executable, *callgrind(path)), lab.environment()) as program:
            lab.until_still("metadata", 0, at_least=3, limit=60)
            counting(program, True)
            before = lab.server("kubernetes")["requests"]
            lab.order("/notice/spot?in=120s")
            lab.until_still("kubernetes", 2, at_least=before + PODS, limit=120)
            requests = lab.server("kubernetes")["requests"] - before
            counting(program, False)
            program.stop()
    return {"requests": requests, **costs(path)}


def costs(path):
    """Instructions of a callgrind file: all, by part, and of the functions that take most themselves."""
    self_cost, objects, functions = collections.Counter(), {}, {}
    place, skips = {"ob": "", "fn": ""}, False
    with open(path) as file:
        for line in file:
            head = re.match(r"(c?)(ob|fn)=(?:\((\d+)\))?(?: ?(.*))?$", line.rstrip("\n"))
            if head:
                names = objects if head[2] == "ob" else functions
                name = head[4] if not head[3] else names.setdefault(head[3], head[4])
                if not head[1]:
                    place[head[2]] = name
            elif line.startswith("calls="):
                skips = True  # the next line is what the callee cost
            elif re.match(r"[+\-*\d]", line):
                if not skips:
                    self_cost[place["ob"], place["fn"]] += int(line.split()[1])
                skips = False
    parts = collections.Counter()
    for (origin, function), cost in self_cost.items():
        parts[part(origin, function)] += cost
    top = [[part(origin, function), readable(function), cost] for (origin, function), cost in self_cost.most_common(15)]
    return {"instructions": sum(self_cost.values()), "parts": parts.most_common(), "functions": top}


def part(origin, function):
    """The shared library, or the part of the executable."""
    library = os.path.basename(origin or "")
    return part_of(re.sub(r"'\d+$", "", function)) if library == "handler" else library.split(".so")[0]


def readable(function):
    """A symbol for people; an address for a library without symbols."""
    name = re.sub(r"'\d+$", "", function)
    if name.startswith("$s"):
        name = subprocess.run(["swift", "demangle", "--simplified", "--compact", name], check=True, capture_output=True,
                              text=True).stdout.strip()
    return name.rsplit("/", 1)[-1][:100]


def heap(settings, executable, path):
    """The highest heap through a drain, and who had asked for it."""
    tool = command(executable, "--tool=massif", "--pages-as-heap=no", "--peak-inaccuracy=0.0", "--threshold=2.0",
                   "--depth=40", f"--massif-out-file={path}")
    with Lab(settings.lab, PODS) as lab, Program(tool, lab.environment()) as program:
        lab.until_still("metadata", 0, at_least=3, limit=90)
        before = lab.server("kubernetes")["requests"]
        lab.order("/notice/spot?in=120s")
        lab.until_still("kubernetes", 2, at_least=before + PODS, limit=120)
        program.stop()
    with open(path) as file:
        text = file.read()
    snapshots = text.split("#-----------\nsnapshot=")[1:]
    peak = next((shot for shot in snapshots if "heap_tree=peak" in shot), max(snapshots, key=heap_bytes))
    return {"bytes": heap_bytes(peak), "extra": int(re.search(r"mem_heap_extra_B=(\d+)", peak)[1]), "sites": sites(peak)}


def heap_bytes(snapshot):
    """What the program had asked for."""
    return int(re.search(r"mem_heap_B=(\d+)", snapshot)[1])


def sites(snapshot):
    """Bytes by the part that asked for them: the first frame up from `malloc` that is of a module, not of the runtime."""
    found = collections.Counter()
    frames = []
    for line in snapshot.splitlines():
        row = re.match(r"( *)n(\d+): (\d+) (?:0x[0-9A-F]+: (.*)|in (.*))", line)
        if not row:
            continue
        depth, size, words = len(row[1]), int(row[3]), row[4] or row[5] or ""
        del frames[depth:]
        frames.append(words)
        if int(row[2]) == 0:
            found[site(frames)] += size
    return found.most_common(16)


def site(frames):
    """A module and its function."""
    for words in frames:
        symbol = re.match(r"(\S+) \(", words)
        name = symbol[1] if symbol else words
        library = re.search(r"\(in [^)]*/(lib[^)/]*?)\.so", words)
        if library and not library[1].startswith(("libc-", "libc", "libstdc++")) or library and library[1] in ("libcurl", "libcrypto", "libssl"):
            return library[1]
        part = part_of(name) if name.startswith("$s") else ""
        if part and not part.startswith("Swift"):
            return f"{part}: {readable(name)}"
    return "others, each below 2 %" if any("below massif" in words for words in frames) else readable(frames[-1] if frames else "")
