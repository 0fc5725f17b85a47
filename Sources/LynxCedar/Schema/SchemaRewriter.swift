/// Says a schema again with other names: what is declared stays, what refers to it may be said differently.
protocol SchemaRewriter {
    /// A type that is given by its name.
    mutating func type(
        _ name: Name, _ kind: TypeExpression.NameKind, at span: SourceSpan?, in namespace: Name?
    ) -> TypeExpression.Kind

    /// A type that the JSON format writes as itself.
    mutating func builtIn(_ type: BuiltInType, in namespace: Name?) -> TypeExpression.Kind

    /// An entity type where only these can stand.
    mutating func entityType(_ name: Name, in namespace: Name?) -> Name

    /// A group that an action is in.
    mutating func action(_ action: ActionName, in namespace: Name?) -> ActionName

    /// An entity type's attributes as a whole.
    mutating func attributes(_ type: TypeExpression, of entity: EntityDeclaration, in namespace: Name?) -> TypeExpression

    /// An action's context as a whole.
    mutating func context(_ type: TypeExpression, of action: ActionDeclaration, in namespace: Name?) -> TypeExpression
}

extension SchemaRewriter {
    mutating func builtIn(_ type: BuiltInType, in namespace: Name?) -> TypeExpression.Kind { .builtIn(type) }

    mutating func entityType(_ name: Name, in namespace: Name?) -> Name { name }

    mutating func action(_ action: ActionName, in namespace: Name?) -> ActionName { action }

    mutating func attributes(_ type: TypeExpression, of entity: EntityDeclaration, in namespace: Name?) -> TypeExpression {
        rewrite(type, in: namespace)
    }

    mutating func context(_ type: TypeExpression, of action: ActionDeclaration, in namespace: Name?) -> TypeExpression {
        rewrite(type, in: namespace)
    }
}

extension SchemaRewriter {
    mutating func rewrite(_ fragment: SchemaFragment) -> SchemaFragment {
        var result = fragment
        for index in result.items.indices {
            switch result.items[index] {
            case .declaration(let declaration):
                result.items[index] = .declaration(rewrite(declaration, in: nil))
            case .namespace(var namespace):
                for index in namespace.declarations.indices {
                    namespace.declarations[index] = rewrite(namespace.declarations[index], in: namespace.name)
                }
                result.items[index] = .namespace(namespace)
            }
        }
        return result
    }

    private mutating func rewrite(_ declaration: SchemaDeclaration, in namespace: Name?) -> SchemaDeclaration {
        switch declaration {
        case .entity(let entity): return .entity(rewrite(entity, in: namespace))
        case .action(let action): return .action(rewrite(action, in: namespace))
        case .commonType(var commonType):
            commonType.type = rewrite(commonType.type, in: namespace)
            return .commonType(commonType)
        }
    }

    private mutating func rewrite(_ entity: EntityDeclaration, in namespace: Name?) -> EntityDeclaration {
        guard case .standard(let memberOf, let attributes, let tags) = entity.kind else { return entity }
        var result = entity
        result.kind = .standard(
            memberOf: rewrite(memberOf, in: namespace), attributes: attributes.map { self.attributes($0, of: entity, in: namespace) },
            tags: tags.map { rewrite($0, in: namespace) })
        return result
    }

    private mutating func rewrite(_ action: ActionDeclaration, in namespace: Name?) -> ActionDeclaration {
        var result = action
        result.memberOf = action.memberOf.map { $0.map { self.action($0, in: namespace) } }
        if let appliesTo = action.appliesTo {
            result.appliesTo = ActionDeclaration.AppliesTo(
                principals: rewrite(appliesTo.principals, in: namespace),
                resources: rewrite(appliesTo.resources, in: namespace),
                context: appliesTo.context.map { context($0, of: action, in: namespace) })
        }
        return result
    }

    private mutating func rewrite(_ names: [TypeName], in namespace: Name?) -> [TypeName] {
        names.map { TypeName(name: entityType($0.name, in: namespace), span: $0.span) }
    }

    mutating func rewrite(_ expression: TypeExpression, in namespace: Name?) -> TypeExpression {
        var result = expression
        switch expression.kind {
        case .name(let name, let kind): result.kind = type(name, kind, at: expression.span, in: namespace)
        case .builtIn(let type): result.kind = builtIn(type, in: namespace)
        case .set(let element): result.kind = .set(rewrite(element, in: namespace))
        case .record(var attributes):
            for index in attributes.indices { attributes[index].type = rewrite(attributes[index].type, in: namespace) }
            result.kind = .record(attributes)
        }
        return result
    }
}
