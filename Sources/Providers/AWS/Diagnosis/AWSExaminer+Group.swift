import Interruption

extension AWSExaminer {
    /// What was found of credentials, and whether there are any.
    struct Keys: Sendable {
        let diagnosis: Diagnosis
        let areThere: Bool
    }

    /// The credentials that a request would be signed with: the first place that has any, asked in order.
    func credentials(within time: Duration) async -> Keys {
        let late = CredentialError.unavailable(
            source: "a place that should have them", detail: "no answer within \(time.components.seconds) s")
        switch await timeline.answer(within: time, of: { await keys() }) ?? .failure(late) {
        case .success(let (place, keys)):
            let left = keys.expiry.map { clock.wall(at: timeline.now).duration(to: $0) }
            guard let expiry = keys.expiry, let left else {
                return Keys(diagnosis: Diagnosis("credentials", .ok, "from \(place), without an end"), areThere: true)
            }
            guard left > .zero else {
                let words = "from \(place), but they ended at \(expiry.rfc3339)"
                return Keys(
                    diagnosis: Diagnosis(
                        "credentials", gravity, words, advice: "whatever renews them does not, or a clock is off"),
                    areThere: true)
            }
            let words = "from \(place), until \(expiry.rfc3339)"
            return Keys(diagnosis: Diagnosis("credentials", .ok, words), areThere: true)
        case .failure(.none) where !settings.detaches:
            return Keys(
                diagnosis: Diagnosis(
                    "credentials", .ok,
                    "none, so that termination hooks of an Auto Scaling group are neither held nor completed"),
                areThere: false)
        case .failure(let error):
            return Keys(
                diagnosis: Diagnosis("credentials", gravity, "\(error)", advice: error.advice), areThere: false)
        }
    }

    private func keys() async -> Result<(String, AWSCredentials), CredentialError> {
        let answer = await firstKeys()
        // Worth another try, by its own words.
        guard case .failure(.unavailable) = answer else { return answer }
        return await firstKeys()
    }

    private func firstKeys() async -> Result<(String, AWSCredentials), CredentialError> {
        do throws(CredentialError) {
            for place in places {
                if let keys = try await place.credentials() { return .success((place.words, keys)) }
            }
            return .failure(.none)
        } catch {
            return .failure(error)
        }
    }

    /// The group that we are in, and its termination hooks. Whether we may also detach or complete shows only when it is done.
    func groupDiagnoses(within time: Duration) async -> [Diagnosis] {
        let answer = await timeline.answer(within: time) { await askForGroup(within: time) }
        return answer ?? [
            Diagnosis(
                "auto scaling", gravity, "no answer within \(time.components.seconds) s",
                advice: "check the way to the Auto Scaling API: a VPC endpoint, a proxy, AWS_ENDPOINT_URL_AUTO_SCALING")
        ]
    }

    private func askForGroup(within time: Duration) async -> [Diagnosis] {
        // A little earlier than we are cut off, so that the last failure is told.
        let latest = timeline.now.advanced(by: time - min(time / 5, .seconds(1)))
        do throws(QueryError) {
            guard let place = try await own.membership(until: latest) else { return [outside] }
            let group = Diagnosis("auto scaling", .ok, "in group \(place.group), \(place.state)")
            return holdsHooks ? [group, await hooks(of: place.group, until: latest)] : [group]
        } catch {
            guard isWanted || !error.isDenial else {
                let words = "not permitted, so that termination hooks are neither held nor completed: \(error)"
                return [Diagnosis("auto scaling", .ok, words)]
            }
            return [
                Diagnosis("auto scaling", gravity, "\(error)", advice: error.advice("DescribeAutoScalingInstances"))
            ]
        }
    }

    private var outside: Diagnosis {
        guard settings.detaches else {
            return Diagnosis("auto scaling", .ok, "this machine is in no Auto Scaling group")
        }
        return Diagnosis(
            "auto scaling", .warn, "this machine is in no Auto Scaling group, so there is nothing to detach from",
            advice: "leave --detach-asg out, or check the region and the account")
    }

    private func hooks(of group: String, until latest: Moment) async -> Diagnosis {
        do throws(QueryError) {
            let found = try await own.api.terminationHooks(of: group, until: latest)
            return diagnosis(of: OwnHooks(group: group, machine: "", found: found, names: settings.hookNames), found)
        } catch {
            return Diagnosis("hooks", .warn, "\(error)", advice: error.advice("DescribeLifecycleHooks"))
        }
    }

    private func diagnosis(of own: OwnHooks, _ found: [AutoScalingAPI.Hook]) -> Diagnosis {
        let missing = own.hooks.filter { !found.contains($0) }.map(\.name)
        guard missing.isEmpty else {
            return Diagnosis(
                "hooks", .warn, "\(own.group) has no termination hook \(missing.joined(separator: ", "))",
                advice: "check --hook-name")
        }
        guard own.undecided.isEmpty else {
            let names = own.undecided.map(\.name).joined(separator: ", ")
            return Diagnosis(
                "hooks", .warn, "\(own.group) has several termination hooks, and none is completed: \(names)",
                advice: "name ours with --hook-name, or set --no-complete-hooks")
        }
        guard !own.hooks.isEmpty else { return Diagnosis("hooks", .ok, "\(own.group) has no termination hook") }
        let names = own.hooks.map { hook in
            hook.timeout.map { "\(hook.name) (\($0.components.seconds) s)" } ?? hook.name
        }
        return Diagnosis("hooks", .ok, "held and completed: \(names.joined(separator: ", "))")
    }

    /// Whether somebody asked for what needs permissions; the default installation has none, and that is no trouble.
    private var isWanted: Bool { settings.detaches || !settings.hookNames.isEmpty }

    /// Only who asked to be detached fails on the day without it; hooks that are not completed end by themselves.
    private var gravity: Diagnosis.Verdict { settings.detaches ? .fail : .warn }
}

extension CredentialSource {
    /// The place in words.
    fileprivate var words: String {
        switch self {
        case is EnvironmentCredentials: "the environment"
        case is WebIdentityCredentials: "a web identity"
        case is ContainerCredentials: "the container's credentials endpoint"
        case is InstanceProfileCredentials: "the instance profile"
        default: "another place"
        }
    }
}

extension CredentialError {
    fileprivate var advice: String {
        switch self {
        case .none, .cancelled:
            "give the ServiceAccount a role (IRSA or Pod Identity), or the instance a profile; or leave --detach-asg out"
        case .unavailable: "ask again; if it lasts, see to that place, or to the network policies for it"
        case .refused: "mend the role's trust policy, or the association of the ServiceAccount"
        case .misconfigured: "mend that variable or file"
        }
    }
}

extension QueryError {
    fileprivate func advice(_ action: String) -> String {
        switch self {
        case .refused(let code, _, _) where code.contains("Denied") || code.contains("Unauthorized"):
            "allow autoscaling:\(action) to the role (deploy has the minimal IAM policy)"
        case .refused: "see that code in the Auto Scaling API's documentation"
        case .credentials: "see credentials"
        case .misconfigured: "set AWS_REGION; the instance's id must be readable in its metadata"
        case .outOfTime, .unreachable, .cancelled, .unreadable:
            "check the way to the Auto Scaling API: a VPC endpoint, a proxy, AWS_ENDPOINT_URL_AUTO_SCALING"
        }
    }
}
