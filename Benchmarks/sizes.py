"""Size of the executable, by section and by part: what each dependency costs."""

import bisect
import collections
import os
import re
import shutil
import subprocess
import tempfile

from symbols import part_of

# Code, constants and data in the file; what unwinds and relocates them grows with them and is shown on its own.
KINDS = {"code": (".text",), "data": (".rodata", ".data", ".data.rel.ro", "swift5_")}


# The executable linked in another way: a word after those of Package.swift overrules them.
LINKS = {
    "as it is": None,
    "dead code kept": "--no-gc-sections",
    "like functions not folded": "--icf=none",
    "every symbol exported, as SwiftPM links": "--export-dynamic",
    "at a random address": "-pie",
}
BUILD = ("swift", "build", "-c", "release", "--static-swift-stdlib", "--product", "interruption-handler")


def output(*command):
    """What a tool prints."""
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def measure(executable):
    """The executable as shipped: stripped, whole and by section, the shared libraries that it wants, and its parts."""
    folder = tempfile.mkdtemp(prefix="interruption-bench-")
    try:
        stripped = os.path.join(folder, "stripped")
        subprocess.run(["strip", "-o", stripped, executable], check=True)
        sections = {name: size for name, _, size in section_table(stripped)}
        needed = output("objdump", "-p", stripped)
        return {"stripped": os.path.getsize(stripped), "links": links(folder), "unstripped": os.path.getsize(executable), "sections": sections,
                "libraries": re.findall(r"NEEDED\s+(\S+)", needed), "parts": parts(executable)}
    finally:
        shutil.rmtree(folder)


def links(folder):
    """Stripped bytes of the executable linked in other ways; in the end it is as it was."""
    found = {}
    try:
        for words, word in LINKS.items():
            subprocess.run([*BUILD, *(["-Xlinker", word] if word else [])], check=True, capture_output=True)
            stripped = os.path.join(folder, "linked")
            subprocess.run(["strip", "-o", stripped, ".build/release/interruption-handler"], check=True)
            found[words] = os.path.getsize(stripped)
    finally:
        subprocess.run(BUILD, check=True, capture_output=True)
    return found


def section_table(executable):
    """Name, address and size of each section that is loaded."""
    rows = re.findall(r"^(\S+)\s+(\d+)\s+(\d+)$", output("size", "-A", executable), re.MULTILINE)
    return [(name, int(address), int(size)) for name, size, address in rows if int(address)]


def symbol_table(executable):
    """Address, size and mangled name of each symbol that has a size, by address, the largest of an address first."""
    rows = []
    for line in output("nm", "-S", "--defined-only", executable).splitlines():
        fields = line.split(" ", 3)
        if len(fields) == 4 and len(fields[1]) == 16:
            rows.append((int(fields[0], 16), int(fields[1], 16), fields[3]))
    return sorted(rows, key=lambda row: (row[0], -row[1]))


def parts(executable):
    """Bytes of code and data by part; no byte is counted twice, and those of no symbol are a part of their own."""
    wanted = {}
    for name, address, size in section_table(executable):
        kind = next((kind for kind, names in KINDS.items() if name in names or name.startswith("swift5_") and kind == "data"), None)
        if kind:
            wanted[address] = (size, kind)
    starts = sorted(wanted)
    found = collections.defaultdict(collections.Counter)
    total = collections.Counter()
    for size, kind in wanted.values():
        total[kind] += size
    covered = 0
    for address, size, name in symbol_table(executable):
        place = bisect.bisect_right(starts, address) - 1
        if place < 0:
            continue
        section = starts[place]
        length, kind = wanted[section]
        end = min(address + size, section + length)
        new = end - max(address, covered)
        if address < section + length and new > 0:
            found[part_of(name)][kind] += new
            covered = end
    rest = {kind: total[kind] - sum(part[kind] for part in found.values()) for kind in KINDS}
    if min(rest.values()) < 0:
        raise RuntimeError(f"more symbols than bytes: {rest}")
    found["no symbol (strings, constants, padding, folded code)"] = rest
    rows = [{"part": part, **{kind: sizes[kind] for kind in KINDS}} for part, sizes in found.items()]
    if any(sum(row[kind] for row in rows) != total[kind] for kind in KINDS):
        raise RuntimeError("the parts are not the whole")
    return sorted(rows, key=lambda row: -row["code"] - row["data"])


if __name__ == "__main__":
    import sys
    for row in parts(sys.argv[1]):
        print(f"{row['code']:>10,} {row['data']:>10,}  {row['part']}")
