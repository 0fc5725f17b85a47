import LynxCedar

extension LanguageServer {
    /// All places in the workspace that name what is named at a place.
    mutating func references(_ place: Place, _ parameters: JSONValue?) -> JSONValue {
        guard let named = symbol(place) else { return nil }
        let includesDeclaration = parameters?["context"]?["includeDeclaration"]?.bool ?? true
        let locations = occurrences(of: named.symbol, place.document).flatMap { document, occurrences in
            occurrences.filter { includesDeclaration || !$0.isDeclaration }.map { document.location($0.span) }
        }
        return JSONValue(.array(locations))
    }

    mutating func prepareRename(_ place: Place) throws(ResponseError) -> JSONValue {
        guard let named = symbol(place), case .success(let rename) = Rename.of(named.symbol) else { return nil }
        // What is between the quotes is what the user types anew.
        let span = place.document.source.substring(named.span).utf8.first == UInt8(ascii: "\"") && named.span.range.count >= 2
            ? SourceSpan(named.span.lowerBound + 1..<named.span.upperBound - 1) : named.span
        return ["range": place.document.lines.range(span), "placeholder": JSONValue(rename.oldName)]
    }

    /// The edits that give another name to what is named at a place, in the schema and in all policies that go with it.
    mutating func rename(_ place: Place, _ parameters: JSONValue?) throws(ResponseError) -> JSONValue {
        guard let newName = parameters?["newName"]?.string else {
            throw ResponseError(.invalidParams, "the request gives no `newName`")
        }
        guard let named = symbol(place) else {
            throw ResponseError(.requestFailed, "there is no entity type, common type or action here")
        }
        if let schema = workspace.schema(for: place.document), schema.index == nil {
            throw ResponseError(.requestFailed, "the schema does not parse, so that it cannot be told where it has the name")
        }
        let rename = try Rename.of(named.symbol).get()
        let replacement = try rename.replacement(newName)
        var changes: [(CedarString, JSONValue?)] = []
        for (document, occurrences) in occurrences(of: named.symbol, place.document) {
            guard document.kind != .schemaJSON else {
                throw ResponseError(.requestFailed, "names cannot be changed in a schema in JSON")
            }
            let edits = occurrences.map { occurrence in
                TextEdit(range: occurrence.span.range, text: document.kind.isSchema ? replacement.inSchema : replacement.inPolicies)
            }
            if document.kind.isSchema { try rename.check(edits, in: document, newSymbol: replacement.symbol) }
            changes.append((CedarString(document.uri.string), JSONValue(.array(edits.map { $0.json(document.lines) }))))
        }
        return ["changes": .object(changes)]
    }

    private mutating func symbol(_ place: Place) -> (symbol: SchemaIndex.Symbol, span: SourceSpan)? {
        guard place.document.kind.isSchema else {
            guard let name = PolicyText(place.document.source).name(at: place.offset) else { return nil }
            // At an entity, the id is no name of the schema's, unless the entity is an action.
            let symbol = name.symbol
            guard symbol.1.range.contains(place.offset) || Int(symbol.1.upperBound) == place.offset else { return nil }
            return (symbol.0, symbol.1)
        }
        return workspace.schema(place.document.uri)?.index?.occurrence(at: place.offset).map { ($0.symbol, $0.span) }
    }

    private mutating func occurrences(
        of symbol: SchemaIndex.Symbol, _ document: Document
    ) -> [(document: Document, occurrences: [SchemaIndex.Occurrence])] {
        var found: [(document: Document, occurrences: [SchemaIndex.Occurrence])] = []
        let schema = workspace.schema(for: document)
        if let schema, let index = schema.index {
            let occurrences = index.occurrences.filter { $0.symbol == symbol }
            if !occurrences.isEmpty { found.append((schema.document, occurrences)) }
        }
        let schemaURI = document.kind.isSchema ? document.uri : workspace.schemaURI(for: document.uri)
        for policies in workspace.policies(goingWith: schemaURI) {
            let occurrences = PolicyText(policies.source).names.compactMap { name -> SchemaIndex.Occurrence? in
                let named = name.symbol
                guard named.0 == symbol else { return nil }
                return SchemaIndex.Occurrence(symbol: symbol, span: named.1, isDeclaration: false)
            }
            if !occurrences.isEmpty { found.append((policies, occurrences)) }
        }
        return found
    }
}
