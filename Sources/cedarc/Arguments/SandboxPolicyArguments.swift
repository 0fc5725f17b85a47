import ArgumentParser
import LynxCedar
import LynxSandbox

/// Which policies a sandbox is to enforce, and for whom.
struct SandboxPolicyArguments: ParsableArguments {
    @Option(
        name: [.customShort("p"), .customLong("policy")],
        help: ArgumentHelp("The policies, against the schema of `cedarc sandbox schema`. May be repeated: several files are one set.", valueName: "file"))
    var files: [InputFile] = []

    @Option(help: ArgumentHelp("A folder of `cedarc compile`, in place of policies: no compiler is needed.", valueName: "folder"))
    var prepared: String?

    @Option(help: ArgumentHelp("The entities: in which groups workloads are.", valueName: "file"))
    var entities: InputFile?

    @Option(help: ArgumentHelp("The clang that compiles what is generated. Default: the first found that can make BPF.", valueName: "path"))
    var clang: String?

    func validate() throws {
        guard files.isEmpty != (prepared == nil) else {
            throw ValidationError("Give the policies by '--policy', or by '--prepared'.")
        }
        try StandardInput.checkUsedOnce(files + [entities])
    }

    func loadEntities() throws(Failure) -> Entities {
        try DataFile.entities(entities)
    }

    /// The compiled policies.
    func image(entities: Entities) throws(Failure) -> SandboxImage {
        if let prepared {
            return try Failure.onLoadingError { () throws(LoadingError) in try SandboxImage(folder: prepared) }
        }
        return try SandboxPolicyArguments.compile(try PolicyFile.readCedar(files), entities: entities, clang: clang)
    }

    /// Warns where policies speak of groups and nobody has said who is in them.
    func warn(of image: SandboxImage, _ console: inout Console) {
        guard entities == nil, !image.groups.isEmpty else { return }
        let groups = image.groups.map(\.description).joined(separator: ", ")
        console.report([Diagnostic("no entities are given, so the workload is in none of the groups that policies name: \(groups)", severity: .warning)])
    }

    static func compile(_ policies: PolicySet, entities: Entities, clang: String?) throws(Failure) -> SandboxImage {
        let program: SandboxProgram
        do throws(SandboxError) {
            program = try SandboxProgram(policies, entities: entities)
        } catch {
            throw Failure(error.diagnostics)
        }
        return try Failure.onLoadingError { () throws(LoadingError) in
            SandboxImage(program, object: try ObjectCompiler(clang: clang).object(of: program))
        }
    }
}

extension Failure {
    /// Runs what may fail in the kernel.
    static func onLoadingError<Result>(_ body: () throws(LoadingError) -> Result) throws(Failure) -> Result {
        do throws(LoadingError) {
            return try body()
        } catch {
            throw Failure(error)
        }
    }
}
