import LynxCedar
import Testing

@Suite("Faults of schemas are told where they are")
struct SchemaDiagnosticsTests {
    /// A schema, and a line for each fault: `LINE:COLUMN: MESSAGE`, then ` | ` and the help if there is one, then ` > LINE:COLUMN` for each note.
    struct Broken: Sendable, CustomTestStringConvertible {
        let text: String
        let faults: [String]

        init(_ text: String, _ faults: String...) {
            self.text = text
            self.faults = faults
        }

        var testDescription: String { text }
    }

    static func faults(of text: String, _ read: (String) throws -> Schema = { try Schema(cedar: $0) }) -> [String] {
        let source = SourceText(text)
        guard let error = parseError({ try read(text) }) else { return [] }
        return error.diagnostics.map { diagnostic in
            let place = diagnostic.span.map { "\(source.position(of: $0.lowerBound)): " } ?? ""
            let help = diagnostic.help.map { " | \($0)" } ?? ""
            let notes = diagnostic.notes.map { " > \(source.position(of: $0.span.lowerBound))" }.joined()
            return place + diagnostic.message + help + notes
        }
    }

    static let syntax: [Broken] = [
        Broken("entty User;", "1:1: expected `namespace`, `entity`, `action` or `type`, found `entty` | did you mean `entity`?"),
        Broken("entity User", "1:12: expected `;` after the entity type | every declaration ends with `;`"),
        Broken("entity User\nentity Photo;", "1:12: expected `;` after the entity type | every declaration ends with `;`"),
        Broken("entity A { x: Long y: Long };", "1:19: expected `,` between the attributes | did you forget a comma?"),
        Broken("entity A { x: Long; y: Long };", "1:19: attributes are separated by `,` | did you mean `,`?"),
        Broken(
            "entity A { x: , y: Long, z };\nentity B { in: Long };",
            "1:15: expected a type, found `,`", "1:28: expected `:` after the name of the attribute, found `}`",
            "2:12: `in` is a reserved word | write the name in quotes: `\"in\"`"),
        Broken("entity A = Long;", "1:12: expected `{` and the attributes, found `Long` | the attributes of entities are written out: `{ name: Type }`"),
        Broken("entity A tags Long {};", "1:20: the attributes come before `tags`"),
        Broken("entity A enum [];", "1:16: expected an id in double quotes, found `]` | an enumeration has at least one id"),
        Broken("entity N::A;", "1:9: a declared name has no namespace in it | put the declaration into `namespace N { ... }`"),
        Broken("type T = List<Long>;", "1:10: only `Set` takes a type in angle brackets"),
        Broken("type T = set<Long>;", "1:10: only `Set` takes a type in angle brackets | did you mean `Set`?"),
        Broken("action a apliesTo {};", "1:10: expected `appliesTo` or `;`, found `apliesTo` | did you mean `appliesTo`?"),
        Broken("action a in N::b;", "1:13: expected an action, found the name `N::b` | an action in another namespace is written `N::Action::\"id\"`"),
        Broken(
            "entity U; action a appliesTo { principal: U, principal: U, resource: U };",
            "1:46: `appliesTo` gives `principal` twice | put all types into one list > 1:32"),
        Broken(
            "entity U; action a appliesTo { principal: [] };",
            "1:20: `appliesTo` gives no `resource` | add `resource: [Type]`, or leave `appliesTo` out if the action is only a group",
            "1:43: there is no type of principal in the list | leave `appliesTo` out if the action is only a group"),
        Broken("action a attributes { x: Long };", "1:23: actions have no attributes | leave the braces empty, or leave `attributes {}` out"),
        Broken("namespace N { namespace M { entity A; } }", "1:15: a namespace cannot stand in another | close `N` first; the name of an inner one is written out: `N::Inner`"),
        Broken("namespace N {\n  entity A;\n", "2:12: the namespace `N` is not closed | end it with `}` > 1:13"),
        Broken("namespace N { entity A; };", "1:26: a namespace does not end with `;` | remove the `;`"),
        Broken(
            "namespace N { entity A { x: Set< }; entity B in ; }\nentity 7;\ntype T = Long",
            "1:34: expected a type, found `}`", "1:49: expected an entity type, found `;`",
            "2:8: expected the name of the entity type, found `7`",
            "3:14: expected `;` after the common type | every declaration ends with `;`"),
        Broken("permit(principal, action, resource);", "1:1: expected `namespace`, `entity`, `action` or `type`, found `permit` | this is a policy, not a schema"),
        Broken("@doc(\"x\")", "1:10: expected a declaration after the annotation, found the end of the text"),
        Broken("@a @a entity A;", "1:4: the annotation `@a` stands here twice > 1:1"),
    ]

    @Test("of syntax: all of a text, each once", arguments: syntax)
    func syntaxFaults(_ broken: Broken) {
        #expect(Self.faults(of: broken.text) == broken.faults)
    }

    static let meaning: [Broken] = [
        Broken("entity A; entity A;", "1:18: the entity type `A` is declared twice > 1:8"),
        Broken("entity A, A;", "1:11: the entity type `A` is declared twice > 1:8"),
        Broken("type T = Long; type T = Long;", "1:21: the common type `T` is declared twice > 1:6"),
        Broken("action a; action \"a\";", "1:18: the action `Action::\"a\"` is declared twice > 1:8"),
        Broken("namespace N {} namespace N {}", "1:26: the namespace `N` is declared twice | put all of its declarations into one > 1:11"),
        Broken("entity A { x: Long, \"x\": Long };", "1:21: the attribute \"x\" is declared twice > 1:12"),
        Broken("entity Action;", "1:8: `Action` is the type of actions and cannot be declared | actions are declared by `action` alone"),
        Broken("type Set = Long;", "1:6: `Set` is reserved and cannot name a common type | choose another name, such as `SetType`"),
        Broken("namespace N::__cedar {}", "1:11: `__cedar` is reserved for the language itself"),
        Broken("entity __cedar;", "1:8: `__cedar` is reserved for the language itself"),
        Broken("entity A { x: Usr }; entity User;", "1:15: there is no type `Usr` | did you mean `User`?"),
        Broken("entity A { x: Boolean };", "1:15: there is no type `Boolean` | did you mean `Bool`?"),
        Broken("entity A { x: Set };", "1:15: there is no type `Set` | write the type of the elements: `Set<Type>`"),
        Broken(
            "namespace N { entity A { x: B }; } namespace M { entity B; }",
            "1:29: there is no type `B`, neither in `N` nor in the empty namespace | did you mean `M::B`?"),
        Broken("entity A in T; type T = A;", "1:13: `T` is a common type, and only entity types can stand here > 1:21"),
        Broken("entity A in Long;", "1:13: `Long` is the type of long values, and only entity types can stand here"),
        Broken("entity A in Action; action a;", "1:13: `Action` is the type of actions, which cannot stand here"),
        Broken("action a in veiw; action view;", "1:13: there is no action `Action::\"veiw\"` | did you mean \"view\"?"),
        Broken("action a in N::Action::\"v\"; action v;", "1:13: there is no action `N::Action::\"v\"` | did you mean `Action::\"v\"`?"),
        Broken("entity U; action a appliesTo { principal: [U, V], resource: U };", "1:47: there is no entity type `V`"),
        Broken(
            "entity U; action a appliesTo { principal: U, resource: U, context: U };",
            "1:68: `U` is an entity type, and only common types can stand here > 1:8"),
        Broken(
            "type T = Long; entity U; action a appliesTo { principal: U, resource: U, context: T };",
            "1:83: the context of `Action::\"a\"` must be a record, not `Long`"),
        Broken("type T = Set<T>;", "1:6: the common type `T` contains itself: `T` contains `T` | an entity type can refer to itself: use one instead"),
        Broken(
            "type A = { b: B }; type B = Set<A>;",
            "1:6: the common type `A` contains itself: `A` contains `B` contains `A` | an entity type can refer to itself: use one instead > 1:25"),
        Broken(
            "action a in b; action b in c; action c in a;",
            "1:8: the action `Action::\"a\"` is a member of itself: `Action::\"a\"` in `Action::\"b\"` in `Action::\"c\"` in `Action::\"a\"` > 1:23 > 1:38"),
        Broken(
            "entity A; namespace N { type A = Long; }",
            "1:30: `N::A` hides `A` of the empty namespace | give one of them another name, or put both into namespaces > 1:8"),
        Broken(
            "action a; namespace N { action a; }",
            "1:32: `N::Action::\"a\"` hides the action \"a\" of the empty namespace | give one of them another name, or put both into namespaces > 1:8"),
        Broken(
            "entity A { x: Foo, y: Bar } tags Baz; action a in b;",
            "1:15: there is no type `Foo`", "1:23: there is no type `Bar`", "1:34: there is no type `Baz`",
            "1:51: there is no action `Action::\"b\"`"),
    ]

    @Test("of meaning: all of a text, each once, with both places where there are two", arguments: meaning)
    func meaningFaults(_ broken: Broken) {
        #expect(Self.faults(of: broken.text) == broken.faults)
    }

    static let json: [Broken] = [
        Broken("[]", "1:1: a schema must be an object, not an array"),
        Broken(
            #"{"": {"entityType": {}, "actions": {}}}"#,
            #"1:7: a namespace does not take the key "entityType" | did you mean `entityTypes`?"#),
        Broken(
            #"{"": {"entityTypes": {"A": {"shape": {"type": "Record", "atributes": {}}}}, "actions": {}}}"#,
            #"1:57: a type of type `Record` does not take the key "atributes" | did you mean `attributes`?"#),
        Broken(
            #"{"": {"entityTypes": {"A": {"tags": {"type": "Extension", "name": "ip"}}}, "actions": {}}}"#,
            #"1:67: there is no extension type "ip" | they are `datetime`, `decimal`, `duration`, `ipaddr`"#),
        Broken(
            #"{"": {"entityTypes": {}, "actions": {"a": {"memberOf": [{"id": "b"}]}}}}"#,
            #"1:57: there is no action `Action::"b"`"#),
    ]

    @Test("of the JSON format, with places in the JSON", arguments: json)
    func jsonFaults(_ broken: Broken) {
        #expect(Self.faults(of: broken.text) { try Schema(json: $0) } == broken.faults)
    }

    @Test("a declaration that hides another is warned of")
    func warnings() throws {
        let schema = try Schema(cedar: "entity A; type A = Long; entity String; namespace N { type ipaddr = Long; }")
        #expect(
            schema.warnings.map(\.message) == [
                "the common type `A` hides the entity type of that name", "`String` hides the type `String` of the language",
                "`N::ipaddr` hides the type `ipaddr` of the language",
            ])
        #expect(schema.warnings.allSatisfy { $0.severity == .warning && $0.span != nil })
    }
}
