import LynxCedar

/// What `cedarc fuzz` found out.
struct FuzzReport {
    let run: FuzzRun
    let cases: Int
    let seed: UInt64

    private var policies: [PolicyUnderTest] { run.policies }
    private var neverSatisfied: [PolicyUnderTest] { policies.filter { $0.satisfied == 0 } }
    /// Every branch can go two ways.
    private var ways: (seen: Int, total: Int) {
        let branches = policies.flatMap(\.branches.branches)
        return (branches.reduce(0) { $0 + ($1.isSeenTrue ? 1 : 0) + ($1.isSeenFalse ? 1 : 0) }, 2 * branches.count)
    }

    /// A branch that was not seen to go one of its ways.
    private struct Unseen {
        let policy: Policy
        let expression: Expression
        /// The way that was not seen; `nil` for both.
        let way: Bool?
    }

    private var unseen: [Unseen] {
        policies.flatMap { entry in
            entry.branches.branches.compactMap { branch in
                guard !branch.isSeenTrue || !branch.isSeenFalse else { return nil }
                let way = branch.isSeenTrue ? false : branch.isSeenFalse ? true : Optional<Bool>.none
                return Unseen(policy: entry.policy, expression: branch.expression, way: way)
            }
        }
    }

    /// Why a policy was not satisfied, as far as can be told.
    private static func reason(_ policy: PolicyUnderTest) -> String {
        if policy.environments.isEmpty { return "the schema foresees no request that its scope matches" }
        if policy.matched == 0 { return "its scope matched none" }
        if policy.failed == policy.matched { return "its scope matched \(policy.matched), and it failed under each" }
        return "its scope matched \(policy.matched), but its conditions held for none"
    }
}

extension FuzzReport {
    private static let maximumUnseen = 50

    /// For people.
    var lines: [String] {
        var lines = ["\(Figure.grouped(cases)) cases, --seed \(seed)"]
        for (number, difference) in run.differences.enumerated() {
            lines += [""] + self.lines(for: difference, number: number + 1)
        }
        if run.others != nil {
            lines += ["", "differences: \(run.differenceCount == 0 ? "none" : "\(Figure.grouped(run.differenceCount)) cases")"]
        }
        for fault in run.faults { lines += [""] + self.lines(for: fault) }
        if !neverSatisfied.isEmpty {
            lines += ["", "policies that were satisfied by no case:"]
            lines += neverSatisfied.map { "  \(DisplayText.line($0.policy.id.description)): \(FuzzReport.reason($0))" }
        }
        let unseen = unseen.filter { entry in !neverSatisfied.contains { $0.policy.id == entry.policy.id && $0.matched == 0 } }
        if !unseen.isEmpty {
            lines += ["", "parts of conditions that went only one way, or were not reached:"]
            lines += unseen.prefix(FuzzReport.maximumUnseen).map { entry in
                let way = entry.way.map { "never \($0)" } ?? "never evaluated"
                return "  \(place(entry.expression.span, in: entry.policy)): \(way): \(FuzzReport.excerpt(entry.expression))"
            }
            if unseen.count > FuzzReport.maximumUnseen { lines.append("  and \(unseen.count - FuzzReport.maximumUnseen) more") }
        }
        return lines + ["", "coverage: \(coverage)"]
    }

    private var coverage: String {
        let (seen, total) = ways
        return "\(policies.count - neverSatisfied.count) of \(policies.count) policies satisfied, "
            + "\(seen) of \(total) ways through conditions taken"
    }

    private func lines(for difference: FuzzRun.Difference, number: Int) -> [String] {
        let here = FuzzReport.words(difference.answer)
        let there = FuzzReport.words(difference.other)
        return ["difference \(number), \(Figure.grouped(difference.count)) cases: \(here); the other set: \(there)"]
            + lines(for: difference.witness)
    }

    private func lines(for fault: FuzzRun.Fault) -> [String] {
        let place = place(fault.error.span, in: fault.policy)
        return ["error, \(Figure.grouped(fault.count)) cases: \(place): \(DisplayText.line("policy \(fault.policy.id): \(fault.error)"))"]
            + lines(for: fault.witness)
    }

    private func lines(for fuzzCase: FuzzCase) -> [String] {
        fuzzCase.json.map { "  \($0.name): \($0.value)" }
    }

    private static func words(_ answer: FuzzRun.Answer) -> String {
        let reasons = answer.reasons.map { DisplayText.line($0.description) }
        return reasons.isEmpty ? "\(answer.decision)" : "\(answer.decision) by \(reasons.joined(separator: ", "))"
    }

    /// `FILE:LINE:COLUMN`, or the policy's id where it has no place.
    private func place(_ span: SourceSpan?, in policy: Policy) -> String {
        guard let source = policy.source, let span = span ?? policy.span else { return DisplayText.line(policy.id.description) }
        let position = source.position(of: span.lowerBound)
        return DisplayText.line("\(source.name):\(position.line):\(position.column)")
    }

    /// The expression on one line, without its end where it is long.
    private static func excerpt(_ expression: Expression) -> String {
        let text = DisplayText.line("\(expression)".split(whereSeparator: \.isWhitespace).joined(separator: " "))
        return text.count > 80 ? text.prefix(79) + "…" : text
    }
}

extension FuzzReport {
    /// For programs.
    var json: JSONValue {
        let (seen, total) = ways
        let unseen = unseen.map { entry -> JSONValue in
            object(
                place(of: entry.expression.span, in: entry.policy)
                    + [
                        .init("never", JSONValue(.string(CedarString(entry.way.map { "\($0)" } ?? "evaluated")))),
                        .init("expression", text(FuzzReport.excerpt(entry.expression))),
                    ])
        }
        return object(
            [
                .init("cases", integer(cases)),
                .init("seed", JSONValue(.number("\(seed)"))),
                .init("differenceCount", run.others == nil ? nil : integer(run.differenceCount)),
                .init("differences", JSONValue(.array(run.differences.map(json)))),
                .init("errors", JSONValue(.array(run.faults.map(json)))),
                .init(
                    "neverSatisfied",
                    JSONValue(
                        .array(
                            neverSatisfied.map {
                                ["policy": JSONValue(.string($0.policy.id.text)), "reason": text(FuzzReport.reason($0))]
                            }))),
                .init(
                    "coverage",
                    [
                        "policies": integer(policies.count - neverSatisfied.count), "policiesTotal": integer(policies.count),
                        "ways": integer(seen), "waysTotal": integer(total), "unseen": JSONValue(.array(unseen)),
                    ]),
            ])
    }

    private func json(_ difference: FuzzRun.Difference) -> JSONValue {
        object(
            [
                .init("count", integer(difference.count)), .init("answer", json(difference.answer)),
                .init("other", json(difference.other)),
            ] + difference.witness.json)
    }

    private func json(_ answer: FuzzRun.Answer) -> JSONValue {
        [
            "decision": text("\(answer.decision)"),
            "reasons": JSONValue(.array(answer.reasons.map { JSONValue(.string($0.text)) })),
        ]
    }

    private func json(_ fault: FuzzRun.Fault) -> JSONValue {
        object(
            place(of: fault.error.span, in: fault.policy)
                + [.init("count", integer(fault.count)), .init("message", text("\(fault.error)"))] + fault.witness.json)
    }

    private func place(of span: SourceSpan?, in policy: Policy) -> [JSONValue.Member] {
        let position = (span ?? policy.span).flatMap { span in policy.source?.position(of: span.lowerBound) }
        return [
            .init("policy", JSONValue(.string(policy.id.text))),
            .init("line", position.map { integer($0.line) } ?? nil),
            .init("column", position.map { integer($0.column) } ?? nil),
        ]
    }

    private func object(_ members: [JSONValue.Member]) -> JSONValue { JSONValue(.object(members)) }
    private func text(_ text: String) -> JSONValue { JSONValue(.string(CedarString(text))) }
    private func integer(_ value: Int) -> JSONValue { JSONValue(.integer(Int64(value))) }
}
