import CedarGenerators
import CedarReference
import LynxCedar

/// Policies and a schema, with what this engine's validator says of them.
struct ValidationCase {
    let schema: String
    let policies: String
    /// Why the schema was refused; `nil` when it was taken.
    private(set) var schemaError: String?
    /// Why the policies were refused; `nil` when they were taken.
    private(set) var policyError: String?
    private(set) var passes = false
    /// The errors in the reference's words, each once.
    private(set) var messages: Set<CedarString> = []

    init(_ scenario: TypedScenario) {
        schema = scenario.schema
        policies = scenario.policies
        let schema: Schema
        do throws(ParseError) { schema = try Schema(cedar: scenario.schema) } catch {
            schemaError = "\(error)"
            return
        }
        do throws(ParseError) {
            let report = Validator(schema).validate(try PolicySet(cedar: scenario.policies))
            passes = report.passed
            messages = Set(report.errors.map { CedarString(ReferenceWording($0).message) })
        } catch {
            policyError = "\(error)"
        }
    }

    var json: JSONValue {
        [
            "schema": JSONValue(.string(CedarString(schema))),
            "policies": JSONValue(.string(CedarString(policies))),
            "schemaError": schemaError.map { JSONValue(.string(CedarString($0))) } ?? nil,
            "policyError": policyError.map { JSONValue(.string(CedarString($0))) } ?? nil,
            "passes": JSONValue(.bool(passes)),
            "messages": JSONValue(.array(messages.sorted().map { JSONValue(.string($0)) })),
        ]
    }
}
