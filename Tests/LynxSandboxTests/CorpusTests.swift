import LynxCedar
import SandboxCases
import Testing

@Suite("Corpus/sandbox")
struct CorpusTests {
    // Tests/LynxSandboxTests/CorpusTests.swift
    private static let folder = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/") + "/Corpus/sandbox"

    @Test("engine, generated code and the answers that were written down agree", arguments: ["agent"])
    func answers(name: String) throws {
        func text(_ suffix: String) throws -> String { String(decoding: try CaseFolder.read("\(CorpusTests.folder)/\(name)\(suffix)"), as: UTF8.self) }
        let corpusCase = try CorpusCase(cedar: text(".cedar"), entities: text(".entities.json"), events: text(".events.json"))
        for (expectation, response) in zip(corpusCase.expected, corpusCase.responses) {
            #expect(response.decision == expectation.decision, "\(expectation.event)")
            #expect(Set(response.reasons) == expectation.reasons, "\(expectation.event)")
        }
        let folder = try CaseFolder()
        guard let programs = try CasePrograms(folder) else {
            print("skipped: there is no clang here that compiles for the kernel")
            return
        }
        let verdicts = try programs.nativeVerdicts(corpusCase.program, events: corpusCase.wire)
        #expect(verdicts.map { $0 & 1 == 1 } == corpusCase.expected.map { $0.decision == .allow })
    }
}
