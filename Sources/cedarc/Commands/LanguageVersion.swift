import ArgumentParser

/// `cedarc language-version`: prints which Cedar this is.
struct LanguageVersion: CedarcCommand {
    static let configuration = CommandConfiguration(
        commandName: "language-version",
        abstract: "Print the version of the Cedar language.")

    @OptionGroup var reporting: ReportingArguments

    func perform(_ console: inout Console) throws(Failure) -> ExitStatus {
        try console.print("Cedar language version: \(Version.language)")
        return .success
    }
}
