import Subprocess
import SystemPackage
import Transport

extension ExecPlugin {
    /// Bytes that a plugin may print.
    static let outputLimit = 256 << 10

    /// Runs the plugin and returns what it says; throws `credentialsUnavailable`, or `unanswered(.cancelled)`.
    ///
    /// Its standard error is dropped: plugins print tokens there when asked to be verbose. When its time is over, it
    /// and all that it started are killed.
    func credential(within limit: Duration, in surroundings: Surroundings) async throws(KubernetesError)
        -> ExecCredential
    {
        let configuration = try configuration(in: surroundings)
        let outcome = await withTaskGroup(of: Result<[UInt8], KubernetesError>?.self) { group in
            group.addTask { await output(of: configuration) }
            group.addTask {
                // Cancellation is all it throws, and means that the plugin was faster.
                try? await surroundings.clock.sleep(for: limit)
                return nil
            }
            // Whoever is first ends the other; leaving the group waits until the plugin is gone.
            let first = await group.next() ?? nil
            group.cancelAll()
            return first
        }
        if Task.isCancelled {
            throw .unanswered(.cancelled)
        }
        guard let outcome else {
            throw .credentialsUnavailable(detail: "the exec plugin \(command) did not end within \(limit)")
        }
        let answer: ExecAnswer
        do {
            answer = try JSON.decode(ExecAnswer.self, from: outcome.get())
        } catch .garbled {
            throw .credentialsUnavailable(detail: "the exec plugin \(command) did not print an ExecCredential")
        }
        return try answer.credential(expecting: apiVersion)
    }

    private func configuration(in surroundings: Surroundings) throws(KubernetesError) -> Subprocess.Configuration {
        var variables: [Environment.Key: String] = [:]
        for (name, value) in surroundings.environment.merging(environment, uniquingKeysWith: { $1 }) {
            variables[Environment.Key(stringLiteral: name)] = value
        }
        variables["KUBERNETES_EXEC_INFO"] = try info()
        var options = PlatformOptions()
        options.createSession = true
        options.teardownSequence = [
            .send(signal: .kill, toProcessGroup: true, allowedDurationToNextStep: .milliseconds(100))
        ]
        return Subprocess.Configuration(
            executable: command.contains("/") ? .path(FilePath(command)) : .name(command),
            arguments: Arguments(arguments), environment: .custom(variables), platformOptions: options)
    }

    private func output(of configuration: Subprocess.Configuration) async -> Result<[UInt8], KubernetesError> {
        do {
            let result = try await Subprocess.run(
                configuration, output: .bytes(limit: Self.outputLimit), error: .discarded)
            guard result.terminationStatus.isSuccess else {
                return unavailable("failed (\(result.terminationStatus)); run it by hand to see why")
            }
            return .success(result.standardOutput)
        } catch let error as SubprocessError where error.code == .executableNotFound {
            return unavailable("was not found")
        } catch let error as SubprocessError where error.code == .outputLimitExceeded {
            return unavailable("printed more than \(Self.outputLimit) bytes")
        } catch {
            return unavailable("could not be run")
        }
    }

    private func unavailable(_ what: String) -> Result<[UInt8], KubernetesError> {
        .failure(.credentialsUnavailable(detail: "the exec plugin \(command) \(what)"))
    }
}
