import ArgumentParser
import LynxCedar

/// `cedarc check-parse`: says whether what it is given parses.
struct CheckParse: CedarcCommand {
    static let configuration = CommandConfiguration(
        commandName: "check-parse",
        abstract: "Check that policies, an expression, a schema or entities parse.",
        discussion: """
            Prints nothing when they do. When nothing is given, policies are read from the standard input. With a schema, the \
            entities must be as it says; whether policies are is for `cedarc validate` to say.
            """)

    @OptionGroup(title: "Policies") var policies: PoliciesArguments

    @Option(help: ArgumentHelp("An expression.", valueName: "expression"))
    var expression: String?

    @OptionGroup(title: "Schema") var schema: OptionalSchemaArguments

    @Option(help: ArgumentHelp("Entities, a JSON array.", valueName: "file"))
    var entities: InputFile?

    @OptionGroup var reporting: ReportingArguments

    /// Whether the policies are to be read, from the standard input where no file is given.
    private var checksPolicies: Bool {
        policies.givenFile != nil || (expression == nil && schema.file == nil && entities == nil)
    }

    func validate() throws {
        guard checksPolicies || policies.linksFile == nil else {
            throw ValidationError("The option '--template-linked' needs '--policies'.")
        }
        try StandardInput.checkUsedOnce([
            checksPolicies ? policies.file : nil, policies.linksFile, schema.file, entities,
        ])
    }

    func perform(_ console: inout Console) throws(Failure) -> ExitStatus {
        var failures = FailureCollector()
        if checksPolicies {
            _ = failures.attempt { () throws(Failure) in try policies.load() }
        }
        if let expression {
            let source = SourceText(expression, name: "<expression>")
            _ = failures.attempt { () throws(Failure) in
                try Failure.onParseError { () throws(ParseError) in try Expression(cedar: source) }
            }
        }
        let schema = failures.attempt { () throws(Failure) in try self.schema.load() } ?? nil
        if let entities {
            _ = failures.attempt { () throws(Failure) in try DataFile.entities(entities, schema: schema) }
        }
        if let schema { console.report(schema.warnings) }
        try failures.finish()
        return .success
    }
}
