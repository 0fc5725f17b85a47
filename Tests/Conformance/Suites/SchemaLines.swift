import LynxCedar

/// What a schema declares, each declaration as a line that says everything of it: what is compared to tell whether two schemas are equal.
struct SchemaLines {
    private let lines: Set<String>

    /// The declarations as they stand.
    init(_ schema: Schema) {
        let entityTypes = schema.entityTypes.map { "\(SchemaLines.text($0)) in \($0.memberOf.sorted())" }
        let actions = schema.actions.map { "\(SchemaLines.text($0)) in \($0.memberOf.sorted())" }
        let commonTypes = schema.commonTypes.map { "type \($0.name) = \($0.type) \(SchemaLines.text($0.annotations))" }
        lines = Set(entityTypes + actions + commonTypes)
    }

    /// The declarations without common types, which are in their places everywhere, and with all ancestors as parents.
    init(unfolding schema: Schema) {
        let entityTypes = schema.entityTypes.map { type in
            "\(SchemaLines.text(type)) in \(schema.ancestors(ofEntityType: type.name).sorted())"
        }
        let actions = schema.actions.map { "\(SchemaLines.text($0)) in \(schema.ancestors(ofAction: $0.uid).sorted())" }
        lines = Set(entityTypes + actions)
    }

    /// A line for each declaration that `other` lacks or has too many.
    func differences(from other: SchemaLines, in what: String) -> [String] {
        lines.subtracting(other.lines).sorted().map { "\(what) lacks \($0)" }
            + other.lines.subtracting(lines).sorted().map { "\(what) should not have \($0)" }
    }

    private static func text(_ type: Schema.EntityType) -> String {
        let kind =
            type.enumeration.map { "enum \($0.map(\.literal))" } ?? "\(type.attributes) tags \(type.tags.map { "\($0)" } ?? "none")"
        return "entity \(type.name) \(kind) \(text(type.annotations))"
    }

    private static func text(_ action: Schema.Action) -> String {
        "action \(action.uid) principal \(action.principalTypes.sorted()) resource \(action.resourceTypes.sorted()) "
            + "context \(action.context) \(text(action.annotations))"
    }

    private static func text(_ annotations: [Annotation]) -> [String] {
        annotations.map { "@\($0.key)(\(($0.value ?? "").literal))" }.sorted()
    }
}
