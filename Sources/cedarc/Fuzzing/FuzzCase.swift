import LynxCedar

/// A request with the entities that it is decided with; both are as the schema says.
struct FuzzCase {
    /// Without the actions of the schema.
    var entities: [Entity]
    var request: Request

    /// What conditions are followed with.
    ///
    /// - Returns: `nil` when some entity would be its own ancestor.
    func evaluator(schema: Schema, features: LanguageFeatures) -> PartialEvaluator? {
        guard let entities = try? Entities(entities + schema.actionEntities) else { return nil }
        return PartialEvaluator(request: PartialRequest(request), entities: entities, features: features)
    }

    /// What an authorizer answers, to which the case brings its entities.
    ///
    /// - Parameter authorizer: has the actions of the schema as its entities.
    /// - Returns: `nil` when some entity would be its own ancestor.
    func response(of authorizer: Authorizer) -> Response? {
        try? authorizer.isAuthorized(request, with: entities)
    }

    func conforms(to schema: Schema) -> Bool {
        (try? schema.check(request)) != nil && entities.allSatisfy { (try? schema.check($0)) != nil }
    }

    /// The members `request` and `entities`, in the forms that the commands read; as Cedar text where JSON has no way to write a value.
    var json: [JSONValue.Member] {
        let request = (try? self.request.json) ?? JSONValue(.string(CedarString("\(self.request)")))
        let entities = entities.map { entity in (try? entity.json) ?? JSONValue(.string(CedarString("\(entity)"))) }
        return [JSONValue.Member("request", request), JSONValue.Member("entities", JSONValue(.array(entities)))]
    }
}
