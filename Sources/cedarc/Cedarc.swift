import ArgumentParser

/// The root of the command tree.
struct Cedarc: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cedarc",
        abstract: "Decides, validates, tests, formats and translates Cedar policies.",
        discussion: """
            Exit status: 0 success or allow, 1 failure, 2 deny, 3 validation failure, 4 unknown, 64 wrong usage.
            Wherever a FILE is taken, - stands for the standard input.
            """,
        version: "cedarc \(Version.cedarc)",
        subcommands: [
            Authorize.self,
            PartiallyAuthorize.self,
            Evaluate.self,
            Validate.self,
            CheckParse.self,
            RunTests.self,
            Bench.self,
            Fuzz.self,
            TranslatePolicy.self,
            Format.self,
            TranslateSchema.self,
            Link.self,
            Visualize.self,
            Compile.self,
            SandboxCommand.self,
            New.self,
            LanguageServerCommand.self,
            LanguageVersion.self,
        ]
    )

    // Declared here too, so that it may stand before the command's name.
    @OptionGroup var reporting: ReportingArguments

    func run() throws {
        throw ValidationError("Say which command to run.")
    }
}
