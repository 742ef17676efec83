/// What the process finds around itself: its environment and files. Replaced in tests.
public struct Surroundings: Sendable {
    /// The value of an environment variable; `nil` when it is not set.
    public let variable: @Sendable (String) -> String?
    /// The content of a file.
    public let readFile: @Sendable (String) throws -> [UInt8]

    /// Surroundings from their parts.
    public init(
        variable: @escaping @Sendable (String) -> String?, readFile: @escaping @Sendable (String) throws -> [UInt8]
    ) {
        self.variable = variable
        self.readFile = readFile
    }

    /// The value of a variable that is set to something.
    func text(_ name: String) -> String? {
        variable(name).flatMap { $0.isEmpty ? nil : $0 }
    }

    /// Whether a variable says yes, as the SDKs read it.
    func isTrue(_ name: String) -> Bool {
        variable(name)?.trimmed.lowercased() == "true"
    }
}
