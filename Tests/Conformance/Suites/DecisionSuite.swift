import Foundation
import LynxCedar

/// Requests with the decision, the reasons and the failing policies that they must have.
///
/// A case is a JSON file (not `*.entities.json`) that names policies, entities and, if there is one, a schema, and lists requests.
/// With a schema, entities and contexts are read as it says.
struct DecisionSuite {
    let root: URL
    let folder: String
    let name: String

    /// A result that counts the cases and one that counts their requests.
    func run() -> [SuiteResult] {
        let files = root.appending(path: folder).files(endingIn: ".json")
            .filter { !$0.lastPathComponent.hasSuffix(".entities.json") }
        guard !files.isEmpty else { return [] }
        var cases = SuiteResult(name: "\(name)-cases")
        var requests = SuiteResult(name: "\(name)-requests")
        for file in files {
            let failuresBefore = requests.failures.count
            do {
                try run(CaseFile(file), named: file.lastPathComponent, counting: &requests)
                let count = requests.failures.count - failuresBefore
                cases.count(file.lastPathComponent, differences: count == 0 ? [] : ["\(count) requests differ"])
            } catch {
                cases.count(file.lastPathComponent, differences: ["\(error)"])
            }
        }
        return [cases, requests]
    }

    private func run(_ file: CaseFile, named name: String, counting result: inout SuiteResult) throws {
        let policies = try file.policies(relativeTo: root)
        let schema = try file.schema(relativeTo: root)
        let entities = try file.entities(relativeTo: root, schema: schema)
        let authorizer = Authorizer(policies: policies, entities: entities)
        let requests = try file.json.required("requests").elements
        guard !requests.isEmpty else { throw CaseFile.Malformed(description: "the case has no requests") }
        for (index, json) in requests.enumerated() {
            let request = try request(json, of: file, schema: schema)
            let response = authorizer.isAuthorized(request)
            result.count(
                "\(name), request \(index)",
                differences: differences(
                    [
                        ("decision", try json.text("decision"), response.decision == .allow ? "allow" : "deny"),
                        ("reason", listing(try json.ids("reason")), listing(response.reasons)),
                        ("errors", listing(try json.ids("errors")), listing(response.errors.map(\.policy))),
                    ]))
        }
    }

    private func request(_ json: JSONValue, of file: CaseFile, schema: Schema?) throws -> Request {
        let parts: [JSONValue.Member] = try ["principal", "action", "resource", "context"].map {
            JSONValue.Member($0, try json.required($0))
        }
        // A case may say that its request does not conform, and yet what is to be decided.
        var conforms = true
        if case .bool(let bool)? = json["validateRequest"]?.kind { conforms = bool }
        return try Request(json: JSONValue(.object(parts)), source: file.source, schema: conforms ? schema : nil)
    }

}

/// Ids as a set, in a fixed order.
func listing(_ ids: some Sequence<PolicyID>) -> String {
    Set(ids).sorted().map(\.description).joined(separator: ", ")
}

/// A line for each thing that is not as expected.
func differences(_ facts: [(name: String, expected: String, seen: String)]) -> [String] {
    // Not as `String`: texts that look alike may be two.
    facts.filter { CedarString($0.expected) != CedarString($0.seen) }.map { "\($0.name): expected [\($0.expected)], seen [\($0.seen)]" }
}
