"""Which part of the program a symbol belongs to, by the module in its mangled name, or by its C prefix."""

import re

OURS = ("Main", "Interruption", "Drain", "Kubernetes", "Transport", "AWS", "Notify", "Settings", "Doctor", "Status", "JSON")
MODULES = {
    "swift-nio": ("NIO", "_NIO", "CNIO", "Atomics", "_AtomicsShims"),
    "swift-argument-parser": ("ArgumentParser",),
    "swift-service-lifecycle": ("ServiceLifecycle", "UnixSignals", "ConcurrencyHelpers"),
    "swift-async-algorithms (of swift-service-lifecycle)": ("AsyncAlgorithms", "AsyncStreaming"),
    "swift-collections (of the two above)": (
        "DequeModule", "OrderedCollections", "InternalCollectionsUtilities", "ContainersPreview", "BasicContainers",
        "Collections", "HashTreeCollections", "BitCollections"),
    "swift-log": ("Logging",),
    "swift-metrics": ("CoreMetrics", "Metrics"),
    "swift-subprocess": ("Subprocess", "_SubprocessCShims"),
    "swift-system": ("SystemPackage", "CSystem"),
    "FoundationEssentials": ("FoundationEssentials", "_FoundationCollections", "_FoundationCShims", "FoundationInternationalization"),
    "Swift: regular expressions": ("_RegexParser", "_StringProcessing", "RegexBuilder"),
    "Swift: concurrency": ("_Concurrency",),
    "Swift: Dispatch": ("Dispatch",),
    "Swift: standard library": ("Swift", "Glibc", "Synchronization", "SwiftGlibc", "_Builtin_float"),
}
PREFIXES = (
    ("swift-nio", r"_?(c_nio|CNIO|llhttp|llparse|catmc_nio|ca[a-z]*_?nio)"),
    ("swift-argument-parser", r"_?argumentparser"),
    ("swift-subprocess", r"_*(subprocess|pidfd|was_process)"),
    ("FoundationEssentials", r"_?(foundation|stringshims|CFUni)"),
    ("ICU", r"_*(uloc|ucol|unorm|ubrk|ures|icu)_"),
    ("Swift: Dispatch", r"_*(lib)?dispatch|_*[Bb]lock_|_+Block|_os_|voucher"),
    ("Swift: concurrency", r"_*swift_(task|job|async|continuation|defaultActor|executor|concurrency)|_ZN?K?.{0,6}5swift.*(Task|Actor|Executor|Job)"),
    ("Swift: runtime", r"_*swift|_ZN?K?[0-9a-zA-Z_]*5swift|_stdlib|__?(u?mod|u?div|trunc|extend|mul|float|fix)[a-z]+f?t?i?$"),
    ("C++ templates, demangler and others of the Swift runtime", r"_Z"),
)


def part_of(symbol):
    """The part by the name that stands in this map; the standard library for what has no module of its own."""
    mangled = re.match(r"_?\$[sS](?P<rest>.*)", symbol)
    if mangled:
        rest = mangled["rest"]
        length = re.match(r"(?:So|SC|e)?(\d+)", rest)
        if length:
            module = rest[length.end():length.end() + int(length[1])]
            return ours(module) or next(
                (part for part, names in MODULES.items() if module.startswith(names) and module not in OURS),
                "Swift: standard library")
        return "Swift: concurrency" if re.match(r"Sc", rest) else "Swift: standard library"
    module = re.match(r"_*(?:symbolic|associated conformance|objectdestroy|get_|__swift)", symbol)
    if module:
        return "Swift: records that the compiler shares between modules"
    return next((part for part, pattern in PREFIXES if re.match(pattern, symbol)), "other C")


def ours(module):
    """The name of a module of this repository; None for others'."""
    return f"this repository: {module}" if module in OURS else None
