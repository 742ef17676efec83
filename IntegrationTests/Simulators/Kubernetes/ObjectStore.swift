/// One change of an object, as watches see it.
struct ObjectChange: Sendable {
    let resourceVersion: Int
    /// The version before; nil when the object is new.
    let old: StoredObject?
    /// The version after; nil when the object is gone.
    let new: StoredObject?
}

/// The objects of the cluster, the order of their versions, and the recent past.
struct ObjectStore: Sendable {
    /// All objects of one resource, and how they came about.
    private struct Table: Sendable {
        var objects: [ObjectKey: StoredObject] = [:]
        var history: [ObjectChange] = []
        /// Changes up to and including this version are forgotten.
        var forgotten = 0
    }

    /// The version of the last change.
    private(set) var resourceVersion: Int
    private var tables: [KubernetesResource: Table] = [:]
    private let historyLimit: Int

    /// An empty store whose first change gets the version after `start`, keeping about so many changes per resource.
    init(startingAt start: Int, historyLimit: Int) {
        resourceVersion = start
        self.historyLimit = max(1, historyLimit)
        for resource in KubernetesResource.allCases { tables[resource] = Table(forgotten: start) }
    }

    subscript(_ resource: KubernetesResource, _ key: ObjectKey) -> StoredObject? {
        tables[resource]?.objects[key]
    }

    /// All objects of a resource, in no order.
    func all(_ resource: KubernetesResource) -> [ObjectKey: StoredObject] { tables[resource]?.objects ?? [:] }

    /// The objects that match, in the order of lists.
    func list(_ resource: KubernetesResource, _ selector: ObjectSelector) -> [StoredObject] {
        all(resource).values.filter(selector.matches).sorted { $0.key < $1.key }
    }

    /// Stores a new version; nil when nothing but the version would change.
    mutating func write(_ resource: KubernetesResource, _ key: ObjectKey, _ json: KubernetesJSON) -> ObjectChange? {
        let old = self[resource, key]
        if let old, old.json == Self.stamped(json, old.resourceVersion) { return nil }
        resourceVersion += 1
        let new = StoredObject(resource, key, resourceVersion, Self.stamped(json, resourceVersion))
        return record(resource, key, ObjectChange(resourceVersion: resourceVersion, old: old, new: new))
    }

    /// Takes an object away; nil when there was none.
    mutating func remove(_ resource: KubernetesResource, _ key: ObjectKey) -> ObjectChange? {
        guard let old = self[resource, key] else { return nil }
        resourceVersion += 1
        return record(resource, key, ObjectChange(resourceVersion: resourceVersion, old: old, new: nil))
    }

    /// The changes after a version, or nil when they are not all kept any more.
    func changes(_ resource: KubernetesResource, after version: Int) -> ArraySlice<ObjectChange>? {
        guard let table = tables[resource], version >= table.forgotten else { return nil }
        var low = 0
        var high = table.history.count
        while low < high {
            let middle = (low + high) / 2
            if table.history[middle].resourceVersion > version { high = middle } else { low = middle + 1 }
        }
        return table.history[low...]
    }

    /// The version from which on a resource's changes are kept.
    func oldest(_ resource: KubernetesResource) -> Int { tables[resource]?.forgotten ?? 0 }

    /// Forgets all changes up to now, as etcd's compaction does.
    mutating func compact() {
        for resource in KubernetesResource.allCases {
            tables[resource]?.history = []
            tables[resource]?.forgotten = resourceVersion
        }
    }

    /// The object with this version in its metadata.
    static func stamped(_ json: KubernetesJSON, _ version: Int) -> KubernetesJSON {
        var json = json
        json.update("metadata") { $0["resourceVersion"] = .string(String(version)) }
        return json
    }

    private mutating func record(
        _ resource: KubernetesResource, _ key: ObjectKey, _ change: ObjectChange
    ) -> ObjectChange {
        tables[resource]?.objects[key] = change.new
        tables[resource]?.history.append(change)
        let count = tables[resource]?.history.count ?? 0
        if count > historyLimit + historyLimit / 4 {
            let dropped = count - historyLimit
            let lastDropped = tables[resource]?.history[dropped - 1].resourceVersion
            tables[resource]?.forgotten = lastDropped ?? 0
            tables[resource]?.history.removeFirst(dropped)
        }
        return change
    }
}
