import LynxSandbox

/// The programs that decide on the events of a case: the generated code compiled for this machine, under sanitizers, and for its kernel.
public struct CasePrograms {
    private let folder: CaseFolder
    private let clang: String
    private let sources: String
    private let templates: String
    /// Why the kernel is not asked; `nil` where it can be.
    public let reasonWithoutKernel: String?

    /// - Returns: `nil` where there is no clang that knows BPF.
    public init?(_ folder: CaseFolder, clang: String = "clang") throws {
        self.folder = folder
        self.clang = clang
        // Tests/SandboxCases/CasePrograms.swift
        let here = #filePath.split(separator: "/").dropLast().joined(separator: "/")
        sources = "/\(here)/Programs"
        templates = "/\(here)/../../bpf-templates"
        guard (try? folder.run([clang, "-target", "bpf", "-x", "c", "-c", "/dev/null", "-o", "/dev/null"])) == 0 else { return nil }

        try folder.write("decide.h", Array(SandboxCase.emptyHeader.utf8))
        try folder.write("tables", PolicyTable.file(of: []))
        try folder.write("events", [0, 0, 0, 0])
        guard try folder.run([clang, "-O1", "-I\(templates)", "\(sources)/kernel.c", "-lbpf", "-o", "\(folder.path)/kernel"]) == 0 else {
            reasonWithoutKernel = "libbpf is not there to link with"
            return
        }
        try CasePrograms.compileObject(folder, clang, sources, templates, eventCount: 1)
        switch try folder.run(CasePrograms.kernelCommand(folder)) {
        case 0: reasonWithoutKernel = nil
        case 77: reasonWithoutKernel = "bpf() is not permitted here"
        default: throw CaseError("the kernel refuses a program without policies:\n\(folder.log)")
        }
    }

    private static func kernelCommand(_ folder: CaseFolder) -> [String] {
        ["kernel", "run.o", "tables", "events", "verdicts"].map { "\(folder.path)/\($0)" }
    }

    /// A policy may ask for what contradicts itself, and then so does its code.
    private static let contradictions = "-Wno-tautological-overlap-compare"

    private static func compileObject(_ folder: CaseFolder, _ clang: String, _ sources: String, _ templates: String, eventCount: Int) throws {
        let status = try folder.run([
            clang, "-target", "bpf", "-mcpu=v3", "-O2", "-g", "-Wall", "-Wextra", "-Werror", "-Wno-unused-parameter", "-Wno-unused-function",
            CasePrograms.contradictions, "-DEVENT_COUNT=\(eventCount)", "-I\(templates)", "-I\(folder.path)", "-c", "\(sources)/run.bpf.c", "-o", "\(folder.path)/run.o",
        ])
        guard status == 0 else { throw CaseError("clang does not compile what was generated:\n\(folder.log)") }
    }

    private func prepare(_ program: SandboxProgram, _ wire: [UInt8]) throws {
        try folder.write("decide.h", Array(program.header.utf8))
        try folder.write("tables", PolicyTable.file(of: program.tables))
        try folder.write("events", wire)
    }

    /// The verdicts of the code as compiled for this machine. A sanitizer that finds something is an error.
    public func nativeVerdicts(_ program: SandboxProgram, events wire: [UInt8]) throws -> [UInt64] {
        try prepare(program, wire)
        let status = try folder.run(
            [
                clang, "-O1", "-g", "-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-Wall", "-Werror", "-Wno-unused-function",
                CasePrograms.contradictions, "-DTABLES=\(program.tables.map { "X(\($0.name))" }.joined(separator: " "))", "-I\(templates)", "-I\(folder.path)",
                "\(sources)/native.c", "-o", "\(folder.path)/native",
            ])
        guard status == 0 else { throw CaseError("clang does not compile what was generated:\n\(folder.log)") }
        guard try folder.run(["native", "tables", "events", "verdicts"].map { "\(folder.path)/\($0)" }) == 0 else {
            throw CaseError("the generated code fails:\n\(folder.log)")
        }
        return try verdicts()
    }

    /// The verdicts of the code as the kernel verified and compiled it.
    public func kernelVerdicts(_ program: SandboxProgram, events wire: [UInt8]) throws -> [UInt64] {
        try prepare(program, wire)
        try CasePrograms.compileObject(folder, clang, sources, templates, eventCount: 1024)
        guard try folder.run(CasePrograms.kernelCommand(folder)) == 0 else { throw CaseError("the kernel refuses the program:\n\(folder.log)") }
        return try verdicts()
    }

    private func verdicts() throws -> [UInt64] {
        let bytes = try folder.read("verdicts")
        return stride(from: 0, to: bytes.count, by: 8).map { start in
            bytes[start..<(start + 8)].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        }
    }
}

extension SandboxCase {
    /// A program that denies everything.
    static let emptyHeader = """
        static __noinline __u64 decide(const struct event *event)
        {
        	return event->operation ? VERDICT(0, REASON_DEFAULT, 0) : 0;
        }

        """
}
