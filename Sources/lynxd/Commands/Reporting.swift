import ArgumentParser
import LynxCedar

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Where complaints go: the standard error.
enum Reporting {
    static func report(_ diagnostics: [Diagnostic]) {
        let isTerminal = isatty(STDERR_FILENO) != 0
        write(DiagnosticRenderer(isTerminal ? .human(colored: true) : .human(colored: false)).render(diagnostics), to: STDERR_FILENO)
    }

    static func fail(_ message: String) -> ExitCode {
        report([Diagnostic(message)])
        return .failure
    }

    static func print(_ text: String) {
        write(text + "\n", to: STDOUT_FILENO)
    }

    private static func write(_ text: String, to descriptor: Int32) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { unistdWrite(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { return }
            bytes = bytes.dropFirst(count)
        }
    }
}

/// `write` of the system, whose name the type has too.
private func unistdWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
    write(descriptor, bytes, count)
}
