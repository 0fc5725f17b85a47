import LynxCedar

/// A schema's document with all that can be made of it.
struct LoadedSchema {
    let document: Document
    /// The schema, or everything that is wrong with it.
    let schema: Result<Schema, ParseError>
    /// Where its names stand; `nil` when the text does not parse.
    let index: SchemaIndex?

    init(_ document: Document) {
        self.document = document
        let fragment = Result { () throws(ParseError) in
            document.kind == .schemaJSON ? try SchemaFragment(json: document.source) : try SchemaFragment(cedar: document.source)
        }
        switch fragment {
        case .success(let fragment):
            schema = Result { () throws(ParseError) in try Schema(fragment) }
            index = SchemaIndex(fragment)
        case .failure(let error):
            schema = .failure(error)
            index = nil
        }
    }

    var resolved: Schema? { try? schema.get() }
}
