import LynxCedar

/// A finding in the words of the reference implementation (4.12), so that the two can be compared.
public struct ReferenceWording {
    let finding: ValidationFinding

    public init(_ finding: ValidationFinding) {
        self.finding = finding
    }

    public var message: String {
        switch finding.kind {
        case .incompatibleTypes(let types, _, _):
            return "the types \(conjunction(types.sorted(by: precedes).map(text))) are not compatible"
        case .unknownEnumerationMember(let uid, _):
            return "for policy `\(finding.policy)`: entity `\(text(uid))` is of an enumerated entity type, but "
                + "`\"\(ReferenceText.escaped(uid.id))\"` is not declared as a valid eid"
        default:
            return "for policy `\(finding.policy)`, \(fact)"
        }
    }

    private var fact: String {
        switch finding.kind {
        case .unknownEntityType(let name, _): "unrecognized entity type `\(name)`"
        case .unknownAction(let uid, _): "unrecognized action `\(text(uid))`"
        case .inapplicableAction: "unable to find an applicable action given the policy scope constraints"
        case .unexpectedType(let expected, let actual, _):
            "unexpected type: expected \(expected.map(text).joined(separator: ", or ")) but saw \(text(actual))"
        case .unknownAttribute(let access, _, _): "attribute \(text(access)) not found"
        case .optionalAttribute(let access): "unable to guarantee safety of access to optional attribute \(text(access))"
        case .unsafeTag(let tag, let types):
            "unable to guarantee safety of access to tag `\(ReferenceText(tag).text)`" + (types.count == 1 ? " on entity type `\(types[0])`" : "")
        case .noTags(let types):
            "`.getTag()` is not allowed on entities of \(types.count == 1 ? "type `\(types[0])`" : "this type") because no "
                + "`tags` were declared on the entity type in the schema"
        case .wrongArgumentCount(_, let expected, let actual):
            "wrong number of arguments in extension function application. Expected \(expected), got \(actual)"
        case .malformedLiteral(let function, let literal):
            "error during extension function argument validation: Failed to parse as "
                + (function == .ip ? "IP address" : "a \(function) value") + ": `\"\(ReferenceText.escaped(literal))\"`"
        case .computedLiteral: "extension constructors may not be called with non-literal expressions"
        case .emptySet: "empty set literals are forbidden in policies"
        case .levelExceeded(let required, let allowed):
            "this policy requires level \(required), which exceeds the maximum allowed level (\(allowed))"
        case .literalDereferenced: "entity literals cannot be dereferenced at any level"
        case .impossiblePolicy:
            "policy is impossible: the policy expression evaluates to false for all valid requests"
        case .suspiciousText(let text, .bidirectionalControls, let isIdentifier):
            "\(isIdentifier ? "identifier `\(text)`" : "string `\"\(text)\"`") contains BIDI control characters"
        case .suspiciousText(let text, .mixedScripts, let isIdentifier):
            "\(isIdentifier ? "identifier `\(text)`" : "string `\"\(text)\"`") contains mixed scripts"
        case .suspiciousText(let text, .confusable(let scalar), _):
            "identifier `\(ReferenceText.escaped(text))` contains the character `\(ReferenceText.escaped(CedarString(String(scalar))))` which is not a printable "
                + "ASCII character and falls outside of the General Security Profile for Identifiers"
        case .incompatibleTypes, .unknownEnumerationMember: ""
        }
    }

    private func text(_ uid: EntityUID) -> String { "\(uid.type)::\"\(ReferenceText.escaped(uid.id))\"" }

    private func conjunction(_ words: [String]) -> String {
        switch words.count {
        case ...1: words.first ?? ""
        case 2: "\(words[0]) and \(words[1])"
        default: "\(words.dropLast().joined(separator: ", ")), and \(words[words.count - 1])"
        }
    }

    private func text(_ access: ValidationFinding.AttributeAccess) -> String {
        var chain = ""
        for name in access.path {
            if name.isIdentifier {
                chain += (chain.isEmpty ? "" : ".") + name.string
            } else {
                chain += "[\"\(ReferenceText.escaped(name))\"]"
            }
        }
        switch access.base {
        case .entity(let names):
            return "`\(chain)` on entity type\(names.count == 1 ? "" : "s") \(names.sorted(by: precedes).map { "`\($0)`" }.joined(separator: ", "))"
        case .context(let action): return "`\(chain)` in context for \(text(action))"
        case .record: return "`\(chain)`"
        }
    }

    // MARK: Types

    private func text(_ type: ExpressionType) -> String {
        switch type {
        case .never: "__cedar::internal::Never"
        case .bool(true?): "__cedar::internal::True"
        case .bool(false?): "__cedar::internal::False"
        case .anyEntity: "__cedar::internal::AnyEntity"
        case .anyOf(let names):
            "__cedar::internal::Union<\(names.sorted(by: precedes).map(\.description).joined(separator: ", "))>"
        case .set(nil): "Set<__cedar::internal::Any>"
        case .set(let element?): "Set<\(text(element))>"
        case .record(let shape):
            (shape.isOpen ? "__cedar::internal::OpenRecord" : "") + "{"
                + shape.attributes.map { "\($0.name)\($0.isRequired ? "" : "?"): \(text($0.type))," }.joined() + "}"
        default: "\(type)"
        }
    }

    /// The reference lists types in an order of its own: by kind, then by what they are made of.
    private func precedes(_ lhs: ExpressionType, _ rhs: ExpressionType) -> Bool { order(lhs, rhs) < 0 }

    private func order(_ lhs: ExpressionType, _ rhs: ExpressionType) -> Int {
        let ranks = (rank(lhs), rank(rhs))
        if ranks.0 != ranks.1 { return ranks.0 < ranks.1 ? -1 : 1 }
        switch (lhs, rhs) {
        case (.set(let lhs?), .set(let rhs?)): return order(lhs, rhs)
        case (.record(let lhs), .record(let rhs)): return order(lhs, rhs)
        default:
            let names = (names(lhs), names(rhs))
            if names.0.lexicographicallyPrecedes(names.1, by: precedes) { return -1 }
            return names.1.lexicographicallyPrecedes(names.0, by: precedes) ? 1 : 0
        }
    }

    private func order(_ lhs: RecordShape, _ rhs: RecordShape) -> Int {
        for (left, right) in zip(lhs.attributes, rhs.attributes) {
            if left.name != right.name { return left.name < right.name ? -1 : 1 }
            let types = order(left.type, right.type)
            if types != 0 { return types }
            if left.isRequired != right.isRequired { return left.isRequired ? 1 : -1 }
        }
        return lhs.attributes.count - rhs.attributes.count
    }

    private func names(_ type: ExpressionType) -> [Name] {
        switch type {
        case .entity(let name): [name]
        case .anyOf(let names): names
        default: []
        }
    }

    private func rank(_ type: ExpressionType) -> Int {
        switch type {
        case .never: 0
        case .bool(nil): 1
        case .bool(true?): 2
        case .bool(false?): 3
        case .long: 4
        case .string: 5
        case .anyEntity: 6
        case .entity, .anyOf: 7
        case .set(nil): 8
        case .set: 9
        case .record: 10
        case .datetime: 11
        case .decimal: 12
        case .duration: 13
        case .ip: 14
        }
    }

    /// Names are ordered by their last component first.
    private func precedes(_ lhs: Name, _ rhs: Name) -> Bool {
        lhs.basename != rhs.basename ? lhs.basename < rhs.basename : lhs.components.lexicographicallyPrecedes(rhs.components)
    }
}
