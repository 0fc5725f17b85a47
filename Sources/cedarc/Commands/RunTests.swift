import ArgumentParser
import LynxCedar

/// `cedarc run-tests`: decides requests of which the answers are written down, and says where the policies answer otherwise.
struct RunTests: CedarcCommand {
    static let configuration = CommandConfiguration(
        commandName: "run-tests",
        abstract: "Check that policies answer requests as written down.",
        discussion: """
            The tests are a JSON array of objects:

            name        what to call the test; can be left out
            request     principal, action, resource and context, as --request-json has them
            entities    an array, as --entities has them
            decision    "allow" or "deny"
            reason      ids of policies that must be among those that decide
            num_errors  how many policies cannot be evaluated

            Prints a line for each, and how many passed; with --error-format json, an object a line. The exit status is 0 when \
            all passed. With a schema, a test fails when its request, its entities or the policies are not as it says; warnings count.
            """)

    @OptionGroup(title: "Policies") var policies: PoliciesArguments

    @Option(help: ArgumentHelp("The tests, a JSON array.", valueName: "file"))
    var tests: InputFile

    @OptionGroup(title: "Schema") var schema: OptionalSchemaArguments

    @Flag(name: .shortAndLong, help: "Print to the standard error how long deciding took.")
    var timing = false

    @OptionGroup var language: LanguageArguments

    @OptionGroup var reporting: ReportingArguments

    func validate() throws {
        try StandardInput.checkUsedOnce([policies.file, policies.linksFile, tests, schema.file])
    }

    func perform(_ console: inout Console) throws(Failure) -> ExitStatus {
        var failures = FailureCollector()
        let policies = failures.attempt { () throws(Failure) in try self.policies.load() }
        let schema = failures.attempt { () throws(Failure) in try self.schema.load() } ?? nil
        let tests = failures.attempt { () throws(Failure) in try TestsFile(self.tests) }
        try failures.finish()
        guard let policies, let tests else { return .failure }

        let fault = schema.flatMap { validate(policies, $0, &console) }
        let form: TestReport = if case .json = console.renderer.form { .json } else { .text }
        var time = Swift.Duration.zero
        var passed = 0
        if let line = form.start(count: tests.elements.count) { try console.print(line) }
        for test in tests.elements {
            let (result, diagnostics) =
                if let fault { (TestResult.error([fault]), [Diagnostic]()) } else {
                    run(test, in: tests, policies, schema, &time)
                }
            if case .passed = result { passed += 1 }
            try console.print(form.line(for: test, in: tests, result))
            console.report(diagnostics)
        }
        try console.print(form.end(passed: passed, failed: tests.elements.count - passed))
        if timing { console.remark(Timing.line(time, requests: tests.elements.count)) }
        return passed == tests.elements.count ? .success : .failure
    }

    /// Reports what of the policies is not as the schema says.
    ///
    /// - Returns: what to say at each test then.
    private func validate(_ policies: PolicySet, _ schema: Schema, _ console: inout Console) -> String? {
        let report = Validator(schema, features: language.features).validate(policies)
        let findings = report.errors + report.warnings
        guard !findings.isEmpty else { return nil }
        console.report(findings.map(\.diagnostic))
        return "policy set validation failed"
    }

    private func run(
        _ test: JSONValue, in tests: TestsFile, _ policies: PolicySet, _ schema: Schema?,
        _ time: inout Swift.Duration
    ) -> (TestResult, [Diagnostic]) {
        do throws(ParseError) {
            let test = try TestCase(json: test, source: tests.source, schema: schema)
            let authorizer = Authorizer(policies: policies, entities: test.entities, features: language.features)
            let clock = ContinuousClock()
            let start = clock.now
            let response = authorizer.isAuthorized(test.request)
            time += clock.now - start
            let result = test.compare(response)
            let isExpected = response.errors.count == test.errorCount
            return (result, isExpected ? [] : response.errors.map(\.diagnostic))
        } catch {
            return (.error(error.diagnostics.map(\.message)), error.diagnostics)
        }
    }
}
