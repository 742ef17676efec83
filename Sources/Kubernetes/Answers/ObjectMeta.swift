import JSON

/// `metav1.ObjectMeta`, as far as we read it.
struct ObjectMeta: JSONReadable {
    /// An owner.
    struct Owner: JSONReadable {
        /// Such as `apps/v1`.
        var apiVersion: String
        /// Such as `ReplicaSet`.
        var kind: String
        /// Its name.
        var name: String
        /// Whether it is the one that controls the object.
        var controller: Bool?

        init(json: JSONValue) throws(JSONMismatch) {
            let members = try json.object()
            apiVersion = try members.required("apiVersion")
            kind = try members.required("kind")
            name = try members.required("name")
            controller = try members.optional("controller")
        }
    }

    /// The name.
    var name: String
    /// The namespace; absent for a node.
    var namespace: String?
    /// The uid.
    var uid: String
    /// The object's version.
    var resourceVersion: String?
    /// RFC 3339, as written.
    var deletionTimestamp: String?
    /// The grace that was given.
    var deletionGracePeriodSeconds: Int?
    /// The labels.
    var labels: [String: String]?
    /// The annotations.
    var annotations: [String: String]?
    /// What must be done before the object goes.
    var finalizers: [String]?
    /// The owners.
    var ownerReferences: [Owner]?

    init(json: JSONValue) throws(JSONMismatch) {
        let members = try json.object()
        name = try members.required("name")
        namespace = try members.optional("namespace")
        uid = try members.required("uid")
        resourceVersion = try members.optional("resourceVersion")
        deletionTimestamp = try members.optional("deletionTimestamp")
        deletionGracePeriodSeconds = try members.optional("deletionGracePeriodSeconds")
        labels = try members.optional("labels")
        annotations = try members.optional("annotations")
        finalizers = try members.optional("finalizers")
        ownerReferences = try members.optional("ownerReferences")
    }
}
