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
        let schema: Schema?? = attempt { () throws(ParseError) in
            switch configuration.schema {
            case .builtIn: try builtIn()
            case .none: nil
            case .file(let name): try Schema(cedar: folder.read(name))
            }
        }
        guard let schema else { return nil }
        let policies = attempt { () throws(ParseError) in try self.policies(configuration.files, schema) }
        let shadow = configuration.shadow.isEmpty
            ? nil : attempt { () throws(ParseError) in try self.policies(configuration.shadow, schema) }
        let entities = attempt { () throws(ParseError) in
            // Also without entities of its own, a schema has groups of actions.
            guard let name = configuration.entities else { return try Entities(json: [], source: nil, schema: schema) }
            return try Entities(json: folder.read(name), schema: schema)
        }
        guard let policies, let entities, configuration.shadow.isEmpty || shadow != nil else { return nil }
        return PolicySnapshot(
            policies: policies, shadow: shadow, entities: entities, schema: schema,
            deniesOnForbidErrors: configuration.deniesOnForbidErrors)
    }

    private func attempt<Result>(_ body: () throws(ParseError) -> Result) -> Result? {
        do throws(ParseError) {
            return try body()
        } catch {
            faults.report(error.diagnostics)
            return nil
        }
    }

    private func builtIn() throws(ParseError) -> Schema {
        folder.note(LynxSchema.text, of: "built-in schema")
        return try LynxSchema.schema()
    }

    /// The policies of several files, by their annotation `@id` or else by file and position.
    private func policies(_ names: [String], _ schema: Schema?) throws(ParseError) -> PolicySet {
        var all = PolicySet()
        for name in names {
            var set = try PolicySet(cedar: folder.read(name))
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
