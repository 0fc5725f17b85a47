import CedarReference
import Foundation
import LynxCedar

/// Cases with what the reference's validator says of their policies, entities and requests: `NAME.json` beside or apart from
/// `NAME.validation.json`.
struct ValidationSuite {
    let root: URL
    /// Where the cases are.
    let cases: String
    /// Where the answers are.
    let answers: String
    let name: String

    func run() -> [SuiteResult] {
        let files = root.appending(path: answers).files(endingIn: ".validation.json")
        guard !files.isEmpty else { return [] }
        var policies = SuiteResult(name: "\(name)-policies")
        var data = SuiteResult(name: "\(name)-data")
        for file in files {
            let title = String(file.lastPathComponent.dropLast(".validation.json".count))
            do {
                let answer = try CaseFile(file)
                let test = try CaseFile(root.appending(path: cases).appending(path: title + ".json"))
                let schema = try Schema(cedar: self.file(try test.json.text("schema")).sourceText())
                policies.count(title, differences: try policyDifferences(test, answer, schema))
                data.count(title, differences: try dataDifferences(test, answer, schema))
            } catch {
                policies.count(title, differences: ["\(error)"])
            }
        }
        return [policies, data]
    }

    /// A file that a case names, wherever the case thinks its folder is.
    private func file(_ path: String) -> URL {
        let file = root.appending(path: path)
        if FileManager.default.fileExists(atPath: file.path) { return file }
        return root.appending(path: cases).appending(path: file.lastPathComponent)
    }

    // MARK: Policies

    private func policyDifferences(_ test: CaseFile, _ answer: CaseFile, _ schema: Schema) throws -> [String] {
        let policies = try PolicySet(cedar: file(try test.json.text("policies")).sourceText())
        let expected = try answer.json.required("policyValidation")
        return try Validator.Mode.allCases.flatMap { mode in
            let report = Validator(schema, mode: mode).validate(policies)
            var facts = [(mode.rawValue, "\(try expected.bool(CedarString(mode.rawValue)))", "\(report.passed)")]
            for member in try expected.required("perPolicy").members {
                let errors = report.errors.filter { $0.policy == PolicyID(member.name) }
                let title = "\(mode.rawValue), \(member.name)"
                facts.append((title, "\(try member.value.bool(CedarString(mode.rawValue)))", "\(errors.isEmpty)"))
                let messages = try (member.value[CedarString(mode.rawValue + "Errors")]?.elements ?? []).map { try $0.text() }
                facts.append(("\(title) errors", listing(messages), listing(errors.map { ReferenceWording($0).message })))
            }
            return differences(facts)
        }
    }

    /// Messages as a set: the reference repeats some for each operator that it puts in terms of others.
    private func listing(_ messages: [String]) -> String {
        Set(messages.map { CedarString($0) }).sorted().map(\.string).joined(separator: "; ")
    }

    // MARK: Data

    private func dataDifferences(_ test: CaseFile, _ answer: CaseFile, _ schema: Schema) throws -> [String] {
        try entityDifferences(test, answer, schema) + requestDifferences(test, answer, schema)
    }

    private func entityDifferences(_ test: CaseFile, _ answer: CaseFile, _ schema: Schema) throws -> [String] {
        let source = try file(try test.json.text("entities")).sourceText()
        let verdicts = try answer.json.required("entityValidation").required("perEntity")
        var facts: [(String, String, String)] = []
        for entity in try JSONValue(parsing: source).elements {
            let uid = try EntityUID(json: try entity.required("uid"), source: source)
            let key = "\(uid.type)::\(uid.id)"
            let expected = verdicts[CedarString(key)].map { $0["errors"] == nil }
            let accepted = (try? Entities(json: JSONValue(.array([entity])), source: source, schema: schema)) != nil
            facts.append((key, expected.map { "\($0)" } ?? "\(accepted)", "\(accepted)"))
        }
        return differences(facts)
    }

    private func requestDifferences(_ test: CaseFile, _ answer: CaseFile, _ schema: Schema) throws -> [String] {
        let requests = try test.json.required("requests").elements
        let verdicts = try answer.json.required("requestValidation").elements
        var facts = [("requests", "\(verdicts.count)", "\(requests.count)")]
        for (index, (request, verdict)) in zip(requests, verdicts).enumerated() {
            let parts: [JSONValue.Member] = try ["principal", "action", "resource", "context"].map {
                JSONValue.Member($0, try request.required($0))
            }
            let accepted = (try? Request(json: JSONValue(.object(parts)), source: test.source, schema: schema)) != nil
            facts.append(("request \(index)", "\(try verdict.bool("strict"))", "\(accepted)"))
        }
        return differences(facts)
    }
}

/// The `shouldValidate` of cases: whether their policies pass strict validation.
struct ValidationVerdictSuite {
    let root: URL
    let folder: String
    let name: String

    func run() -> [SuiteResult] {
        let files = root.appending(path: folder).files(endingIn: ".json")
            .filter { !$0.lastPathComponent.hasSuffix(".entities.json") }
        var result = SuiteResult(name: name)
        for file in files {
            do {
                let test = try CaseFile(file)
                guard test.json["shouldValidate"] != nil, let schema = try test.schema(relativeTo: root) else { continue }
                let report = Validator(schema).validate(try test.policies(relativeTo: root))
                result.count(
                    file.lastPathComponent,
                    differences: differences([("passes", "\(try test.json.bool("shouldValidate"))", "\(report.passed)")]))
            } catch {
                result.count(file.lastPathComponent, differences: ["\(error)"])
            }
        }
        return result.isEmpty ? [] : [result]
    }
}

extension JSONValue {
    func bool(_ name: CedarString) throws -> Bool {
        guard case .bool(let value) = try required(name).kind else {
            throw CaseFile.Malformed(description: "`\(name)` is neither true nor false")
        }
        return value
    }

    func text() throws -> String {
        guard case .string(let text) = kind else { throw CaseFile.Malformed(description: "this is not a string") }
        return text.string
    }
}
