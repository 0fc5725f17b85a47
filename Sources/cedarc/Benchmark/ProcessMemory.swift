/// What the system tells about the memory of this process.
enum ProcessMemory {
    /// The most memory that was resident at any time, in bytes.
    static var peakResidentBytes: Int {
        // Where the kernel says it: `getrusage` would also count what the shell's copy of itself held before it became this program.
        if let kilobytes = statusLine("VmHWM:") { return kilobytes * 1024 }
        var usage = rusage()
        // RUSAGE_SELF, which every C library declares in another way.
        getrusage(0, &usage)
        #if canImport(Darwin)
            return Int(usage.ru_maxrss)
        #else
            return Int(usage.ru_maxrss) * 1024
        #endif
    }

    /// The number in a line of `/proc/self/status` (proc(5)); `nil` where there is no such file.
    private static func statusLine(_ name: String) -> Int? {
        guard let text = try? InputFile.path("/proc/self/status").read(as: "status").text,
            let line = text.split(separator: "\n").first(where: { $0.hasPrefix(name) })
        else { return nil }
        let digits = line.drop { !("0"..."9").contains($0) }.prefix { ("0"..."9").contains($0) }
        return Int(digits)
    }
}

/// How many blocks of memory this process has allocated so far.
///
/// No C library of its own accord keeps count: `Benchmarks/allocations.c`, preloaded, does.
struct AllocationCounter {
    private typealias Count = @convention(c) () -> UInt

    private let function: Count

    /// `nil` where nobody counts.
    init?() {
        guard let program = dlopen(nil, RTLD_NOW), let symbol = dlsym(program, "lynx_allocation_count") else { return nil }
        function = unsafeBitCast(symbol, to: Count.self)
    }

    var count: UInt { function() }
}
