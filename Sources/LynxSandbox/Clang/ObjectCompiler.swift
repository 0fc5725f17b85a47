import LynxCedar

/// Turns generated C into an object for the kernel, by a clang that is on the machine.
public struct ObjectCompiler: Sendable {
    private let clang: String

    /// - Parameter clang: its path; `nil` takes the first of the usual names that can make BPF.
    /// - Throws: when there is none.
    public init(clang: String? = nil) throws(LoadingError) {
        if let clang {
            self.clang = clang
            return
        }
        for candidate in ["clang", "clang-21", "clang-20", "clang-19", "clang-18", "clang-17", "clang-16", "clang-15", "clang-14"]
        where ObjectCompiler.makesBPF(candidate) {
            self.clang = candidate
            return
        }
        throw LoadingError("no clang that can compile for the kernel was found", help: "install clang, or name one with --clang")
    }

    private static func makesBPF(_ clang: String) -> Bool {
        let null = open("/dev/null", O_RDWR | O_CLOEXEC)
        guard null >= 0 else { return false }
        defer { close(null) }
        let test = ["-target", "bpf", "-x", "c", "-c", "/dev/null", "-o", "/dev/null"]
        guard let process = try? ChildProcess.start([clang] + test, input: null, errors: null) else { return false }
        return process.wait() == .exited(0)
    }

    /// Compiles.
    ///
    /// - Throws: what clang said, which is a fault of the generator's and not of the policies.
    public func object(of program: SandboxProgram) throws(LoadingError) -> [UInt8] {
        let folders = [getenv("TMPDIR").map { String(cString: $0) } ?? "", "/tmp"]
        let pattern = (folders.first { !$0.isEmpty } ?? "/tmp") + "/lynxcedar.XXXXXX"
        var template = Array(pattern.utf8CString)
        guard mkdtemp(&template) != nil else { throw .system("make the folder `\(pattern)` for the compiler", errno) }
        let folder = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        // What is left of it is in the way of nobody.
        defer { try? SmallFile.removeTree(folder) }
        for (name, bytes) in TemplateFiles.all { try SmallFile.write(bytes, to: "\(folder)/\(name)", creating: true) }
        try SmallFile.write(Array(program.header.utf8), to: "\(folder)/decide.h", creating: true)

        let log = "\(folder)/log"
        let errors = open(log, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard errors >= 0 else { throw .system("write `\(log)`", errno) }
        defer { close(errors) }
        let output = "\(folder)/sandbox.bpf.o"
        let asksForExecutable = program.header.contains("executable")
        let process: ChildProcess
        do throws(ChildProcess.StartError) {
            process = try ChildProcess.start(
                [
                    clang, "-target", "bpf", "-mcpu=v3", "-O2",
                    // The kernel wants to know types and lines. Where the variables of inlined functions are would take a tenth of clang's time.
                    "-g", "-gno-inline-line-tables", "-Wall", "-Wno-unknown-warning-option", "-Wno-unused-function",
                    "-Wno-default-const-init-var-unsafe", "-D__TARGET_ARCH_\(ObjectCompiler.architecture)",
                    "-DSANDBOX_USES_EXECUTABLE=\(asksForExecutable ? 1 : 0)",
                    "-I\(folder)", "-I/usr/include/\(ObjectCompiler.triple)", "-c", "\(folder)/sandbox.bpf.c", "-o", output,
                ], errors: errors)
        } catch {
            throw .system("run `\(clang)`", error.code)
        }
        guard process.wait() == .exited(0) else {
            throw LoadingError(
                "`\(clang)` did not compile what was generated from the policies",
                help: "this is a fault of cedarc's, not of the policies, unless <bpf/bpf_helpers.h> is missing (install libbpf-dev); please report it with the text below",
                verifierLog: try SmallFile.readText(log))
        }
        return try SmallFile.read(output)
    }

    #if arch(arm64)
        private static let architecture = "arm64"
        private static let triple = "aarch64-linux-gnu"
    #else
        private static let architecture = "x86"
        private static let triple = "x86_64-linux-gnu"
    #endif
}
