// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
    .strictMemorySafety(),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("InferIsolatedConformances"),
    .treatAllWarnings(as: .error),
]

/// A module of the house; `path` only where it is not `Sources/<name>`.
func module(_ name: String, _ dependencies: [Target.Dependency] = [], path: String? = nil) -> Target {
    .target(
        name: name, dependencies: dependencies, path: path ?? "Sources/\(name)", exclude: ["README.md"],
        swiftSettings: strict)
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
    products: [],
    dependencies: [],
    targets: [
        library("CLibcurl", pkgConfig: "libcurl", package: "libcurl4-openssl-dev"),
        module("Interruption"),
        module("Transport", ["CLibcurl"]),
        module("Settings", ["Interruption"], path: "Sources/Main/Settings"),
    ]
        + [
            .target(
                name: "TestSupport", dependencies: ["Interruption", "Transport"], path: "Tests/Support",
                exclude: ["README.md"], swiftSettings: strict),
            tests(of: "TestSupport", ["Interruption"]),
            tests(of: "Interruption", ["TestSupport"]),
            tests(of: "Transport", ["TestSupport", "CLibcurl"]),
            tests(of: "Settings", ["Interruption"]),
        ]
)
