import TestSupport
import Testing
import Transport

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

@Suite(.timeLimit(.minutes(1))) struct ProxyTests {
    @Test func `the environment's proxy is used where the policy allows it, and only there`() async {
        // In a process of its own: the environment is shared by all tests.
        await #expect(processExitsWith: .success) {
            let proxy = try LoopbackServer { _ in .answer(body: "proxy") }
            let server = try LoopbackServer { _ in .answer(body: "server") }
            for name in ["http_proxy", "all_proxy", "ALL_PROXY"] {
                unsafe setenv(name, proxy.url, 1)
            }
            for name in ["no_proxy", "NO_PROXY"] {
                unsafe unsetenv(name)
            }
            try await withServer(server) { transport, server in
                for _ in 0..<2 {
                    for (policy, expected) in [(ConnectionPolicy.direct, "server"), (.shared, "proxy")] {
                        var request = HTTPRequest.to(server)
                        request.connection = policy
                        let answer = try await transport.send(request)
                        #expect(answer.body == Array(expected.utf8))
                    }
                }
            }
            proxy.stop()
        }
    }
}
