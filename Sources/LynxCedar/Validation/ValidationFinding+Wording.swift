extension ValidationFinding.Kind {
    /// A plain sentence without a final full stop.
    public var message: String {
        switch self {
        case .unknownEntityType(let name, _): "the schema declares no entity type `\(name)`"
        case .unknownAction(let uid, _): "the schema declares no action `\(uid)`"
        case .unknownEnumerationMember(let uid, _):
            "there is no `\(uid.type)` with the id \(uid.id.excerpt): the type is an enumeration"
        case .inapplicableAction: "no action of the scope applies to such a principal and resource"
        case .unexpectedType(let expected, let actual, _):
            "this must be \(Self.alternatives(expected.map(Self.noun))), not \(Self.noun(actual))"
        case .incompatibleTypes(let types, _, let place):
            "\(place.subject) must be of one type, and are \(Self.enumeration(types.map { "`\($0.excerpt)`" }))"
        case .unknownAttribute(let access, _, let mayExist):
            mayExist && access.entityTypes.count > 1
                ? "not all of \(Self.enumeration(access.entityTypes)) have the attribute `\(access.text)`"
                : "\(access.holder) has no attribute `\(access.text)`"
        case .optionalAttribute(let access): "the attribute `\(access.text)`\(access.owner) is optional and may be missing here"
        case .unsafeTag(let tag, _): "the tag `\("\(tag)".shortened)` may be missing here"
        case .noTags(let types):
            types.count == 1
                ? "\(Self.enumeration(types)) has no tags" : types.isEmpty ? "these entities have no tags" : "\(Self.enumeration(types)) have no tags"
        case .wrongArgumentCount(let function, let expected, let actual):
            "`\(function)` takes \(expected.sentence(without: function.receivers)), not \(actual - function.receivers)"
        case .malformedLiteral(let function, let text): "\(text.excerpt) is no \(function.resultKind)"
        case .computedLiteral(let function): "`\(function)` must be called with a literal"
        case .emptySet: "an empty set literal is of no one type"
        case .levelExceeded(let required, let allowed):
            "this needs level \(required), and no more than level \(allowed) is allowed"
        case .literalDereferenced: "an entity that the policy names cannot be looked into when the level is limited"
        case .impossiblePolicy: "the policy is false for every request that the schema foresees"
        case .suspiciousText(let text, .bidirectionalControls, _):
            "\(text.excerpt) has characters that change the direction of writing"
        case .suspiciousText(let text, .mixedScripts, _): "\(text.excerpt) mixes scripts"
        case .suspiciousText(let text, .confusable(let scalar), _):
            "\(text.excerpt) has the character \(CedarString(String(scalar)).excerpt), which is not recommended for identifiers"
        }
    }

    /// What the author can do, where that is known.
    public var help: String? {
        switch self {
        case .unknownEntityType(_, let suggestion): suggestion.map { "did you mean `\($0)`?" }
        case .unknownAction(_, let suggestion): suggestion.map { "did you mean `\($0)`?" }
        case .unknownEnumerationMember(let uid, let members):
            Spelling.suggestion(for: uid.id.string, among: members.lazy.map(\.string))
                .map { "did you mean \(CedarString($0).excerpt)?" }
                ?? "it has \(members.prefix(8).map(\.excerpt).joined(separator: ", "))\(members.count > 8 ? " and others" : "")"
        case .inapplicableAction(_, _, let group?): "`\(group)` is a group of actions: write `action in \(group)`"
        case .inapplicableAction(let principal, let resource, nil): Self.replacingEquality(principal, resource)
        case .unexpectedType(_, _, let advice): advice?.sentence
        case .incompatibleTypes(_, let reason, _): reason.sentence
        case .unknownAttribute(let access, let suggestion, let mayExist):
            suggestion.map { "did you mean `\($0.isIdentifier ? $0.string.shortened : $0.excerpt)`?" }
                ?? (mayExist ? "test for it first, with `has` or `is`" : access.isOfAction ? "actions have no attributes" : nil)
        case .optionalAttribute(let access): "test for it first: `\(access.test) && ...`"
        case .unsafeTag(let tag, _): "test for it first: `.hasTag(\("\(tag)".shortened)) && ...`"
        case .noTags: "declare `tags` of the entity type in the schema"
        case .wrongArgumentCount: nil
        case .malformedLiteral(let function, _): function.literalForm
        case .computedLiteral: "put the value into an attribute or the context, and use it from there"
        case .emptySet: "to test for emptiness, write `.isEmpty()`"
        case .levelExceeded: "pass what is needed in the context or in attributes that are closer to the request"
        case .literalDereferenced: "start from `principal`, `resource`, `action` or `context`"
        case .impossiblePolicy: "nothing would change without it"
        case .suspiciousText: nil
        }
    }

    private static func replacingEquality(_ principal: Bool, _ resource: Bool) -> String? {
        switch (principal, resource) {
        case (true, true): "try `in` in place of `==` for the principal and the resource"
        case (true, false): "try `in` in place of `==` for the principal"
        case (false, true): "try `in` in place of `==` for the resource"
        case (false, false): nil
        }
    }

    /// A type with an article, as a sentence needs it.
    private static func noun(_ type: ExpressionType) -> String {
        switch type {
        case .bool: "a `Bool`"
        case .anyEntity, .set(nil): "\(type)"
        case .set(.anyEntity?): "a set of entities"
        // What is in it makes no difference to an operator that does not take records.
        case .record: "a record"
        case .entity(let name): "an entity of type `\(name)`"
        case .anyOf(let names): "an entity of type \(alternatives(names.map { "`\($0)`" }))"
        case .ip: "an `\(type)`"
        default: "a `\(type.excerpt)`"
        }
    }

    private static func enumeration(_ words: [String]) -> String { join(words, "and") }
    private static func enumeration(_ names: [Name]) -> String { join(names.map { "`\($0)`" }, "and") }
    private static func alternatives(_ words: [String]) -> String { join(words, "or") }

    /// `a, b and c`; long lists are cut.
    private static func join(_ words: [String], _ conjunction: String) -> String {
        guard words.count > 1, let last = words.last else { return words.first ?? "" }
        let shown = 8
        if words.count > shown { return "\(words.prefix(shown).joined(separator: ", ")) \(conjunction) \(words.count - shown) others" }
        return "\(words.dropLast().joined(separator: ", ")) \(conjunction) \(last)"
    }
}

extension ValidationFinding.Place {
    fileprivate var subject: String {
        switch self {
        case .setElements: "the elements of a set"
        case .conditionalBranches: "both branches of a conditional"
        case .equality: "both sides of an equality"
        case .contains: "the elements of a set and what is looked for in it"
        case .containsAllOrAny: "the elements of both sets"
        case .tagTypes: "the tags of these entities"
        }
    }
}

extension ValidationFinding.Advice {
    fileprivate var sentence: String {
        switch self {
        case .useLike: "use `like` to look into a string"
        case .useSetMethods: "use `contains`, `containsAll` or `containsAny` to look into a set"
        case .useContains: "use `contains` to look for a single element"
        case .useHas: "use `has` to test for an attribute"
        case .useIs: "use `is` to test the type of an entity"
        case .useIn: "use `in` to test membership of an entity"
        case .compareWithEmptyString: "use `== \"\"` to test for an empty string"
        case .noTypeTest: "only entities can be asked for their type"
        case .noConcatenation: "Cedar cannot concatenate strings"
        case .noSetArithmetic: "Cedar has no union, intersection or difference of sets"
        }
    }
}

extension ExpressionType.Incompatibility {
    fileprivate var sentence: String? {
        switch self {
        case .optionality: "an attribute is required in one of them and optional in the other"
        case .attributes: "records must have exactly the same attributes"
        case .entityTypes: "entities of different types are never taken for each other, whatever their attributes"
        case .entityAndRecord: "an entity is never taken for a record, whatever its attributes"
        case .different: nil
        }
    }
}

extension ExtensionFunction.Arity {
    /// As the parser counts the arguments of methods: what stands in the parentheses.
    fileprivate func sentence(without receivers: Int) -> String {
        switch self {
        case .exactly(let count): "\(count - receivers) argument\(count - receivers == 1 ? "" : "s")"
        case .atLeast(let count): "at least \(count - receivers) argument\(count - receivers == 1 ? "" : "s")"
        }
    }
}

extension ExtensionFunction {
    fileprivate var receivers: Int { style == .method ? 1 : 0 }

    /// How a constructor wants its text.
    fileprivate var literalForm: String? {
        switch self {
        case .decimal: "write for instance \"12.5\": at most four digits after the point, and at least one before and after it"
        case .ip: "write for instance \"10.0.0.1\", \"10.0.0.0/8\" or \"2001:db8::/32\""
        case .datetime: "write for instance \"2024-10-15\" or \"2024-10-15T11:35:00.000+0100\""
        case .duration: "write for instance \"1d2h30m\" or \"-90s\": days, hours, minutes, seconds, milliseconds in that order"
        default: nil
        }
    }
}

extension ValidationFinding.AttributeAccess {
    /// The path in Cedar syntax: `address.zip`, or `["first name"].initial`.
    var text: String { ValidationFinding.AttributeAccess.chain(path) }

    fileprivate var entityTypes: [Name] {
        if case .entity(let names) = base { names } else { [] }
    }

    /// ` of User`
    fileprivate var owner: String {
        switch base {
        case .entity(let names): " of `\(names.map(\.description).joined(separator: "`, `"))`"
        case .context(let action): " in the context of `\(action)`"
        case .record: ""
        }
    }

    /// What the attribute would have to be declared for, at the start of a sentence.
    fileprivate var holder: String {
        switch base {
        case .entity(let names): names.map { "`\($0)`" }.joined(separator: ", ")
        case .context(let action): "the context of `\(action)`"
        case .record: "this record"
        }
    }

    fileprivate var isOfAction: Bool { entityTypes.contains { $0.basename == "Action" } }

    /// The test that makes the access safe.
    fileprivate var test: String {
        let name = path.last.map { $0.isIdentifier ? $0.string.shortened : $0.excerpt } ?? ""
        return "\(target?.shortened ?? "...") has \(name)"
    }

    /// Appends attributes to the text of what they are taken from, which may be empty.
    static func chain(_ path: [CedarString], to base: String = "") -> String {
        var text = base
        for name in path {
            if name.isIdentifier {
                text += (text.isEmpty ? "" : ".") + name.string.shortened
            } else {
                text += "[\(name.excerpt)]"
            }
        }
        return text
    }
}
