#if canImport(Glibc)
    import CMalloc
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Gives memory back to the system that was needed at start or in a drain and is not needed now. Nothing is lost: what is wanted again is
/// read again, from the page cache.
public enum Footprint {
    /// Drops resident pages of the executable and its libraries that equal the file, and what the allocator holds free. Takes a few
    /// milliseconds; does nothing where the kernel does not say what is mapped.
    public static func shrink() {
        for range in mappings().ranges {
            // Advice only: where it is not taken, the pages stay.
            _ = unsafe madvise(UnsafeMutableRawPointer(bitPattern: range.lowerBound), range.count, MADV_DONTNEED)
        }
        #if canImport(Glibc)
            _ = malloc_trim(0)
        #endif
    }

    /// What is clean now. Read in small pieces, because large ones would leave holes in the very memory that is to be small.
    private static func mappings() -> CleanMappings {
        var mappings = CleanMappings()
        let file = unsafe open("/proc/self/smaps", O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return mappings }
        defer { close(file) }
        var piece = [UInt8](repeating: 0, count: 4 << 10)
        while true {
            let count = unsafe piece.withUnsafeMutableBytes { unsafe read(file, $0.baseAddress, $0.count) }
            guard count > 0 else { break }
            mappings.take(piece[..<count])
        }
        mappings.end()
        return mappings
    }
}
