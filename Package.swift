// swift-tools-version: 6.2
import PackageDescription

/// Set by `scripts/fuzz` only: the modules then count what they execute, and there is one target more.
let isFuzzing = Context.environment["INTERRUPTION_FUZZING"] != nil

let strict: [SwiftSetting] = [
    .strictMemorySafety(),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("InferIsolatedConformances"),
    .treatAllWarnings(as: .error),
]

/// What the modules of the house are compiled with.
let house = strict + (isFuzzing ? [.unsafeFlags(["-enable-testing", "-sanitize=fuzzer"])] : [])

/// How the executable is linked for release: dead and doubled code goes, nothing is exported, and it has a fixed address with a
/// table of imports that nobody can write to once it runs (docs/decisions/0005-fixed-address.md).
let lean: [LinkerSetting] = [
    .unsafeFlags(
        ["--gc-sections", "--icf=safe", "--no-export-dynamic", "-no-pie", "-z", "relro", "-z", "now"]
            .flatMap { ["-Xlinker", $0] },
        .when(configuration: .release))
]

/// Clouds: a folder under `Sources/Providers`, and the C libraries that it takes besides the domain and the transport.
let providers: [String: [Target.Dependency]] = [
    "AWS": ["CLibxml2"]
]

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let coreMetrics = Target.Dependency.product(name: "CoreMetrics", package: "swift-metrics")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let subprocess = Target.Dependency.product(name: "Subprocess", package: "swift-subprocess")
let signals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let system = Target.Dependency.product(name: "SystemPackage", package: "swift-system")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioHTTP2 = Target.Dependency.product(name: "NIOHTTP2", package: "swift-nio-http2")
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let certificates = Target.Dependency.product(name: "X509", package: "swift-certificates")
let asn1 = Target.Dependency.product(name: "SwiftASN1", package: "swift-asn1")
/// What only other packages import: a package that no target names would be warned of, and not pinned.
let pinned: [Target.Dependency] = [
    .product(name: "Atomics", package: "swift-atomics"),
    .product(name: "DequeModule", package: "swift-collections"),
]

/// A module of the house; `path` only where it is not `Sources/<name>`.
func module(_ name: String, _ dependencies: [Target.Dependency] = [], path: String? = nil) -> Target {
    .target(
        name: name, dependencies: dependencies, path: path ?? "Sources/\(name)", exclude: ["README.md"],
        swiftSettings: house)
}

/// A C library of the system.
func library(_ name: String, pkgConfig: String? = nil, package: String) -> Target {
    .systemLibrary(name: name, path: "Sources/\(name)", pkgConfig: pkgConfig, providers: [.apt([package])])
}

/// The unit tests of a module.
func tests(of name: String, _ dependencies: [Target.Dependency] = [], fixtures: Bool = false) -> Target {
    .testTarget(
        name: "\(name)Tests", dependencies: [.byName(name: name)] + dependencies, path: "Tests/\(name)Tests",
        exclude: fixtures ? ["Fixtures"] : [], swiftSettings: strict)
}

let package = Package(
    name: "interruption-handler",
    products: [
        .executable(name: "interruption-handler", targets: ["Main"]),
        .executable(name: "interruption-lab", targets: ["interruption-lab"]),
        .executable(name: "interruption-soak", targets: ["Soak"]),
        .executable(name: "interruption-fleet", targets: ["Fleet"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", exact: "2.13.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", exact: "1.0.2", traits: []),
        .package(url: "https://github.com/apple/swift-system", exact: "1.8.1"),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-http2", exact: "1.46.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", exact: "2.37.6"),
        .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
        .package(url: "https://github.com/apple/swift-certificates", exact: "1.21.1"),
        .package(url: "https://github.com/apple/swift-asn1", exact: "1.7.4"),
        // Only others need these. They are named so that no new version of theirs comes in unseen.
        .package(url: "https://github.com/apple/swift-atomics", exact: "1.3.0"),
        .package(url: "https://github.com/apple/swift-collections", exact: "1.6.0"),
    ],
    targets: [
        library("CLibcurl", pkgConfig: "libcurl", package: "libcurl4-openssl-dev"),
        library("CLibxml2", pkgConfig: "libxml-2.0", package: "libxml2-dev"),
        library("CLibyaml", package: "libyaml-dev"),
        .systemLibrary(name: "CMalloc", path: "Sources/CMalloc"),
        module("Interruption"),
        module("JSON", path: "Sources/Transport/JSON"),
        .target(
            name: "Transport", dependencies: ["CLibcurl"], path: "Sources/Transport", exclude: ["JSON", "README.md"],
            swiftSettings: house),
        module("Kubernetes", ["JSON", "Transport", "CLibyaml", subprocess, system]),
        module("Drain", ["Interruption", "JSON", "Kubernetes", "Settings"]),
        module("Notify", ["Interruption", "JSON", "Transport"]),
        module("Settings", ["Interruption"], path: "Sources/Main/Settings"),
        module(
            "Doctor", ["Drain", "Interruption", "Kubernetes", "Settings", "Transport"], path: "Sources/Main/Doctor"),
        module("Picture", ["Interruption", "JSON"], path: "Sources/Main/Picture"),
        module(
            "Status", ["CMalloc", "Interruption", logging, coreMetrics, lifecycle, nioCore, nioPosix, nioHTTP1],
            path: "Sources/Main/Status"),
    ]
        + providers.sorted { $0.key < $1.key }.map { name, libraries in
            module(name, ["Interruption", "Transport"] + libraries, path: "Sources/Providers/\(name)")
        } + [
            .executableTarget(
                name: "Main",
                dependencies: [
                    "Doctor", "Drain", "Interruption", "Kubernetes", "Notify", "Picture", "Settings", "Status",
                    "Transport",
                    argumentParser, logging, lifecycle, signals,
                ] + providers.keys.sorted().map { .byName(name: $0) },
                path: "Sources/Main", exclude: ["Doctor", "Picture", "README.md", "Settings", "Status"],
                swiftSettings: strict,
                linkerSettings: lean),
            .target(
                name: "Simulators",
                dependencies: [
                    nioCore, nioPosix, nioHTTP1, nioHTTP2, nioSSL, crypto, certificates, asn1, subprocess, system,
                ],
                path: "IntegrationTests/Simulators", exclude: ["README.md", "Kubernetes/README.md"],
                swiftSettings: strict),
            .executableTarget(
                name: "interruption-lab", dependencies: ["Simulators", argumentParser, signals],
                path: "IntegrationTests/Lab", exclude: ["README.md"], swiftSettings: strict),
            .executableTarget(
                name: "Soak", dependencies: ["Simulators", argumentParser, signals], path: "IntegrationTests/Soak",
                exclude: ["README.md"], swiftSettings: strict),
            .testTarget(
                name: "SoakTests", dependencies: ["Simulators", "Soak"], path: "Tests/SoakTests",
                swiftSettings: strict),
            .testTarget(
                name: "SimulatorsTests",
                dependencies: ["Simulators", nioCore, nioPosix, nioHTTP1, nioHTTP2, nioSSL],
                path: "Tests/SimulatorsTests", exclude: ["Fixtures"], swiftSettings: strict),
            .testTarget(
                name: "Stories", dependencies: ["Main", "Simulators"], path: "IntegrationTests/Stories",
                swiftSettings: strict),
            .target(
                name: "TestSupport", dependencies: ["Interruption", "Transport"], path: "Tests/Support",
                exclude: ["README.md"], swiftSettings: strict),
            .executableTarget(
                name: "Fleet",
                dependencies: ["Drain", "Interruption", "Kubernetes", "TestSupport", "Transport", argumentParser],
                path: "Benchmarks/Fleet", exclude: ["README.md"], swiftSettings: strict),
            tests(of: "Fleet", ["Interruption", "Kubernetes", "TestSupport"]),
            tests(of: "TestSupport", ["Interruption"] + pinned),
            tests(of: "Interruption", ["TestSupport"]),
            tests(of: "JSON"),
            tests(of: "Transport", ["TestSupport", "CLibcurl"]),
            tests(of: "Kubernetes", ["JSON", "TestSupport", "Transport"], fixtures: true),
            tests(of: "AWS", ["Interruption", "Transport", "TestSupport"]),
            tests(of: "Drain", ["Interruption", "JSON", "Kubernetes", "Transport", "TestSupport"]),
            tests(of: "Notify", ["Interruption", "JSON", "Transport", "TestSupport"]),
            tests(of: "Picture", ["Interruption"]),
            tests(of: "Settings", ["Interruption"]),
            tests(of: "Doctor", ["Interruption", "Kubernetes", "Settings"]),
            tests(of: "Status", ["Interruption", logging, coreMetrics, lifecycle]),
        ]
)

if isFuzzing {
    package.targets += [
        .systemLibrary(name: "CLibFuzzer", path: "Fuzzing/CLibFuzzer"),
        .executableTarget(
            name: "Fuzzer",
            dependencies: [
                "AWS", "CLibFuzzer", "Drain", "Interruption", "JSON", "Kubernetes", "Notify", "Settings", "Status",
                "TestSupport",
                "Transport", nioCore, .product(name: "NIOEmbedded", package: "swift-nio"),
            ],
            path: "Fuzzing/Sources", swiftSettings: strict),
    ]
}
