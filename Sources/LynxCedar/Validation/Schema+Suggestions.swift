// What an author may have meant who names what a schema does not declare.
extension Schema {
    /// How many names are compared with a misspelled one.
    private static let candidateCount = 256

    /// A declared entity type: of the same name in another namespace, or else of a name that is close.
    func suggestion(for name: Name) -> Name? {
        if let elsewhere = entityTypes.first(where: { $0.name.basename == name.basename }) { return elsewhere.name }
        let known = entityTypes.lazy.map(\.name).prefix(Schema.candidateCount)
        let description = Spelling.suggestion(for: name.description, among: known.map(\.description))
        return description.flatMap { description in known.first { $0.description == description } }
    }

    /// A declared action: of the same id in another namespace, or else of an id that is close.
    func suggestion(for uid: EntityUID) -> EntityUID? {
        if let elsewhere = actions.first(where: { $0.uid.id == uid.id }) { return elsewhere.uid }
        let known = actions.lazy.map(\.uid).prefix(Schema.candidateCount)
        let id = Spelling.suggestion(for: uid.id.string, among: known.map(\.id.string))
        return id.flatMap { id in known.first { $0.id == CedarString(id) } }
    }
}
