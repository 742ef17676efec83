#if canImport(Glibc)
    import Glibc
#endif

/// A race on purpose.
@main
struct Mistake {
    nonisolated(unsafe) static var count = 0

    static func main() {
        var thread = pthread_t()
        unsafe pthread_create(
            &thread, nil,
            { _ in
                for _ in 0..<1000 { Mistake.count += 1 }
                return nil
            }, nil)
        for _ in 0..<1000 { count += 1 }
        unsafe pthread_join(thread, nil)
        print(count)
    }
}
