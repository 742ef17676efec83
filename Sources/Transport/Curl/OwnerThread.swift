import CLibcurl
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A named pthread that runs one closure and can be waited for.
final class OwnerThread: Sendable {
    private let thread: Mutex<pthread_t?>

    /// Starts the thread; the name is cut to the 15 bytes that Linux keeps.
    init(name: String, running body: @escaping @Sendable () -> Void) throws(TransportError) {
        let start = unsafe Unmanaged.passRetained(Start(name: name, body: body))
        var thread = pthread_t()
        let status = unsafe pthread_create(
            &thread,
            nil,
            { argument in
                guard let argument = unsafe argument else { return nil }
                let start = unsafe Unmanaged<Start>.fromOpaque(argument).takeRetainedValue()
                start.run()
                return nil
            },
            start.toOpaque()
        )
        guard status == 0 else {
            unsafe start.release()
            throw .unsendable(detail: "no thread (\(status))")
        }
        self.thread = Mutex(thread)
    }

    /// Waits until the thread has ended; at once if it was waited for before. On the thread itself it only lets go.
    func join() {
        let ended = thread.withLock { $0.take() }
        guard let ended else { return }
        if pthread_equal(ended, pthread_self()) != 0 {
            pthread_detach(ended)
        } else {
            pthread_join(ended, nil)
        }
    }

    private final class Start: Sendable {
        let name: String
        let body: @Sendable () -> Void

        init(name: String, body: @escaping @Sendable () -> Void) {
            self.name = name
            self.body = body
        }

        func run() {
            // All signals: they belong to the process's own handling, and with CURLOPT_NOSIGNAL a SIGPIPE from a write
            // inside a TLS library would be ours to ignore. Threads that libcurl starts to look up names inherit this.
            var all = sigset_t()
            unsafe sigfillset(&all)
            unsafe pthread_sigmask(SIG_BLOCK, &all, nil)
            unsafe name.withCString { unsafe clibcurl_name_thread($0) }
            body()
        }
    }
}
