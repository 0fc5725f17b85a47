import ArgumentParser
import LynxCedar

/// `cedarc validate`: says whether policies can go wrong on requests that a schema foresees.
struct Validate: CedarcCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check policies against a schema.",
        discussion: """
            Prints the verdict to the standard output and what was found to the standard error. The exit status is 0 when the \
            policies are valid, 3 when they are not, and 1 when they or the schema cannot be read.

            The report of --sarif (SARIF 2.1.0) is for code scanning services and editors. It is written in addition, and also \
            for policies and schemas that do not parse.
            """)

    @OptionGroup(title: "Policies") var policies: PoliciesArguments

    @OptionGroup(title: "Schema") var schema: SchemaArguments

    @Option(help: ArgumentHelp("strict or permissive.", valueName: "mode"))
    var validationMode: Mode = .strict

    @Option(
        help: ArgumentHelp(
            "How many steps from entity to entity, starting at those of the request, policies may take. Default: any number.",
            valueName: "number"))
    var level: Int?

    @Flag(help: "Take warnings for errors.")
    var denyWarnings = false

    // A file of its own in place of an output format: messages for people and the report come of one run.
    @Option(help: ArgumentHelp("Where to write a SARIF report; - is the standard output.", valueName: "file"))
    var sarif: OutputFile?

    @OptionGroup var language: LanguageArguments

    @OptionGroup var reporting: ReportingArguments

    enum Mode: String, ExpressibleByArgument, CaseIterable {
        case strict, permissive

        var validatorMode: Validator.Mode {
            switch self {
            case .strict: .strict
            case .permissive: .permissive
            }
        }
    }

    func validate() throws {
        if let level, level < 0 { throw ValidationError("The value '\(level)' of '--level' is negative.") }
        try StandardInput.checkUsedOnce([policies.file, policies.linksFile, schema.file])
        try sarif?.checkIsNoInput([policies.file, policies.linksFile, schema.file])
    }

    func perform(_ console: inout Console) throws(Failure) -> ExitStatus {
        var failures = FailureCollector()
        let schema = failures.attempt { () throws(Failure) in try self.schema.load() }
        let policies = failures.attempt { () throws(Failure) in try self.policies.load() }
        guard let schema, let policies else {
            do throws(Failure) {
                try failures.finish()
            } catch {
                // Before the report, which may not be writable: what was found must be seen in any case.
                console.report(error.diagnostics)
                try sarif?.write(SARIFLog(error).text, as: "report", &console)
            }
            return .failure
        }

        let validator = Validator(
            schema, mode: validationMode.validatorMode, level: level, features: language.features)
        let report = validator.validate(policies)
        let isValid = report.passed && !(denyWarnings && !report.warnings.isEmpty)
        if sarif != .standardOutput {
            try console.print("policy set validation \(isValid ? "passed" : "failed")")
        }
        console.report(schema.warnings + (report.errors + report.warnings).map(\.diagnostic))
        try sarif?.write(SARIFLog(report, of: schema).text, as: "report", &console)
        return isValid ? .success : .validationFailure
    }
}
