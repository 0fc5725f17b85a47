import LynxCedar

extension LanguageServer {
    /// The most that is told of one document. Nobody reads more.
    private static let maximumCount = 1_000

    /// Says what is wrong with the documents that have changed since the last time. To be called when no message is waiting, so that
    /// texts which are already out of date are not looked at.
    public mutating func settle() -> [JSONValue] {
        var found: [DocumentURI: (document: Document?, diagnostics: [JSONValue])] = [:]
        for uri in unchecked {
            guard let document = workspace.open[uri] else {
                found[uri] = found[uri] ?? (nil, [])
                continue
            }
            let schema = workspace.schema(for: document)
            found[uri] = (document, document.kind.isSchema ? LanguageServer.diagnostics(schema) : LanguageServer.diagnostics(document, schema))
            // A schema that nobody has open keeps policies from being checked: its faults must be seen.
            if let schema, workspace.open[schema.document.uri] == nil {
                found[schema.document.uri] = (schema.document, LanguageServer.diagnostics(schema))
            }
        }
        unchecked = []
        var messages = unreadableSchema()
        for (uri, result) in found.sorted(by: { $0.key.string < $1.key.string }) {
            let wasFaulty = faulty.contains(uri)
            if result.diagnostics.isEmpty { faulty.remove(uri) } else { faulty.insert(uri) }
            // Clients that show a document know nothing wrong with it until they are told.
            guard workspace.open[uri] != nil || wasFaulty || !result.diagnostics.isEmpty else { continue }
            let parameters: [(CedarString, JSONValue?)] = [
                ("uri", JSONValue(uri.string)), ("version", result.document?.version.map { JSONValue(.integer($0)) }),
                ("diagnostics", JSONValue(.array(result.diagnostics))),
            ]
            messages.append([
                "jsonrpc": "2.0", "method": "textDocument/publishDiagnostics", "params": .object(parameters),
            ])
        }
        return messages
    }

    /// A word to the user when the schema that is configured is not there: everything else would look as if there was nothing wrong.
    private mutating func unreadableSchema() -> [JSONValue] {
        guard !hasLookedForSchema, isRunning else { return [] }
        hasLookedForSchema = true
        guard let schema = workspace.configuredSchema, workspace.document(schema) == nil else { return [] }
        let message = "Policies are not validated: the schema \(schema.path ?? schema.string) cannot be read."
        return [
            [
                "jsonrpc": "2.0", "method": "window/showMessage", "params": ["type": 2, "message": JSONValue(message)],
            ]
        ]
    }

    private static func diagnostics(_ schema: LoadedSchema?) -> [JSONValue] {
        guard let schema else { return [] }
        let diagnostics =
            switch schema.schema {
            case .success(let schema): schema.warnings
            case .failure(let error): error.diagnostics
            }
        return diagnostics.prefix(maximumCount).map { json($0, in: schema.document) }
    }

    private static func diagnostics(_ document: Document, _ schema: LoadedSchema?) -> [JSONValue] {
        do throws(ParseError) {
            let policies = try PolicySet(cedar: document.source)
            guard let schema = schema?.resolved else { return [] }
            let report = Validator(schema).validate(policies)
            return (report.errors + report.warnings).prefix(maximumCount).map {
                json($0.diagnostic, in: document, code: $0.kind.rule.code)
            }
        } catch {
            return error.diagnostics.prefix(maximumCount).map { json($0, in: document) }
        }
    }

    private static func json(_ diagnostic: Diagnostic, in document: Document, code: String? = nil) -> JSONValue {
        let notes = diagnostic.notes.map { note -> JSONValue in
            ["location": document.location(note.span), "message": JSONValue(note.message)]
        }
        let members: [(CedarString, JSONValue?)] = [
            ("range", document.lines.range(diagnostic.span ?? SourceSpan(0..<0))),
            ("severity", JSONValue(diagnostic.severity == .error ? 1 : 2)),
            ("code", code.map { JSONValue($0) }),
            ("source", JSONValue("cedarc")),
            ("message", JSONValue(diagnostic.message + (diagnostic.help.map { "\n\($0)" } ?? ""))),
            ("relatedInformation", notes.isEmpty ? nil : JSONValue(.array(notes))),
        ]
        return .object(members)
    }
}
