import Interruption
import Kubernetes

/// What the API server grants beside what the settings need.
struct PermissionReview: Sendable {
    /// What the settings need.
    let needed: [Permission]
    /// What the API server said of each permission in the table.
    let answers: [Permission: Result<Bool, KubernetesError>]

    /// A line per permission that is missing or unknown, else one that all are there; and those that are not needed.
    var diagnoses: [Diagnosis] {
        var diagnoses = needed.compactMap { diagnosis(on: $0) }
        let unknown = failures
        if let error = unknown.first {
            diagnoses.append(
                Diagnosis(
                    "permissions", .warn, "\(unknown.count) of \(needed.count) could not be asked: \(error.words)",
                    advice: "whoever is known may ask by default (ClusterRole system:basic-user); ask again"))
        }
        if diagnoses.isEmpty {
            diagnoses.append(Diagnosis("permissions", .ok, "all \(needed.count) that these settings need are granted"))
        }
        let spare = Permission.all.filter { permission in
            !needed.contains(permission) && (try? answers[permission]?.get()) == true  // unknown is not granted
        }
        if !spare.isEmpty {
            let list = spare.map(\.description).joined(separator: ", ")
            diagnoses.append(
                Diagnosis("permissions", .ok, "granted, but not needed by these settings: \(list)"))
        }
        return diagnoses
    }

    private var failures: [KubernetesError] {
        needed.compactMap { permission in
            if case .failure(let error)? = answers[permission] { error } else { nil }
        }
    }

    private func diagnosis(on permission: Permission) -> Diagnosis? {
        guard case .success(false)? = answers[permission] else { return nil }
        let group = permission.group.isEmpty ? "the core group" : permission.group
        return Diagnosis(
            "permissions", permission.isVital ? .fail : .warn,
            "\(permission) is not granted; it is needed \(permission.purpose)",
            advice: "add the verb \(permission.verb) on \(permission.target) in \(group) to our ClusterRole")
    }
}
