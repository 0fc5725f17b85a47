import Crypto
import LynxCedar
import LynxPolicy

/// Reads and checks policies, schema and entities.
struct PolicyLoader {
    private let configuration: PoliciesConfiguration
    private let folder: ConfigurationFolder
    private let faults: ConfigurationFaults

    init(_ configuration: PoliciesConfiguration, _ folder: ConfigurationFolder, _ faults: ConfigurationFaults) {
        self.configuration = configuration
        self.folder = folder
        self.faults = faults
    }

    /// - Returns: `nil` when there are faults, which are reported.
    func load() -> PolicySnapshot? {
        var hash = SHA256()
        let schema: Schema?? = attempt { () throws(ParseError) in
            switch configuration.schema {
            case .builtIn: try LynxSchema.schema()
            case .none: nil
            case .file(let name): try Schema(cedar: read(name, &hash))
            }
        }
        guard let schema else { return nil }
        let policies = attempt { () throws(ParseError) in try self.policies(configuration.files, schema, &hash) }
        let shadow = configuration.shadow.isEmpty
            ? nil : attempt { () throws(ParseError) in try self.policies(configuration.shadow, schema, &hash) }
        let entities = attempt { () throws(ParseError) in
            // Also without entities of its own, a schema has groups of actions.
            guard let name = configuration.entities else { return try Entities(json: [], source: nil, schema: schema) }
            return try Entities(json: read(name, &hash), schema: schema)
        }
        guard let policies, let entities, configuration.shadow.isEmpty || shadow != nil else { return nil }
        let fingerprint = hash.finalize().map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        return PolicySnapshot(
            policies: policies, shadow: shadow, entities: entities, schema: schema,
            deniesOnForbidErrors: configuration.deniesOnForbidErrors, fingerprint: fingerprint)
    }

    private func attempt<Result>(_ body: () throws(ParseError) -> Result) -> Result? {
        do throws(ParseError) {
            return try body()
        } catch {
            faults.report(error.diagnostics)
            return nil
        }
    }

    private func read(_ name: String, _ hash: inout SHA256) throws(ParseError) -> SourceText {
        let source = try folder.read(name)
        hash.update(data: Array(source.text.utf8))
        return source
    }

    /// The policies of several files, by their annotation `@id` or else by file and position.
    private func policies(_ names: [String], _ schema: Schema?, _ hash: inout SHA256) throws(ParseError) -> PolicySet {
        var all = PolicySet()
        for name in names {
            var set = try PolicySet(cedar: read(name, &hash))
            do throws(PolicySetError) {
                var position = 0
                try set.rename { annotations in
                    defer { position += 1 }
                    if let id = annotations.first(where: { $0.key == "id" })?.value { return PolicyID(id) }
                    return PolicyID("\(name):\(position)")
                }
                for template in set.templates { try all.add(template) }
                for policy in set.policies { try all.add(policy) }
            } catch {
                throw ParseError(Diagnostic("\(error)", source: SourceText("", name: name)))
            }
        }
        if let schema {
            let report = Validator(schema).validate(all)
            guard report.passed else { throw ParseError(report.errors.map(\.diagnostic)) }
        }
        return all
    }
}
