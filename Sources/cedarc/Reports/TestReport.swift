import LynxCedar

/// How results of tests are printed.
enum TestReport {
    /// For people, in the words of the reference implementation.
    case text
    /// One JSON object on one line for each test, and one for all.
    case json

    func start(count: Int) -> String? {
        switch self {
        case .text: "running \(count) test(s)"
        case .json: nil
        }
    }

    func line(for test: JSONValue, in tests: TestsFile, _ result: TestResult) -> String {
        let name = TestsFile.name(of: test)
        let (word, problems) = TestReport.words(for: result)
        switch self {
        case .text:
            let line = "  test \(name.map(\.string) ?? "(unnamed)") ... \(word)"
            return DisplayText.line(problems.isEmpty ? line : "\(line): \(problems.joined(separator: "; "))")
        case .json:
            let line = test.span.map { tests.source.position(of: $0.lowerBound).line }
            let object: JSONValue = [
                "test": name.map { JSONValue(.string($0)) } ?? nil,
                "line": line.map { JSONValue(.integer(Int64($0))) } ?? nil,
                "result": JSONValue(.string(CedarString(word))),
                "problems": JSONValue(.array(problems.map { JSONValue(.string(CedarString($0))) })),
            ]
            return object.description
        }
    }

    func end(passed: Int, failed: Int) -> String {
        switch self {
        case .text:
            return "results: \(passed) passed, \(failed) failed"
        case .json:
            let object: JSONValue = [
                "passed": JSONValue(.integer(Int64(passed))), "failed": JSONValue(.integer(Int64(failed))),
            ]
            return object.description
        }
    }

    private static func words(for result: TestResult) -> (word: String, problems: [String]) {
        switch result {
        case .passed: ("ok", [])
        case .failed(let problems): ("fail", problems)
        case .error(let problems): ("error", problems)
        }
    }
}
