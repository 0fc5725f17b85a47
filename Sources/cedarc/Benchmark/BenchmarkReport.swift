import LynxCedar

/// What `cedarc bench` found out.
struct BenchmarkReport {
    let policyCount: Int
    let entityCount: Int
    let requestCount: Int
    /// What the answers to the requests are, each counted once.
    let answers: Answers
    /// In nanoseconds: reading the file, parsing, and making the authorizer of it.
    let policiesLoad: Double
    /// In nanoseconds: reading the file, parsing, and making the store.
    let entitiesLoad: Double
    /// In nanoseconds: the first decision after loading.
    let firstDecision: Double
    let figures: DecisionBenchmark.Figures
    let costs: PolicyCosts
    let peakResidentBytes: Int

    struct Answers {
        let allow: Int
        let deny: Int
        /// Requests under which some policy could not be evaluated.
        let withErrors: Int
    }

    /// How many of the most expensive policies are named.
    private static let maximumCosts = 10
    private static let barWidth = 40
}

extension BenchmarkReport {
    /// For people.
    var lines: [String] {
        inputLines + [""] + decisionLines + [""]
            + ["how long decisions took, in batches of \(figures.batchSize), from the given number of nanoseconds on"]
            + LatencyHistogram(figures.latencies).lines(width: BenchmarkReport.barWidth) + [""] + costLines
    }

    private var inputLines: [String] {
        [
            line("policies", "\(Figure.grouped(policyCount)), ready in \(milliseconds(policiesLoad)) ms"),
            line("entities", "\(Figure.grouped(entityCount)), ready in \(milliseconds(entitiesLoad)) ms"),
            line("first decision", "\(Figure.grouped(firstDecision)) ns"),
            line(
                "requests",
                "\(Figure.grouped(requestCount)): \(answers.allow) allowed, \(answers.deny) denied, \(answers.withErrors) with errors"),
        ]
    }

    private var decisionLines: [String] {
        let rounds = figures.rounds.sorted()
        var lines = [
            line(
                "a decision",
                "\(Figure.grouped(figures.nanosecondsPerDecision)) ns (median of \(rounds.count) rounds, from \(Figure.grouped(rounds.first ?? 0)) to \(Figure.grouped(rounds.last ?? 0)))"),
            line("p50, p99", "\(Figure.grouped(p50)) ns, \(Figure.grouped(p99)) ns"),
            line(
                "a second",
                "\(Figure.grouped(figures.decisionsPerSecond)) decisions on \(figures.threads == 1 ? "one thread" : "\(figures.threads) threads")"),
        ]
        if let speedup = figures.speedup {
            lines.append(line("speed-up", "\(Figure.decimal(speedup, places: 2)) times one thread"))
        }
        if figures.requests < requestCount {
            lines.append(line("measured with", "a sample of \(Figure.grouped(figures.requests)) requests, to keep the time"))
        }
        lines.append(
            line(
                "allocations",
                figures.allocations.map { "\(Figure.decimal($0, places: 2)) a decision" } ?? "not measured (see --help)"))
        lines.append(line("peak memory", "\(Figure.decimal(Double(peakResidentBytes) / 1e6, places: 1)) MB"))
        return lines
    }

    private var costLines: [String] {
        guard policyCount > 0 else { return [] }
        let measured = costs.costs.count < policyCount ? " (\(costs.costs.count) of \(Figure.grouped(policyCount)) measured)" : ""
        return ["policies that cost most, each alone less the empty set\(measured)"]
            + costs.costs.prefix(BenchmarkReport.maximumCosts).map { cost in
                let satisfied = "satisfied by \(cost.satisfied) of \(costs.requestCount) requests"
                let errors = cost.errors == 0 ? "" : ", errors under \(cost.errors)"
                return "\(Figure.padded(Figure.grouped(cost.nanoseconds), to: 12)) ns  \(DisplayText.line(cost.policy.description)): \(satisfied)\(errors)"
            }
    }

    private func line(_ name: String, _ text: String) -> String {
        name + String(repeating: " ", count: max(1, 16 - name.count)) + text
    }

    private func milliseconds(_ nanoseconds: Double) -> String { Figure.decimal(nanoseconds / 1e6, places: 3) }

    private var p50: Double { figures.latencies.sortedQuantile(0.5) }
    private var p99: Double { figures.latencies.sortedQuantile(0.99) }
}

extension BenchmarkReport {
    /// For programs; times without a unit in their name are in nanoseconds.
    var json: JSONValue {
        [
            "nanosecondsPerDecision": number(figures.nanosecondsPerDecision),
            "p50": number(p50),
            "p99": number(p99),
            "decisionsPerSecond": number(figures.decisionsPerSecond),
            "policiesLoadMilliseconds": number(policiesLoad / 1e6),
            "entitiesLoadMilliseconds": number(entitiesLoad / 1e6),
            "peakResidentBytes": integer(peakResidentBytes),
            "allocationsPerDecision": figures.allocations.map(number) ?? nil,
            "firstDecisionNanoseconds": number(firstDecision),
            "threads": integer(figures.threads),
            "speedup": figures.speedup.map(number) ?? nil,
            "policies": integer(policyCount),
            "entities": integer(entityCount),
            "requests": integer(requestCount),
            "requestsMeasured": integer(figures.requests),
            "decisions": integer(figures.decisions),
            "allowed": integer(answers.allow),
            "denied": integer(answers.deny),
            "withErrors": integer(answers.withErrors),
            "rounds": JSONValue(.array(figures.rounds.map(number))),
            "batchSize": integer(figures.batchSize),
            "clockNanoseconds": number(figures.clockCost),
            "histogram": JSONValue(
                .array(
                    LatencyHistogram(figures.latencies).classes.map {
                        ["from": number($0.from), "to": number($0.to), "count": integer($0.count)]
                    })),
            "policiesMeasured": integer(costs.costs.count),
            "costliestPolicies": JSONValue(
                .array(
                    costs.costs.map {
                        [
                            "policy": JSONValue(.string($0.policy.text)), "nanoseconds": number($0.nanoseconds),
                            "satisfied": integer($0.satisfied), "errors": integer($0.errors),
                        ]
                    })),
        ]
    }

    private func number(_ value: Double) -> JSONValue { JSONValue(.number(Figure.decimal(value, places: 3))) }
    private func integer(_ value: Int) -> JSONValue { JSONValue(.integer(Int64(value))) }
}
