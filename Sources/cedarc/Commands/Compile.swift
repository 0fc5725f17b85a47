import ArgumentParser
import LynxCedar
import LynxSandbox

/// `cedarc compile`: turns sandbox policies into what the kernel enforces.
struct Compile: CedarcCommand {
    static let configuration = CommandConfiguration(
        abstract: "Compile sandbox policies for the kernel.",
        discussion: """
            The policies are Cedar against the schema that `cedarc sandbox schema` prints. Without --emit all is written to the folder: \
            decide.h (the generated C), the object, the tables that belong to it, and the plan as text and as JSON; the plan is printed too, \
            with the size of each program and, where this kernel loads it, how many instructions its verifier went through. \
            With --emit the one thing that is asked for goes to the folder, or without one to the standard output.

            The exit status is 3 when the policies are not valid, and 1 when they cannot be enforced exactly; nothing is written then.
            """)

    @Argument(help: ArgumentHelp("The policies; several files are one set.", valueName: "file"))
    var files: [InputFile]

    @Option(name: .shortAndLong, help: ArgumentHelp("The folder to write to. Default: the working folder.", valueName: "folder"))
    var output: String?

    @Option(help: ArgumentHelp("c, object, plan, json (the plan for programs) or seccomp (a profile of the OCI runtime specification).", valueName: "part"))
    var emit: Part?

    @Option(help: ArgumentHelp("Entities that literals in conditions refer to, in JSON.", valueName: "file"))
    var entities: InputFile?

    @Option(help: ArgumentHelp("The oldest kernel that is to run the programs.", valueName: "version"))
    var targetKernel: KernelVersion = .oldest

    @Option(help: ArgumentHelp("The clang that compiles the C. Default: the first in the path that knows BPF.", valueName: "path"))
    var clang: String?

    @OptionGroup var reporting: ReportingArguments

    enum Part: String, ExpressibleByArgument, CaseIterable {
        case c, object, plan, json, seccomp
    }

    func validate() throws {
        guard targetKernel >= .oldest else {
            throw ValidationError("The kernel \(targetKernel) is too old: the programs need \(KernelVersion.oldest) or later.")
        }
        try StandardInput.checkUsedOnce(files + [entities])
    }

    func perform(_ console: inout Console) throws(Failure) -> ExitStatus {
        var failures = FailureCollector()
        let policies = failures.attempt { () throws(Failure) in try PolicyFile.readCedar(files) }
        let entities = failures.attempt { () throws(Failure) in try DataFile.entities(self.entities) }
        try failures.finish()
        guard let policies, let entities else { return .failure }

        let program: SandboxProgram
        do throws(SandboxError) {
            program = try SandboxProgram(policies, entities: entities, kernel: targetKernel)
        } catch {
            console.report(error.diagnostics)
            return error.isValidation ? .validationFailure : .failure
        }
        console.report(program.plan.warnings)
        let tooEarly = program.plan.tooEarly
        guard tooEarly.isEmpty else {
            console.report(
                tooEarly.map { operation, since in
                    Diagnostic(
                        "Linux \(targetKernel) cannot prevent `\(operation)`, which the policies speak of: it has the hook since \(since)",
                        help: "give --target-kernel \(since), or take the operation out of the policies")
                })
            return .failure
        }
        if targetKernel > .newestTried {
            console.report([
                Diagnostic(
                    "the programs were tried on kernels up to Linux \(KernelVersion.newestTried)", severity: .warning,
                    help: "`cedarc sandbox doctor` tries the kernel that it runs on")
            ])
        }
        switch emit {
        case .c: try deliver(Array(program.header.utf8), "decide.h", &console)
        case .object: try deliver(try object(of: program), "sandbox.bpf.o", &console)
        case .plan: try deliver(Array(program.plan.text.utf8), "plan.txt", &console)
        case .json: try deliver(Array((program.plan.json.formatted() + "\n").utf8), "plan.json", &console)
        case .seccomp: try deliver(Array((program.seccompProfile.formatted() + "\n").utf8), "seccomp.json", &console)
        case nil:
            try write(program, object: try object(of: program), &console)
        }
        return .success
    }

    private func object(of program: SandboxProgram) throws(Failure) -> [UInt8] {
        do throws(LoadingError) {
            return try ObjectCompiler(clang: clang).object(of: program)
        } catch {
            throw Failure(error)
        }
    }

    /// Writes all that there is, and prints the plan.
    private func write(_ program: SandboxProgram, object: [UInt8], _ console: inout Console) throws(Failure) {
        let folder = output ?? "."
        try OutputFolder.make(folder)
        let image = SandboxImage(program, object: object)
        let measure = try Failure.onLoadingError { () throws(LoadingError) in try ObjectMeasure(image) }
        let text = program.plan.text + measure.text
        var members: [JSONValue.Member] = []
        if case .object(let plan) = program.plan.json.kind { members = plan }
        members.append(JSONValue.Member("object", measure.json))
        for (name, bytes) in [
            ("decide.h", Array(program.header.utf8)),
            ("plan.txt", Array(text.utf8)),
            ("plan.json", Array((JSONValue(.object(members)).formatted() + "\n").utf8)),
        ] {
            try OutputFile.replace("\(folder)/\(name)", with: bytes, as: "output")
        }
        try Failure.onLoadingError { () throws(LoadingError) in try image.write(to: folder) }
        try console.write(Array(text.utf8))
    }

    /// Writes one thing to the folder, or prints it where there is none.
    private func deliver(_ bytes: [UInt8], _ name: String, _ console: inout Console) throws(Failure) {
        guard let output else { return try console.write(bytes) }
        try OutputFolder.make(output)
        try OutputFile.replace("\(output)/\(name)", with: bytes, as: "output")
    }
}

extension KernelVersion: ExpressibleByArgument {
    public init?(argument: String) {
        self.init(argument)
    }
}
