import LynxCedar

/// Giving another name to an entity type, a common type or an action.
struct Rename {
    let symbol: SchemaIndex.Symbol
    let oldName: String

    /// What takes the place of the old name.
    struct Replacement {
        let symbol: SchemaIndex.Symbol
        let inSchema: String
        let inPolicies: String
    }

    static func of(_ symbol: SchemaIndex.Symbol) -> Result<Rename, ResponseError> {
        switch symbol {
        case .namespace: .failure(ResponseError(.requestFailed, "namespaces cannot be renamed"))
        case .entityType(let name) where name.basename == "Action":
            .failure(ResponseError(.requestFailed, "the type of actions cannot be renamed"))
        case .entityType(let name), .commonType(let name): .success(Rename(symbol: symbol, oldName: String(name.basename)))
        case .action(let uid): .success(Rename(symbol: symbol, oldName: uid.id.string))
        }
    }

    func replacement(_ newName: String) throws(ResponseError) -> Replacement {
        switch symbol {
        case .namespace: throw ResponseError(.requestFailed, "namespaces cannot be renamed")
        case .entityType(let name):
            let renamed = try self.name(newName, inPlaceOf: name)
            return Replacement(symbol: .entityType(renamed), inSchema: newName, inPolicies: newName)
        case .commonType(let name):
            let renamed = try self.name(newName, inPlaceOf: name)
            return Replacement(symbol: .commonType(renamed), inSchema: newName, inPolicies: newName)
        case .action(let uid):
            let id = CedarString(newName)
            return Replacement(
                symbol: .action(EntityUID(type: uid.type, id: id)), inSchema: id.asAttributeName, inPolicies: id.literal)
        }
    }

    private func name(_ newName: String, inPlaceOf name: Name) throws(ResponseError) -> Name {
        guard CedarString(newName).isIdentifier, newName != "Action",
            let renamed = Name(name.namespace.map { "\($0)::\(newName)" } ?? newName)
        else { throw ResponseError(.requestFailed, "`\(newName)` cannot name a type") }
        return renamed
    }

    /// Makes sure that the schema after the edits says the same as before, but for the name.
    ///
    /// - Throws: when the name is taken, or would change the meaning of other names.
    func check(_ edits: [TextEdit], in document: Document, newSymbol: SchemaIndex.Symbol) throws(ResponseError) {
        let text = String(decoding: document.lines.bytes.applying(edits), as: UTF8.self)
        let before = LoadedSchema(document)
        let after = LoadedSchema(document.edited(text, version: nil))
        if before.resolved != nil, case .failure(let error) = after.schema {
            let message = error.diagnostics.first?.message ?? "the schema would be wrong"
            throw ResponseError(.requestFailed, "with that name, \(message)")
        }
        let expected = before.index?.occurrences.map { $0.symbol == symbol ? newSymbol : $0.symbol }
        guard expected == after.index?.occurrences.map(\.symbol) else {
            throw ResponseError(.requestFailed, "with that name, other names of the schema would change their meaning")
        }
    }
}
