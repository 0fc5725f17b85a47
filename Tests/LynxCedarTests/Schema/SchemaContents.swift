import LynxCedar

/// What a schema says, for comparing: everything but order, places and common types, which are where they are used.
struct SchemaContents: Hashable, CustomStringConvertible {
    private let lines: Set<String>

    init(_ schema: Schema) {
        let types = schema.entityTypes.map { type in
            let kind = type.enumeration.map { "enum \($0.map(\.literal))" } ?? "\(type.attributes) tags \(type.tags.map { "\($0)" } ?? "none")"
            return "entity \(type.name) in \(type.memberOf.sorted()) \(kind) \(Self.text(type.annotations))"
        }
        let actions = schema.actions.map { action in
            let appliesTo = action.principalTypes.isEmpty || action.resourceTypes.isEmpty
                ? "nothing" : "\(action.principalTypes.sorted()) \(action.resourceTypes.sorted()) \(action.context)"
            return "action \(action.uid) in \(action.memberOf.sorted()) to \(appliesTo) \(Self.text(action.annotations))"
        }
        lines = Set(types + actions)
    }

    private static func text(_ annotations: [Annotation]) -> [String] {
        annotations.map { "@\($0.key)(\(($0.value ?? "").literal))" }.sorted()
    }

    var description: String { lines.sorted().joined(separator: "\n") }
}
