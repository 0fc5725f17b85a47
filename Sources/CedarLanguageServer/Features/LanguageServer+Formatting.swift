import LynxCedar

extension LanguageServer {
    /// - Returns: no edits for a text that does not parse: its faults have been told already.
    func formatting(_ document: Document, _ parameters: JSONValue?) throws(ResponseError) -> JSONValue {
        let options = parameters?["options"]
        let formatter = CedarFormatter(indent: Int(clamping: options?["tabSize"]?.integer ?? 2))
        let text: String
        do throws(ParseError) {
            switch document.kind {
            case .policies: text = try formatter.format(policies: document.source)
            case .schema: text = try formatter.format(schema: document.source)
            case .schemaJSON: return nil
            }
        } catch {
            return nil
        }
        let edit = TextEdit(from: document.lines.bytes, to: Array(text.utf8))
        return JSONValue(.array(edit.map { [$0.json(document.lines)] } ?? []))
    }
}
