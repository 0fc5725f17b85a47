import ArgumentParser
import LynxCedar

/// `cedarc fuzz`: tries policies out on random requests and entities.
struct Fuzz: CedarcCommand {
    static let configuration = CommandConfiguration(
        abstract: "Try policies out on random requests and entities.",
        discussion: """
            Makes entities and requests that are as the schema says, with values that the policies mention or that are next to them, and \
            tells

            - the policies that no case satisfied,
            - the errors that a policy can run into, each with a case,
            - with --against, the cases that the two sets of policies decide differently,
            - which operands of && and ||, which conditions and which tests of if were never true, or never false.

            Cases are made as small as they get while they show the same; their request and entities can be given to authorize. The \
            same seed gives the same report. What is not found may still be there: this is no proof.

            The exit status is 1 when the two sets differ, otherwise 0.
            """)

    @OptionGroup(title: "Policies") var policies: PoliciesArguments

    @OptionGroup(title: "Schema") var schema: SchemaArguments

    @Option(help: ArgumentHelp("Policies to compare with, in the format of the others.", valueName: "file"))
    var against: InputFile?

    @Option(help: ArgumentHelp("How many cases to try.", valueName: "number"))
    var runs = 10_000

    @Option(help: ArgumentHelp("Where random numbers start. Default: any; the report names it.", valueName: "number"))
    var seed: UInt64?

    @Option(help: ArgumentHelp("text or json.", valueName: "format"))
    var format: FigureFormat = .text

    @OptionGroup var language: LanguageArguments

    @OptionGroup var reporting: ReportingArguments

    private static let maximumRuns = 1_000_000_000

    func validate() throws {
        guard (1...Fuzz.maximumRuns).contains(runs) else {
            throw ValidationError("The value '\(runs)' of '--runs' is not between 1 and \(Fuzz.maximumRuns).")
        }
        try StandardInput.checkUsedOnce([policies.file, policies.linksFile, against, schema.file])
    }

    func perform(_ console: inout Console) throws(Failure) -> ExitStatus {
        var failures = FailureCollector()
        let schema = failures.attempt { () throws(Failure) in try self.schema.load() }
        let policies = failures.attempt { () throws(Failure) in try self.policies.load() }
        let others = failures.attempt { () throws(Failure) in
            try against.map { file throws(Failure) in try self.policies.read(file) }
        }
        try failures.finish()
        guard let schema, let policies, let others else { return .failure }

        var run = try FuzzRun(policies, against: others, schema: schema, features: language.features)
        // Small, so that it is easily typed again.
        let seed = self.seed ?? UInt64.random(in: 1...999_999)
        var random = SeededRandom(seed: seed)
        var progress = ProgressBar(total: runs)
        for number in 0..<runs {
            run.tryCase(&random)
            progress.show(number + 1, note: Fuzz.note(run))
        }
        progress.finish()
        let report = FuzzReport(run: run, cases: runs, seed: seed)
        switch format {
        case .text:
            for line in report.lines { try console.print(line) }
        case .json:
            try console.print(report.json.description)
        }
        return run.differences.isEmpty ? .success : .failure
    }

    private static func note(_ run: FuzzRun) -> String {
        let errors = run.faults.isEmpty ? "" : ", \(run.faults.count) errors"
        return run.differenceCount == 0 ? errors : "\(errors), \(run.differenceCount) differences"
    }
}
