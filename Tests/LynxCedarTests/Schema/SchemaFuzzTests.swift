import CedarGenerators
import LynxCedar
import Testing

@Suite("Damaged schemas")
struct SchemaFuzzTests {
    private static let seeds = [
        """
        @doc("x") namespace N::M { entity A, B in [A, C] = { x?: Set<Long>, "y z": { a: A } } tags String; entity C enum ["a", "b"];
        type T = { a: __cedar::Bool, }; action "a", b in [c, N::M::Action::"c"] appliesTo { principal: [A], resource: B, context: T };
        action c; }
        """,
        #"{"N": {"entityTypes": {"A": {"memberOfTypes": ["A"], "shape": {"type": "Record", "attributes": {"x": {"type": "Long", "required": false}}}}},"#
            + #" "actions": {"a": {"appliesTo": {"principalTypes": ["A"], "resourceTypes": ["A"]}, "memberOf": [{"id": "b"}]}, "b": {}}}}"#,
    ]

    @Test("are read or refused, with spans inside the text")
    func mutations() {
        let fragments = [
            "entity", "action", "type", "namespace", "in", "[", "]", "{", "}", "<", ">", "Set<", "?", ":", "::", ";", ",", "=", "@", "\"",
            "appliesTo {", "tags", "enum [", "principal:", "__cedar::", "\\u{", "//",
        ]
        var mutator = ByteMutator(seed: 7, fragments: fragments)
        for round in 0..<4_000 {
            let bytes = mutator.mutated(Array(Self.seeds[round % 2].utf8))
            let text = String(decoding: bytes, as: UTF8.self)
            if let error = parseError({ try Schema(cedar: text) }) { expectSpansInside(text, error) }
            if let error = parseError({ try Schema(json: text) }) { expectSpansInside(text, error) }
        }
    }
}
