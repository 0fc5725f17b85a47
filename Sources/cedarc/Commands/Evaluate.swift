import ArgumentParser
import LynxCedar

/// `cedarc evaluate`: prints the value of an expression.
struct Evaluate: CedarcCommand {
    static let configuration = CommandConfiguration(
        abstract: "Evaluate an expression and print its value.",
        discussion: "Write -- before an expression that starts with a minus sign.")

    @Argument(help: "The expression.")
    var expression: String

    @OptionGroup(title: "Request") var request: RequestArguments

    @OptionGroup(title: "Schema") var schema: OptionalSchemaArguments

    @Option(help: ArgumentHelp("The entities, a JSON array. Default: none.", valueName: "file"))
    var entities: InputFile?

    @Flag(name: .shortAndLong, help: "Print to the standard error how long evaluating took.")
    var timing = false

    @OptionGroup var language: LanguageArguments

    @OptionGroup var reporting: ReportingArguments

    func validate() throws {
        try StandardInput.checkUsedOnce([request.contextFile, request.requestFile, schema.file, entities])
    }

    func perform(_ console: inout Console) throws(Failure) -> ExitStatus {
        let source = SourceText(self.expression, name: "<expression>")
        var failures = FailureCollector()
        let expression = failures.attempt { () throws(Failure) in
            try Failure.onParseError { () throws(ParseError) in try Expression(cedar: source) }
        }
        let schema = failures.attempt { () throws(Failure) in try self.schema.load() } ?? nil
        let entities = failures.attempt { () throws(Failure) in try DataFile.entities(self.entities, schema: schema) }
        let request = failures.attempt { () throws(Failure) in try self.request.load(schema: schema) }
        try failures.finish()
        guard let expression, let entities, let request else { return .failure }

        // Without a request all of it is unknown, and only an expression that does not ask for it has a value.
        let evaluator = PartialEvaluator(
            request: request.map { PartialRequest($0) } ?? PartialRequest(), entities: entities,
            features: language.features)
        let clock = ContinuousClock()
        let start = clock.now
        let value = try Evaluate.onEvaluationError(in: source) { () throws(EvaluationError) in
            try evaluator.evaluate(expression)
        }
        if timing { console.remark(Timing.line(clock.now - start, of: "Evaluation")) }
        switch value {
        case .value(let value):
            try console.print(value.description)
            return .success
        case .residual(let rest):
            throw Failure([
                Diagnostic(
                    "the value depends on the request, and none is given",
                    span: rest.firstVariable?.span ?? expression.span,
                    help: "give '--principal', '--action' and '--resource', or '--request-json'", source: source)
            ])
        }
    }

    private static func onEvaluationError<Result>(
        in source: SourceText, _ body: () throws(EvaluationError) -> Result
    ) throws(Failure) -> Result {
        do throws(EvaluationError) {
            return try body()
        } catch {
            throw Failure([
                Diagnostic("error while evaluating: \(error)", span: error.span, help: error.help, source: source)
            ])
        }
    }
}

extension Expression {
    /// The first variable in the order of the text.
    fileprivate var firstVariable: Expression? {
        // A list of what is left to look at in place of recursion: the tree may be deep.
        var rest = [self]
        while let next = rest.popLast() {
            if case .variable = next.kind { return next }
            rest += next.children.reversed()
        }
        return nil
    }
}
