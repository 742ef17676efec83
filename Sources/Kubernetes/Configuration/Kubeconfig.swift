/// One or several kubeconfig files as one: of things with the same name, the first file's wins, as for kubectl
/// (https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/#merging-kubeconfig-files).
struct Kubeconfig: Sendable {
    /// A cluster, user or context, and the file that it stands in.
    struct Entry: Sendable {
        /// The fields.
        var fields: YAMLValue
        /// The file's path: relative paths in the fields start at its folder.
        var file: String
    }

    /// The lists of a kubeconfig; the field inside each element is the list's name in the singular.
    enum Kind: String, CaseIterable, Sendable {
        case cluster
        case user
        case context
    }

    /// The files, first to last.
    private(set) var files: [String] = []
    /// `current-context` of the first file that has one.
    private(set) var currentContext: String?
    private var entries: [Kind: [String: Entry]] = [:]

    /// The entry of that kind and name.
    func entry(_ kind: Kind, _ name: String) -> Entry? {
        entries[kind]?[name]
    }

    /// The names of that kind, in order.
    func names(of kind: Kind) -> [String] {
        (entries[kind] ?? [:]).keys.sorted()
    }

    /// Adds what `text`, the content of `file`, says beyond what is there; returns what is wrong with it.
    mutating func add(_ text: String, from file: String) -> [String] {
        files.append(file)
        let root: YAMLValue
        do throws(YAMLProblem) {
            root = try YAMLValue(yaml: text)
        } catch {
            return ["kubeconfig \(file): not YAML: \(error.detail)"]
        }
        guard !root.isNull else { return [] }
        guard case .mapping = root else { return ["kubeconfig \(file): not a mapping"] }
        if currentContext == nil, let name = root["current-context"]?.text, !name.isEmpty {
            currentContext = name
        }
        return Kind.allCases.flatMap { add($0, of: root, from: file) }
    }

    private mutating func add(_ kind: Kind, of root: YAMLValue, from file: String) -> [String] {
        guard let list = root[kind.rawValue + "s"] else { return [] }
        guard let elements = list.elements else { return ["kubeconfig \(file): \(kind.rawValue)s is not a list"] }
        var problems: [String] = []
        for element in elements {
            guard let name = element["name"]?.text else {
                problems.append("kubeconfig \(file): an entry of \(kind.rawValue)s has no name")
                continue
            }
            let fields = element[kind.rawValue] ?? .mapping([])
            guard case .mapping = fields else {
                problems.append("kubeconfig \(file), \(kind.rawValue) \"\(name)\": not a mapping")
                continue
            }
            if entries[kind]?[name] == nil {
                entries[kind, default: [:]][name] = Entry(fields: fields, file: file)
            }
        }
        return problems
    }
}
