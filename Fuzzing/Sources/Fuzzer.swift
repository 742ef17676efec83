import CLibFuzzer

#if canImport(Glibc)
    import Glibc
#endif

/// What one target does with one input; it stops the process when a property does not hold.
struct FuzzTarget: Sendable {
    /// The word on the command line, and the corpus' folder.
    let name: String
    /// Reads the input and checks what came out.
    let examine: @Sendable ([UInt8]) -> Void

    /// Every target.
    static let all: [FuzzTarget] = [
        FuzzTarget(name: "answers", examine: examineAnswer),
        FuzzTarget(name: "credentials", examine: examineCredentials),
        FuzzTarget(name: "head", examine: examineHead),
        FuzzTarget(name: "kubeconfig", examine: examineKubeconfig),
        FuzzTarget(name: "metadata", examine: examineMetadata),
        FuzzTarget(name: "pages", examine: examinePages),
        FuzzTarget(name: "pods", examine: examinePods),
        FuzzTarget(name: "query", examine: examineQuery),
        FuzzTarget(name: "record", examine: examineRecord),
        FuzzTarget(name: "settings", examine: examineSettings),
        FuzzTarget(name: "template", examine: examineTemplate),
        FuzzTarget(name: "times", examine: examineTimes),
        FuzzTarget(name: "watch", examine: examineWatch),
        FuzzTarget(name: "wire", examine: examineWire),
    ]

    /// The one that was chosen on the command line.
    static let chosen = all.first { CommandLine.arguments.dropFirst().first == $0.name }
}

/// `Fuzzer TARGET [libFuzzer's own arguments]`; without a target, prints their names.
@main
struct Fuzzer {
    static func main() {
        guard FuzzTarget.chosen != nil else {
            for target in FuzzTarget.all { print(target.name) }
            return
        }
        var arguments = unsafe CommandLine.arguments.map { unsafe strdup($0) }
        unsafe free(arguments.remove(at: 1))
        var count = unsafe Int32(arguments.count)
        unsafe arguments.append(nil)
        let status = unsafe arguments.withUnsafeMutableBufferPointer { buffer in
            var start = buffer.baseAddress
            return unsafe LLVMFuzzerRunDriver(&count, &start) { bytes, size in
                let input = unsafe Array(UnsafeBufferPointer(start: bytes, count: size))
                FuzzTarget.chosen?.examine(input)
                return 0
            }
        }
        exit(status)
    }
}

/// Stops the process, which libFuzzer counts as a finding, unless the property holds.
func expect(_ holds: Bool, _ property: @autoclosure () -> String) {
    if !holds { fatalError("does not hold: \(property())") }
}

/// Whether `text` is one of ours to print: bounded, and without what could forge another line.
func isFitForALine(_ text: String, limit: Int) -> Bool {
    text.utf8.count <= limit && !text.unicodeScalars.contains { $0.properties.generalCategory == .control }
}
