import FoundationEssentials
import Transport

/// Reads the fields of one kubeconfig entry and collects what is wrong with them; values are never repeated in a
/// problem.
struct EntryReader {
    /// What is wrong so far.
    private(set) var problems: [String] = []
    /// The fields.
    let fields: YAMLValue
    private let subject: String
    private let folder: String

    /// A reader of an entry of `kubeconfig`, or of nothing but the problem that it is missing.
    init(_ kind: Kubeconfig.Kind, _ name: String, of kubeconfig: Kubeconfig) {
        guard let entry = kubeconfig.entry(kind, name) else {
            fields = .mapping([])
            folder = "."
            subject = "kubeconfig \(kubeconfig.files.joined(separator: ":"))"
            let names = kubeconfig.names(of: kind).map { "\"\($0)\"" }.joined(separator: ", ")
            problem("there is no \(kind.rawValue) \"\(name)\" (there is: \(names.isEmpty ? "none" : names))")
            return
        }
        fields = entry.fields
        subject = "kubeconfig \(entry.file), \(kind.rawValue) \"\(name)\""
        folder = entry.file.lastIndex(of: "/").map { String(entry.file[..<$0]) } ?? "."
    }

    /// Notes that something is wrong.
    mutating func problem(_ message: String) {
        problems.append("\(subject): \(message)")
    }

    /// Notes problems of others.
    mutating func add(_ messages: [String]) {
        problems += messages
    }

    /// Whether that field is there and says something.
    func has(_ name: String) -> Bool {
        guard let value = fields[name] else { return false }
        return value.text != ""
    }

    /// The text of a field; `nil` when it is absent or empty.
    mutating func text(_ name: String) -> String? {
        guard has(name) else { return nil }
        guard let text = fields[name]?.text else {
            problem("\(name) is not text")
            return nil
        }
        return text
    }

    /// The flag of a field; `false` when it is absent.
    mutating func flag(_ name: String) -> Bool {
        guard has(name) else { return false }
        guard let flag = fields[name]?.flag else {
            problem("\(name) is neither true nor false")
            return false
        }
        return flag
    }

    /// The path in a field, starting at the file's folder when it is relative.
    mutating func path(_ name: String) -> String? {
        text(name).map(resolved)
    }

    /// A path that starts at the file's folder when it is relative.
    func resolved(_ path: String) -> String {
        path.hasPrefix("/") ? path : folder + "/" + path
    }

    /// PEM text: `NAME-data` in base64, or else the file that `NAME` names, which must be there.
    mutating func material(_ name: String, in surroundings: Surroundings) -> TLSTrust.Material? {
        if let text = text(name + "-data") {
            guard let data = Data(base64Encoded: text), let pem = String(validating: data, as: UTF8.self),
                pem.contains("-----BEGIN ")
            else {
                problem("\(name)-data is not PEM in base64")
                return nil
            }
            return .pem(Secret(pem))
        }
        guard let path = path(name) else { return nil }
        do {
            _ = try surroundings.readFile(path)
            return .file(path)
        } catch {
            problem("\(name) \(path): \(error)")
            return nil
        }
    }
}
