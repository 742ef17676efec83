#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// What the kernel knows about this process, read anew at every scrape.
enum ProcessFigures {
    /// Processor time so far, in seconds; `nil` when the kernel does not say.
    static func processorSeconds() -> Double? {
        var time = timespec()
        guard unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time) == 0 else { return nil }
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1_000_000_000
    }

    /// Resident memory in bytes; `nil` when the kernel does not say.
    static func residentBytes() -> Double? {
        // https://man7.org/linux/man-pages/man5/proc_pid_statm.5.html: pages; the second field is what is resident.
        guard let text = firstBytes(of: "/proc/self/statm"), let pages = residentPages(inStatm: text) else {
            return nil
        }
        return Double(pages) * Double(sysconf(Int32(_SC_PAGESIZE)))
    }

    /// How many file descriptors are open; `nil` when the kernel does not say.
    static func openFiles() -> Double? {
        guard let directory = unsafe opendir("/proc/self/fd") else { return nil }
        defer { unsafe closedir(directory) }
        var entries = 0
        while unsafe readdir(directory) != nil { entries += 1 }
        // The dot, the double dot, and the descriptor of the directory itself.
        return Double(max(0, entries - 3))
    }

    /// The second field of `/proc/self/statm`.
    static func residentPages(inStatm text: String) -> Int? {
        let fields = text.split(separator: " ")
        return fields.count > 1 ? Int(fields[1]) : nil
    }

    /// The first bytes of a file that is short and never blocks; `nil` when it cannot be read.
    private static func firstBytes(of path: String) -> String? {
        let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var buffer = [UInt8](repeating: 0, count: 256)
        let count = unsafe buffer.withUnsafeMutableBytes { unsafe read(file, $0.baseAddress, $0.count) }
        guard count > 0 else { return nil }
        return String(decoding: buffer[..<count], as: UTF8.self)
    }
}

extension PrometheusRegistry {
    /// Exposes processor time, memory and open files of this process.
    public func exposeProcess() {
        compute(.processCPU, ProcessFigures.processorSeconds)
        compute(.processMemory, ProcessFigures.residentBytes)
        compute(.processOpenFiles, ProcessFigures.openFiles)
    }
}
