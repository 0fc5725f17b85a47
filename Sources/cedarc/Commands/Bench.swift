import ArgumentParser
import LynxCedar

/// `cedarc bench`: measures how long decisions take.
struct Bench: CedarcCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measure how long decisions take.",
        discussion: """
            Loads policies and entities, then decides the requests over and over on warm caches for about the time that is given. All \
            times are of the wall clock.

            a decision   the median of rounds; a round is whole passes over the requests, timed as a whole
            p50, p99     of small batches of decisions, timed one by one: a look at the clock costs about as much as a decision, so \
            a batch is as large as it takes for the clock to be a twentieth of it, and that twentieth is taken off. With batches of \
            more than one, single slow decisions are evened out within theirs
            a second     of all threads together
            policies     the time to read, parse and prepare them; entities likewise
            cost most    each policy alone, less what the empty set takes; of hundreds of policies, those that have something to say \
            about the requests and an even sample of the others

            Where all requests would take too long, an even sample of them is decided. Allocations are counted where the program runs \
            under a counter (Benchmarks/allocations.c, preloaded); otherwise nobody knows them, and the report says so.

            With a schema, entities and requests are read and checked as it says.
            """)

    @OptionGroup(title: "Policies") var policies: PoliciesArguments

    @Option(help: ArgumentHelp("The entities, a JSON array. Default: none.", valueName: "file"))
    var entities: InputFile?

    @Option(
        help: ArgumentHelp(
            "The requests: JSON lines, or a JSON array, of objects with principal, action, resource and context.",
            valueName: "file"))
    var requests: InputFile

    @OptionGroup(title: "Schema") var schema: OptionalSchemaArguments

    @Option(help: ArgumentHelp("How many threads decide at once.", valueName: "number"))
    var threads = 1

    @Option(help: ArgumentHelp("About how long to measure, loading aside.", valueName: "number"))
    var seconds = 2.0

    @Option(help: ArgumentHelp("text or json.", valueName: "format"))
    var format: FigureFormat = .text

    @OptionGroup var language: LanguageArguments

    @OptionGroup var reporting: ReportingArguments

    private static let maximumThreads = 256
    private static let maximumSeconds = 3600.0

    func validate() throws {
        guard (1...Bench.maximumThreads).contains(threads) else {
            throw ValidationError("The value '\(threads)' of '--threads' is not between 1 and \(Bench.maximumThreads).")
        }
        guard seconds > 0, seconds <= Bench.maximumSeconds else {
            throw ValidationError("The value '\(seconds)' of '--seconds' is not above 0 and at most \(Int(Bench.maximumSeconds)).")
        }
        try StandardInput.checkUsedOnce([policies.file, policies.linksFile, entities, requests, schema.file])
    }

    func perform(_ console: inout Console) throws(Failure) -> ExitStatus {
        var failures = FailureCollector()
        let schema = failures.attempt { () throws(Failure) in try self.schema.load() } ?? nil
        let entities = failures.attempt { () throws(Failure) in
            try Timed { () throws(Failure) in try DataFile.entities(self.entities, schema: schema) }
        }
        let policies = failures.attempt { () throws(Failure) in
            try Timed { () throws(Failure) in try self.policies.load() }
        }
        let requests = failures.attempt { () throws(Failure) in try RequestsFile.read(self.requests, schema: schema) }
        try failures.finish()
        guard let entities, let policies, let requests else { return .failure }
        guard let first = requests.first else { throw Failure("there are no requests to decide") }

        let authorizer = Timed {
            Authorizer(
                policies: policies.result, entities: entities.result, schema: schema, features: language.features)
        }
        let firstResponse = Timed { authorizer.result.isAuthorized(first) }
        let workload = Workload(authorizer: authorizer.result, requests: requests)
        let figures = try DecisionBenchmark(workload: workload, threads: threads, budget: seconds * 0.8e9).run()
        // Before the other authorizers that the rest of the report is made with.
        let peakResidentBytes = ProcessMemory.peakResidentBytes
        let costs = PolicyCosts(
            of: policies.result, by: workload, estimate: figures.nanosecondsPerDecision, budget: seconds * 0.2e9)
        let report = BenchmarkReport(
            policyCount: policies.result.policies.count, entityCount: entities.result.count, requestCount: requests.count,
            answers: BenchmarkReport.Answers(to: workload.sampled(to: figures.requests)), policiesLoad: policies.nanoseconds + authorizer.nanoseconds,
            entitiesLoad: entities.nanoseconds, firstDecision: firstResponse.nanoseconds, figures: figures, costs: costs,
            peakResidentBytes: peakResidentBytes)
        switch format {
        case .text:
            for line in report.lines { try console.print(line) }
        case .json:
            try console.print(report.json.description)
        }
        return .success
    }
}

/// The result of something with the time that it took.
private struct Timed<Result> {
    let result: Result
    let nanoseconds: Double

    init<Fault: Error>(_ body: () throws(Fault) -> Result) throws(Fault) {
        let start = MonotonicClock.now
        result = try body()
        nanoseconds = MonotonicClock.since(start)
    }
}

extension BenchmarkReport.Answers {
    fileprivate init(to workload: Workload) {
        let responses = workload.requests.map { workload.authorizer.isAuthorized($0) }
        let allow = responses.count { $0.decision == .allow }
        self.init(allow: allow, deny: responses.count - allow, withErrors: responses.count { !$0.errors.isEmpty })
    }
}
