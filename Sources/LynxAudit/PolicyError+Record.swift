import LynxCedar

extension PolicyError {
    /// The error as records have it: which policy, where in it, and what kind of error, but nothing of the request or of the entities.
    ///
    /// What an evaluation fails on may be what a mask hides, or the input of a call, which is in no record. Who knows the policy finds it by its place.
    var withoutValues: String {
        guard let source, let span = error.span else { return "\(policy): \(error.withoutValues)" }
        return "\(policy): \(error.withoutValues), at \(source.name):\(source.position(of: span.lowerBound))"
    }
}

extension EvaluationError {
    fileprivate var withoutValues: String {
        switch kind {
        // Kinds of values, operations and limits.
        case .type, .overflow, .argumentCount, .nestingTooDeep: description
        case .entityMissing(let uid): "an entity of the type `\(uid.type)` does not exist"
        // The name stands in the policy.
        case .attributeMissing(let name, let entity, _, _):
            "\(entity.map { "an entity of the type `\($0.type)`" } ?? "a record") does not have the attribute `\(name)`"
        case .tagMissing(_, let entity): "an entity of the type `\(entity.type)` does not have the tag"
        case .extensionFunction(let function, _): "`\(function)` does not take its argument"
        case .unknown: "the value is not determined"
        }
    }
}
