import CLibBPF

/// Reads the denials of a sandbox as the kernel reports them. What nobody reads in time is counted and lost; it is denied all the same.
public final class ReportReader {
    private var ring: OpaquePointer?
    private let lostCount: Int32
    private var received: [SandboxReport] = []
    /// So many are taken at once: a workload may be denied faster than anybody can read, and whoever reads has other things to see to.
    private static let mostAtOnce = 4096

    public init(sandbox name: String) throws(LoadingError) {
        try Sandbox.check(name: name)
        let pins = PinFolder(sandbox: name)
        let map = bpf_obj_get(pins.reports)
        guard map >= 0 else {
            if map == -ENOENT { throw Sandbox.isMissing(name) }
            throw .system("open `\(pins.reports)`", -map)
        }
        defer { close(map) }
        lostCount = bpf_obj_get(pins.lost)
        // The reader is alive as long as its ring is: `deinit` frees that.
        let context = Unmanaged.passUnretained(self).toOpaque()
        ring = ring_buffer__new(
            map,
            { context, data, size in
                guard let context, let data else { return 0 }
                let reader = Unmanaged<ReportReader>.fromOpaque(context).takeUnretainedValue()
                if let report = SandboxReport(UnsafeRawBufferPointer(start: data, count: size)) { reader.received.append(report) }
                // A negative number ends the round; the next goes on behind this report.
                return reader.received.count < ReportReader.mostAtOnce ? 0 : -EAGAIN
            }, context, nil)
        guard ring != nil else { throw .system("read the reports of `\(name)`", errno) }
    }

    deinit {
        if let ring { ring_buffer__free(ring) }
        if lostCount >= 0 { close(lostCount) }
    }

    /// Waits for reports.
    ///
    /// - Parameter timeout: in milliseconds; 0 takes what is there.
    /// - Returns: those that came, in their order, a few thousand at most; none when the time was up.
    public func next(timeout: Int32) -> [SandboxReport] {
        guard let ring else { return [] }
        if timeout != 0 { ring_buffer__poll(ring, timeout) }
        // Also what the kernel has not yet woken anybody for.
        if received.count < ReportReader.mostAtOnce { ring_buffer__consume(ring) }
        defer { received = [] }
        return received
    }

    /// How many reports were lost since the sandbox was attached.
    public var lost: UInt64 {
        let processors = Int(libbpf_num_possible_cpus())
        guard lostCount >= 0, processors > 0 else { return 0 }
        var counts = [UInt64](repeating: 0, count: processors)
        var key: UInt32 = 0
        guard bpf_map_lookup_elem(lostCount, &key, &counts) == 0 else { return 0 }
        return counts.reduce(0, &+)
    }
}
