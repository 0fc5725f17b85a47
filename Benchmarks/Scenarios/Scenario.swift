import Foundation
import LynxCedar

/// A folder that `Benchmarks/scenarios.py` has written.
public struct Scenario: Sendable {
    public let name: String
    /// The texts as they are in the files.
    public let policyText: [UInt8]
    public let schemaText: [UInt8]
    public let entityText: [UInt8]
    private let requestText: [UInt8]

    /// - Throws: when the scenario has not been written: `make bench` does so.
    public init(_ name: String) throws {
        let folder = Scenario.folder.appendingPathComponent(name)
        func read(_ file: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: folder.appendingPathComponent(file))) }
        self.name = name
        policyText = try read("policies.cedar")
        schemaText = try read("schema.cedarschema")
        entityText = try read("entities.json")
        requestText = try read("requests.json")
    }

    /// Beside the library's own build, where the makefile has them written.
    private static let folder = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent(".build/bench/generated")

    public func policies() throws -> PolicySet { try PolicySet(cedar: SourceText(utf8: policyText, name: "policies.cedar")) }
    public func schema() throws -> Schema { try Schema(cedar: SourceText(utf8: schemaText, name: "schema.cedarschema")) }
    public func entities() throws -> Entities { try Entities(json: entityText) }

    public func requests() throws -> [Request] {
        guard case .array(let elements) = try JSONValue(parsing: SourceText(utf8: requestText, name: "requests.json")).kind else {
            return []
        }
        return try elements.map { try Request(json: $0) }
    }

    public func authorizer() throws -> Authorizer { Authorizer(policies: try policies(), entities: try entities()) }
}
