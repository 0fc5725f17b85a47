import LynxCedar

/// Where a command's answers and complaints go: answers to the standard output through a buffer, complaints to the
/// standard error at once.
struct Console {
    let renderer: DiagnosticRenderer
    private var buffer: [UInt8] = []
    /// Human diagnostics are set apart by empty lines, also from those of an earlier call.
    private var hasReported = false

    private static let bufferSize = 1 << 16

    init(renderer: DiagnosticRenderer) {
        self.renderer = renderer
        buffer.reserveCapacity(Console.bufferSize)
    }

    /// Lets a write to a pipe without reader fail with `EPIPE` instead of ending the program by a signal.
    static func ignoreBrokenPipes() {
        _ = signal(SIGPIPE, SIG_IGN)
    }

    /// Writes a line of the command's answer.
    ///
    /// - Throws: when the output cannot be written; without a word when its reader has gone.
    mutating func print(_ line: String) throws(Failure) {
        buffer.append(contentsOf: line.utf8)
        buffer.append(UInt8(ascii: "\n"))
        if buffer.count >= Console.bufferSize { try flush() }
    }

    /// Writes bytes of the command's answer.
    mutating func write(_ bytes: [UInt8]) throws(Failure) {
        buffer += bytes
        if buffer.count >= Console.bufferSize { try flush() }
    }

    /// Hands over what the buffer holds.
    mutating func flush() throws(Failure) {
        defer { buffer.removeAll(keepingCapacity: true) }
        let code = writeAll(buffer, to: STDOUT_FILENO)
        guard code != 0 else { return }
        guard code != EPIPE else { throw Failure([]) }
        throw Failure("cannot write to the standard output: \(SystemError(code: code))")
    }

    /// Writes diagnostics to the standard error, behind the answers so far.
    mutating func report(_ diagnostics: [Diagnostic]) {
        guard !diagnostics.isEmpty else { return }
        // Should the answers not get through, the diagnostics still must.
        try? flush()
        var text = renderer.render(diagnostics)
        if hasReported, case .human = renderer.form { text = "\n" + text }
        hasReported = true
        _ = writeAll(Array(text.utf8), to: STDERR_FILENO)
    }

    /// Writes a line about the run itself, such as a time, to the standard error.
    mutating func remark(_ line: String) {
        try? flush()
        _ = writeAll(Array((line + "\n").utf8), to: STDERR_FILENO)
    }
}
