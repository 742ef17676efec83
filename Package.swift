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

func tests(of name: String, _ dependencies: [Target.Dependency] = [], fixtures: Bool = false) -> Target {
    .testTarget(
        name: "\(name)Tests", dependencies: [.byName(name: name)] + dependencies, path: "Tests/\(name)Tests",
        resources: fixtures ? [.copy("Fixtures")] : [], swiftSettings: strict)
}

let package = Package(
    name: "interruption-handler",
    targets: [
        module("Interruption"),
        module("Settings", ["Interruption"], path: "Sources/Main/Settings"),
        .target(name: "TestSupport", dependencies: ["Interruption"], path: "Tests/Support", swiftSettings: strict),
        tests(of: "Interruption", ["TestSupport"]),
        tests(of: "TestSupport", ["Interruption"]),
        tests(of: "Settings", ["Interruption"]),
    ]
)
