extension SchemaResolver {
    /// What a name stands for.
    enum Meaning: Equatable {
        case common(Name)
        /// A declared entity type, or the type of declared actions.
        case entity(Name)
        case builtIn(BuiltInType)
    }

    /// The full names that a name may stand for, in the order in which they are looked for.
    func candidates(_ name: Name, in namespace: Name?) -> [Name] {
        guard let namespace, !name.isQualified else { return [name] }
        return [Name(name.description, in: namespace), name]
    }

    /// What a name stands for, `nil` if nothing of the kinds that are asked for.
    func meaning(of name: Name, _ kind: TypeExpression.NameKind, in namespace: Name?) -> Meaning? {
        for candidate in candidates(name, in: namespace) {
            if kind != .entity, definitions.commonTypes[candidate] != nil { return .common(candidate) }
            if kind != .common, isEntityType(candidate) { return .entity(candidate) }
        }
        guard kind != .entity else { return nil }
        guard name.isQualified else {
            // An entity type of the empty namespace hides the built-in type even where only a common type can stand.
            return definitions.entityTypes[name] == nil ? BuiltInType(rawValue: name.description).map { .builtIn($0) } : nil
        }
        guard let outer = name.namespace, outer.description == Name.reservedNamespace else { return nil }
        return BuiltInType(rawValue: String(name.basename)).map { .builtIn($0) }
    }

    private func isEntityType(_ name: Name) -> Bool {
        definitions.entityTypes[name] != nil || definitions.actionTypes.contains(name)
    }

    // MARK: Type expressions

    /// The type that is written; `nil` when a fault has been reported, in it or in a common type that it names.
    mutating func resolve(_ expression: TypeExpression, in namespace: Name?) -> Sized? {
        switch expression.kind {
        case .builtIn(let type):
            return single(type.type)
        case .name(let name, let kind):
            return resolve(name, kind, in: namespace, at: expression.span)
        case .set(let element):
            guard let element = resolve(element, in: namespace) else { return nil }
            let number = distinctTypes.number(ofSetOf: element.number)
            return limited(
                .set(element.type), number, depth: element.depth + 1, size: element.size + 1, at: expression.span)
        case .record(let attributes):
            var parts: [Sized?] = []
            for index in attributes.indices { parts.append(resolve(attributes[index].type, in: namespace)) }
            return record(attributes, of: parts, at: expression.span)
        }
    }

    private mutating func resolve(
        _ name: Name, _ kind: TypeExpression.NameKind, in namespace: Name?, at span: SourceSpan?
    ) -> Sized? {
        switch meaning(of: name, kind, in: namespace) {
        case .builtIn(let type): return single(type.type)
        case .entity(let name): return single(.entity(name))
        case .common(let name): return commonTypes[name]
        case nil:
            reportUndefined(name, kind, in: namespace, at: span)
            return nil
        }
    }

    private mutating func single(_ type: SchemaType) -> Sized {
        Sized(type: type, number: distinctTypes.number(of: type), depth: 1, size: 1)
    }

    /// The record of attributes with those types; `nil` when one of these has a fault.
    private mutating func record(_ declared: [AttributeDeclaration], of types: [Sized?], at span: SourceSpan?) -> Sized? {
        var attributes: [RecordType.Attribute] = []
        var numbers: [CedarString: Int] = [:]
        var depth = 0
        var size = 1
        for (attribute, type) in zip(declared, types) {
            guard let type else { return nil }
            depth = max(depth, type.depth)
            // Each part is within its limit, and a text has fewer than 2^32: the sum cannot overflow.
            size += type.size
            numbers[attribute.name] = type.number
            attributes.append(
                RecordType.Attribute(
                    name: attribute.name, type: type.type, isRequired: attribute.isRequired,
                    annotations: attribute.annotations))
        }
        // Attributes of the same name have been reported with the declarations.
        guard let record = RecordType(attributes) else { return nil }
        let identity = distinctTypes.identity(of: record, types: numbers)
        return limited(.record(record.identified(as: identity)), identity.number, depth: depth + 1, size: size, at: span)
    }

    private mutating func limited(_ type: SchemaType, _ number: Int, depth: Int, size: Int, at span: SourceSpan?) -> Sized? {
        guard depth <= SchemaType.maximumDepth else {
            diagnostics.report(
                "the type nests deeper than \(SchemaType.maximumDepth) levels, with the common types in it", span: span)
            return nil
        }
        guard size <= SchemaType.maximumSize else {
            diagnostics.report(
                "the type has more than \(SchemaType.maximumSize) parts, with those of the common types in it", span: span)
            return nil
        }
        return Sized(type: type, number: number, depth: depth, size: size)
    }

    /// The record that is written, the empty one where nothing is; another type is reported.
    mutating func record(_ expression: TypeExpression?, in namespace: Name?, what: String) -> RecordType? {
        guard let expression else { return RecordType() }
        guard let type = resolve(expression, in: namespace)?.type else { return nil }
        guard case .record(let record) = type else {
            let found = type.kind == .entity ? "the entity type `\(type)`" : "`\(type.excerpt)`"
            diagnostics.report("\(what) must be a record, not \(found)", span: expression.span)
            return nil
        }
        return record
    }

    // MARK: Common types

    /// Resolves the common types, those that others refer to before these.
    mutating func resolveCommonTypes() {
        var references: [Name: [Name]] = [:]
        for name in definitions.commonTypeNames {
            guard let definition = definitions.commonTypes[name] else { continue }
            references[name] = referencedCommonTypes(definition.declaration.type, in: definition.namespace)
        }
        // `true` while the search is below the type, `false` once the type has been resolved.
        var isOpen: [Name: Bool] = [:]
        for start in definitions.commonTypeNames where isOpen[start] == nil {
            isOpen[start] = true
            var path: [(name: Name, rest: ArraySlice<Name>)] = [(start, (references[start] ?? [])[...])]
            while var step = path.popLast() {
                guard let next = step.rest.popFirst() else {
                    isOpen[step.name] = false
                    resolveCommonType(step.name)
                    continue
                }
                path.append(step)
                switch isOpen[next] {
                case true?: reportCycle(path.map(\.name).drop { $0 != next } + [next])
                case false?: break
                case nil:
                    isOpen[next] = true
                    path.append((next, (references[next] ?? [])[...]))
                }
            }
        }
    }

    private mutating func resolveCommonType(_ name: Name) {
        guard let definition = definitions.commonTypes[name] else { return }
        commonTypes[name] = resolve(definition.declaration.type, in: definition.namespace)
    }

    private func referencedCommonTypes(_ expression: TypeExpression, in namespace: Name?) -> [Name] {
        switch expression.kind {
        case .builtIn: return []
        case .name(let name, let kind):
            guard case .common(let name) = meaning(of: name, kind, in: namespace) else { return [] }
            return [name]
        case .set(let element): return referencedCommonTypes(element, in: namespace)
        case .record(let attributes): return attributes.flatMap { referencedCommonTypes($0.type, in: namespace) }
        }
    }

    /// - Parameter cycle: the types on the way; the first is the last again.
    private mutating func reportCycle(_ cycle: ArraySlice<Name>) {
        guard let first = cycle.first else { return }
        let path = cycle.prefix(8).map { "`\($0.description.shortened)`" }.joined(separator: " contains ")
        diagnostics.report(
            "the common type `\(first.description.shortened)` contains itself: \(path)\(cycle.count > 8 ? " contains ..." : "")",
            span: definitions.commonTypes[first]?.span,
            help: "an entity type can refer to itself: use one instead",
            notes: cycle.dropFirst().dropLast().prefix(8).compactMap { name in
                definitions.commonTypes[name]?.span.map { Diagnostic.Note("`\(name.description.shortened)` is declared here", span: $0) }
            })
    }
}
