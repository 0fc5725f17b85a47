// Attributes and tags: what may be missing must have been tested for.
extension TypeChecker {
    private static let holders: [ExpressionType] = [.anyEntity, .record(.any)]

    // MARK: Attributes

    mutating func checkAttribute(_ term: Int, _ target: Int, _ name: CedarString, _ shape: Int) -> Answer {
        let answer = expect(target, isOneOf: TypeChecker.holders)
        guard let type = answer.type else { return .fault(nil) }
        let capability = Capability(kind: .attribute, target: policy.terms[target].shape, name: shape)
        guard let attribute = schema.attribute(name, of: type) else {
            let suggestion = Spelling.suggestion(
                for: name.string, among: schema.attributeNames(of: type).lazy.map(\.string).prefix(256))
            report(
                .unknownAttribute(
                    access(target, [name]), suggestion: suggestion.map { CedarString($0) },
                    mayExist: schema.mayHave(name, type)), at: term)
            return .fault(nil)
        }
        guard attribute.isRequired || known.contains(capability) else {
            report(.optionalAttribute(access(target, [name])), at: term)
            return .fault(attribute.type)
        }
        return Answer.typed(attribute.type).after(answer)
    }

    /// `target has a.b.c`, which is `target has a && target.a has b && target.a.b has c`.
    mutating func checkPresence(_ term: Int, _ target: Int, _ steps: [PolicyTerms.Step]) -> Answer {
        let answer = expect(target, isOneOf: TypeChecker.holders, advice: TypeChecker.adviceForHolders)
        guard var type = answer.type else { return .fault(.bool(nil)) }
        var value: Bool? = true
        var capabilities: [Capability] = []
        for (index, step) in steps.enumerated() {
            let capability = Capability(kind: .attribute, target: step.target, name: step.name)
            let attribute = schema.attribute(step.attribute, of: type)
            let test = presence(step.attribute, attribute, of: type, isKnown: known.contains(capability))
            value = value == true ? test : test == false ? false : nil
            guard test != false else {
                reach[term] = .operands(index + 1)
                return Answer.typed(.bool(false)).after(answer)
            }
            if attribute != nil { capabilities.append(capability) }
            guard index + 1 < steps.count else { break }
            // The next step is taken from this attribute, which is there by now.
            guard let attribute else {
                let path = steps[...index].map(\.attribute)
                report(
                    .unknownAttribute(
                        access(target, path), suggestion: nil, mayExist: schema.mayHave(step.attribute, type)), at: term)
                if index + 2 < steps.count { reportUnsafe(steps.prefix(index), of: target, at: term) }
                return .fault(.bool(nil))
            }
            guard TypeChecker.holders.contains(where: { attribute.type.isSubtype(of: $0, isStrict: false) }) else {
                report(
                    .unexpectedType(
                        expected: TypeChecker.holders, actual: attribute.type,
                        advice: TypeChecker.adviceForHolders(attribute.type)), at: term)
                if index + 2 < steps.count { reportUnsafe(steps.prefix(index + 1), of: target, at: term) }
                return .fault(.bool(nil))
            }
            type = attribute.type
        }
        return Answer.typed(.bool(value), capabilities).after(answer)
    }

    /// Reports the optional attributes among the first steps of a path: behind a fault, the steps that follow are checked without what
    /// those before it have shown to be there.
    private mutating func reportUnsafe(_ steps: ArraySlice<PolicyTerms.Step>, of target: Int, at term: Int) {
        guard var type = types[target] else { return }
        var path: [CedarString] = []
        for step in steps {
            guard let attribute = schema.attribute(step.attribute, of: type) else { return }
            path.append(step.attribute)
            let isKnown = known.contains(Capability(kind: .attribute, target: step.target, name: step.name))
            if !attribute.isRequired && !isKnown { report(.optionalAttribute(access(target, path)), at: term) }
            type = attribute.type
        }
    }

    private static func adviceForHolders(_ actual: ExpressionType) -> ValidationFinding.Advice? {
        switch actual {
        case .set: .useSetMethods
        case .string: .useLike
        default: nil
        }
    }

    /// The value of `has` where it does not depend on the request.
    private func presence(
        _ name: CedarString, _ attribute: RecordShape.Attribute?, of type: ExpressionType, isKnown: Bool
    ) -> Bool? {
        guard let attribute else { return schema.mayHave(name, type) ? nil : false }
        if isKnown { return true }
        // An entity may be missing from the entities, and has then no attributes at all.
        if attribute.isRequired, case .record = type { return true }
        return nil
    }

    /// The chain of attributes that ends with `path`, back to the entity or the context that it starts from.
    private func access(_ target: Int, _ path: [CedarString]) -> ValidationFinding.AttributeAccess {
        var chain = Array(path.reversed())
        var term = target
        let text = text(of: target).map { ValidationFinding.AttributeAccess.chain(path.dropLast(), to: $0) }
        while true {
            if let names = types[term]?.entityTypes {
                return ValidationFinding.AttributeAccess(base: .entity(names), path: chain.reversed(), target: text)
            }
            switch policy.terms[term].kind {
            case .variable(.context):
                let base = ValidationFinding.AttributeAccess.Base.context(environment.action.uid)
                return ValidationFinding.AttributeAccess(base: base, path: chain.reversed(), target: text)
            case .attribute(let next, let name, _):
                chain.append(name)
                term = next
            default:
                return ValidationFinding.AttributeAccess(base: .record, path: chain.reversed(), target: text)
            }
        }
    }

    /// The Cedar text of a variable or a chain of attributes of one.
    private func text(of term: Int) -> String? {
        var chain: [CedarString] = []
        var term = term
        while true {
            switch policy.terms[term].kind {
            case .variable(let variable):
                return ValidationFinding.AttributeAccess.chain(chain.reversed(), to: variable.rawValue)
            case .attribute(let next, let name, _):
                chain.append(name)
                term = next
            default: return nil
            }
        }
    }

    // MARK: Tags

    mutating func checkTagPresence(_ target: Int, _ tag: Int) -> Answer {
        let entity = expect(target, is: .anyEntity)
        let name = expect(tag, is: .string)
        guard let type = entity.type else { return .fault(nil) }
        let capability = tagCapability(target, tag)
        let value: Bool? = schema.tagTypes(of: type).isEmpty ? false : known.contains(capability) ? true : nil
        return Answer.typed(.bool(value), [capability]).after(entity).after(name)
    }

    mutating func checkTag(_ term: Int, _ target: Int, _ tag: Int) -> Answer {
        let entity = expect(target, is: .anyEntity)
        let name = expect(tag, is: .string)
        guard let type = entity.type else { return .fault(nil) }
        guard known.contains(tagCapability(target, tag)) else {
            report(.unsafeTag(policy.tagName(tag), of: type.entityTypes ?? []), at: term)
            return .fault(nil)
        }
        let tagTypes = schema.tagTypes(of: type)
        guard !tagTypes.isEmpty else {
            report(.noTags(of: type.entityTypes ?? []), at: term)
            return .fault(nil)
        }
        guard let tagType = leastUpperBound(tagTypes, of: term, as: .tagTypes) else { return .fault(nil) }
        return Answer.typed(tagType).after(entity).after(name)
    }

    private func tagCapability(_ target: Int, _ tag: Int) -> Capability {
        Capability(kind: .tag, target: policy.terms[target].shape, name: policy.terms[tag].shape)
    }
}
