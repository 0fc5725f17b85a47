import Foundation
import LynxCedar

/// Requests of which a part is unknown, with what must be certain already and the residual policies that must be left.
///
/// A case is a JSON file in `partial/`:
///
///     { "policies": FILE, "entities": FILE, "schema": FILE,
///       "request": { "principal": UID | { "unknown": TYPE | null }, "action": ..., "resource": ...,
///                    "context": { NAME: VALUE, ... }, "unknownContext": [NAME, ...] | true },
///       "decision": "allow" | "deny" | "unknown",
///       "reasons": [ID, ...], "errors": [ID, ...],
///       "residuals": { ID: CEDAR TEXT OF THE POLICY, ... } }
struct PartialSuite {
    let root: URL

    func run() -> [SuiteResult] {
        let files = root.appending(path: "partial").files(endingIn: ".case.json")
        guard !files.isEmpty else { return [] }
        var result = SuiteResult(name: "partial-evaluation")
        for file in files {
            do {
                result.count(file.lastPathComponent, differences: try differencesIn(CaseFile(file)))
            } catch {
                result.count(file.lastPathComponent, differences: ["\(error)"])
            }
        }
        return [result]
    }

    private func differencesIn(_ file: CaseFile) throws -> [String] {
        let schema = try file.schema(relativeTo: root)
        let authorizer = Authorizer(
            policies: try file.policies(relativeTo: root), entities: try file.entities(relativeTo: root, schema: schema),
            schema: schema)
        let response = try authorizer.isAuthorizedPartially(try request(file))
        let decision = response.decision.map { $0 == .allow ? "allow" : "deny" } ?? "unknown"
        var found = differences([
            ("decision", try file.json.text("decision"), decision),
            ("reasons", listing(try file.json.ids("reasons")), listing(response.reasons)),
            ("errors", listing(try file.json.ids("errors")), listing(response.errors.map(\.policy))),
        ])
        let expected = try file.json.required("residuals").members
        for residual in response.residuals.policies where !expected.contains(where: { $0.name == residual.id.text }) {
            found.append("`\(residual.id)` is left and should not be: \(residual)")
        }
        for member in expected {
            guard case .string(let text) = member.value.kind else {
                throw CaseFile.Malformed(description: "the residual `\(member.name)` is not a string")
            }
            let policy = try Policy(cedar: text.string)
            guard let residual = response.residuals.policy(PolicyID(member.name)) else {
                found.append("`\(member.name)` should be left and is not")
                continue
            }
            if residual != policy {
                found.append("residual `\(member.name)`: expected\n\(policy)\nseen\n\(residual)")
            }
        }
        return found
    }

    private func request(_ file: CaseFile) throws -> PartialRequest {
        let json = try file.json.required("request")
        func uid(_ name: CedarString) throws -> PartialEntityUID {
            let value = try json.required(name)
            guard let unknown = value["unknown"] else {
                return .known(try EntityUID(json: value, source: file.source))
            }
            guard case .string(let type) = unknown.kind else { return .unknown() }
            return .unknown(type: Name(type.string))
        }
        let known = try json["context"].map { try Record(json: $0, source: file.source) } ?? [:]
        var unknown: [CedarString: PartialRecord.Unknown] = [:]
        for element in json["unknownContext"]?.elements ?? [] {
            if case .string(let name) = element.kind { unknown[name] = .value }
        }
        var isOpen = false
        if case .bool(true) = json["unknownContext"]?.kind { isOpen = true }
        return PartialRequest(
            principal: try uid("principal"), action: try uid("action"), resource: try uid("resource"),
            context: PartialRecord(known, unknown: unknown, isOpen: isOpen))
    }
}
