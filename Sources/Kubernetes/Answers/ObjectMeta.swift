/// `metav1.ObjectMeta`, as far as we read it.
struct ObjectMeta: Decodable {
    /// An owner.
    struct Owner: Decodable {
        /// Such as `apps/v1`.
        var apiVersion: String
        /// Such as `ReplicaSet`.
        var kind: String
        /// Its name.
        var name: String
        /// Whether it is the one that controls the object.
        var controller: Bool?
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
}
