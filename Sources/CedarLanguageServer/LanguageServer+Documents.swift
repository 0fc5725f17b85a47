import LynxCedar

extension LanguageServer {
    mutating func didOpen(_ parameters: JSONValue?) {
        guard let item = parameters?["textDocument"], let uri = item["uri"]?.string.map({ DocumentURI($0) }), let text = item["text"]?.string,
            let kind = workspace.kind(uri, languageID: item["languageId"]?.string)
        else { return }
        workspace.put(
            Document(uri, kind: kind, version: item["version"]?.integer, text: text, encoding: workspace.encoding))
        changed(uri, kind)
    }

    mutating func didChange(_ parameters: JSONValue?) {
        guard let item = parameters?["textDocument"], let uri = item["uri"]?.string.map({ DocumentURI($0) }),
            var document = workspace.open[uri]
        else { return }
        let version = item["version"]?.integer
        for change in parameters?["contentChanges"]?.array ?? [] {
            guard let text = change["text"]?.string else { continue }
            guard let range = change["range"] else {
                document = document.edited(text, version: version)
                continue
            }
            guard let start = TextPosition(range["start"]), let end = TextPosition(range["end"]) else { continue }
            let lower = document.lines.offset(of: start)
            let edit = TextEdit(range: lower..<max(lower, document.lines.offset(of: end)), text: text)
            document = document.edited(String(decoding: document.lines.bytes.applying([edit]), as: UTF8.self), version: version)
        }
        workspace.put(document)
        changed(uri, document.kind)
    }

    mutating func didClose(_ parameters: JSONValue?) {
        guard let uri = parameters?["textDocument"]?["uri"]?.string.map({ DocumentURI($0) }), let document = workspace.open[uri]
        else { return }
        workspace.close(uri)
        changed(uri, document.kind)
    }

    private mutating func changed(_ uri: DocumentURI, _ kind: Document.Kind) {
        // What policies are checked against may have become another schema.
        if kind.isSchema { checkAll() }
        unchecked.insert(uri)
    }

    mutating func checkAll() {
        unchecked.formUnion(workspace.open.keys)
    }
}
