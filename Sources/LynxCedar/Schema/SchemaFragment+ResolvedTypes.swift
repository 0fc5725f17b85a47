extension SchemaFragment {
    /// The same schema with every name written in full and each type known as an entity type or a common type: what tools want that
    /// do not resolve names themselves. In JSON, no type of it is `EntityOrCommon`.
    ///
    /// - Throws: ``ParseError`` with every fault that keeps the schema from being resolved; see ``Schema/init(_:)``.
    public func resolvingTypes() throws(ParseError) -> SchemaFragment {
        var rewriter = TypeResolution(names: SchemaResolver(self))
        _ = try rewriter.names.schema(source: source)
        return rewriter.rewrite(self)
    }
}

/// Puts in the place of each name what it stands for; all names are known to stand for something.
private struct TypeResolution: SchemaRewriter {
    var names: SchemaResolver

    func type(
        _ name: Name, _ kind: TypeExpression.NameKind, at span: SourceSpan?, in namespace: Name?
    ) -> TypeExpression.Kind {
        switch names.meaning(of: name, kind, in: namespace) {
        case .common(let name): .name(name, .common)
        case .entity(let name): .name(name, .entity)
        // The format takes the types of the language for common types, with and without `__cedar`.
        case .builtIn: .name(name, .common)
        case nil: .name(name, kind)
        }
    }

    func entityType(_ name: Name, in namespace: Name?) -> Name {
        if case .entity(let name)? = names.meaning(of: name, .entity, in: namespace) { name } else { name }
    }

    func action(_ action: ActionName, in namespace: Name?) -> ActionName {
        guard let uid = names.actionUID(action, in: namespace) else { return action }
        return ActionName(type: TypeName(name: uid.type, span: action.type?.span), id: uid.id, span: action.span)
    }
}
