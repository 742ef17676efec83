import Synchronization
import TestSupport
import Transport

@testable import Kubernetes

/// A client that talks to a script.
func client(
    _ transport: any HTTPTransport, credentials: any CredentialSource = FixedIdentity(Identity(token: Secret("t"))),
    clock: any Clock<Duration> = ManualClock(), limits: KubernetesClient.Limits = KubernetesClient.Limits(),
    observe: @escaping @Sendable (ConnectionGuard.Event) -> Void = { _ in }
) -> KubernetesClient {
    let configuration = ClusterConfiguration(
        server: "https://api.test:6443", credentials: credentials, origin: "test")
    return KubernetesClient(
        configuration: configuration, transport: transport, clock: clock, limits: limits, observe: observe)
}

/// Surroundings with files and variables of a test.
func surroundings(
    _ environment: [String: String] = [:], files: [String: String] = [:], clock: any Clock<Duration> = ManualClock(),
    now: Int = 1_800_000_000
) -> Surroundings {
    Surroundings(environment: environment, clock: clock, secondsSince1970: { now }) { path throws(FileProblem) in
        guard let text = files[path] else { throw .absent }
        return Array(text.utf8)
    }
}

/// A value that several tasks may change.
final class Box<Value: Sendable>: Sendable {
    private let contents: Mutex<Value>
    init(_ value: Value) { contents = Mutex(value) }
    var value: Value { contents.withLock { $0 } }
    func set(_ value: Value) { contents.withLock { $0 = value } }
    func change<Result: Sendable>(_ body: (inout Value) -> Result) -> Result { contents.withLock { body(&$0) } }
}

/// Opens once; whoever waits goes on then.
final class Gate: Sendable {
    private let state = Mutex((isOpen: false, waiters: [CheckedContinuation<Void, Never>]()))

    func open() {
        let waiters = state.withLock { state in
            state.isOpen = true
            defer { state.waiters = [] }
            return state.waiters
        }
        waiters.forEach { $0.resume() }
    }

    func wait() async {
        await withCheckedContinuation { continuation in
            let isOpen = state.withLock { state in
                if !state.isOpen { state.waiters.append(continuation) }
                return state.isOpen
            }
            if isOpen { continuation.resume() }
        }
    }
}

let podU = PodReference(namespace: "xch", name: "u", uid: "uid-u")

/// The JSON of a pod as the API server lists it.
func podJSON(_ name: String, filler: String = "") -> String {
    """
    {"metadata":{"name":"\(name)","namespace":"ns","uid":"uid-\(name)","resourceVersion":"7",\
    "annotations":{"note":"\(filler)"}},"spec":{"nodeName":"n"},"status":{"phase":"Running"}}
    """
}

/// The JSON of a list of pods.
func listJSON(_ pods: [String], resourceVersion: String = "17313", next: String? = nil) -> String {
    let next = next.map { #","continue":"\#($0)""# } ?? ""
    return """
        {"kind":"PodList","apiVersion":"v1","metadata":{"resourceVersion":"\(resourceVersion)"\(next)},\
        "items":[\(pods.joined(separator: ","))]}
        """
}

/// A failure as the API server writes it.
func statusJSON(_ code: Int, _ reason: String, _ message: String = "m", details: String = "{}") -> String {
    """
    {"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"\(message)",\
    "reason":"\(reason)","details":\(details),"code":\(code)}
    """
}
