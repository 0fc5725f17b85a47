/// Threads of the C library: tasks would not say how many of them run at once.
enum WorkerThreads {
    /// Runs `body` on so many threads at once, with the number of each, and waits for all.
    ///
    /// - Throws: when the system refuses a thread.
    static func run<Result: Sendable>(
        _ count: Int, _ body: @escaping @Sendable (Int) -> Result
    ) throws(Failure) -> [Result] {
        var jobs: [Job<Result>] = []
        var refusal: Int32 = 0
        for number in 0..<count {
            let job = Job { body(number) }
            refusal = job.start()
            guard refusal == 0 else { break }
            jobs.append(job)
        }
        let results = jobs.compactMap { $0.join() }
        guard refusal == 0 else { throw Failure("cannot start a thread: \(SystemError(code: refusal))") }
        return results
    }
}

/// What a thread is to do, without the type of the result, which C could not name.
private class AnyJob {
    func run() {}
}

/// Unchecked because of the result: the thread writes it before it ends, and others read it after they have waited for that.
private final class Job<Result>: AnyJob, @unchecked Sendable {
    private let body: @Sendable () -> Result
    private var result: Result?
    #if canImport(Glibc)
        private var thread = pthread_t()
    #else
        private var thread: pthread_t?
    #endif

    init(_ body: @escaping @Sendable () -> Result) {
        self.body = body
    }

    override func run() { result = body() }

    /// - Returns: 0, or the number of the system's error.
    func start() -> Int32 {
        let this = Unmanaged<AnyJob>.passRetained(self)
        let code = pthread_create(&thread, nil, runJob, this.toOpaque())
        if code != 0 { this.release() }
        return code
    }

    /// Waits for the end of the thread.
    func join() -> Result? {
        #if canImport(Glibc)
            pthread_join(thread, nil)
        #else
            if let thread { pthread_join(thread, nil) }
        #endif
        return result
    }
}

#if canImport(Darwin)
    private func runJob(_ argument: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? {
        Unmanaged<AnyJob>.fromOpaque(argument).takeRetainedValue().run()
        return nil
    }
#else
    private func runJob(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
        if let argument { Unmanaged<AnyJob>.fromOpaque(argument).takeRetainedValue().run() }
        return nil
    }
#endif
