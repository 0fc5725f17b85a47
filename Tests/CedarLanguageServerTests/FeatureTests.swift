import LynxCedar
import Testing

@testable import CedarLanguageServer

@Suite("What the language server tells")
struct FeatureTests {
    // MARK: Diagnostics

    @Test("all parse errors are told, and findings of the validation with the rule's code")
    func diagnostics() {
        var session = Session()
        session.open("/w/p.cedar", "permit(principal, action, resource) when { principal.nam };\nforbid(principal; action, resource);\npermit(;")
        #expect((session.diagnostics()["/w/p.cedar"]?.count ?? 0) >= 2)
        session.notify(
            "textDocument/didChange",
            [
                "textDocument": ["uri": "file:///w/p.cedar", "version": 2],
                "contentChanges": [
                    ["text": "permit(principal is App::User, action == App::Action::\"view\", resource) when { principal.manager.age > 3 && resource.nam };"]
                ],
            ])
        #expect(session.diagnostics()["/w/p.cedar"] == ["optional-attribute", "unknown-attribute"])
    }

    @Test("an edit of the schema's open buffer checks the policies anew; closing it goes back to the file")
    func schemaBuffer() {
        var session = Session()
        session.open("/w/p.cedar", "permit(principal is App::User, action, resource);")
        #expect(session.diagnostics() == ["/w/p.cedar": []])
        session.open("/w/app.cedarschema", "entity User; action view appliesTo { principal: User, resource: User };")
        let found = session.diagnostics()
        #expect(Set(found["/w/p.cedar"] ?? []) == ["unknown-entity-type", "inapplicable-action"])
        #expect(found["/w/app.cedarschema"] == [])
        session.notify("textDocument/didClose", ["textDocument": ["uri": "file:///w/app.cedarschema"]])
        #expect(session.diagnostics()["/w/p.cedar"] == [])
    }

    @Test("the faults of a schema that nobody has open are told, and taken back")
    func closedSchema() {
        var session = Session(["/w/app.cedarschema": "entity User in Team;"])
        session.open("/w/p.cedar", "permit(principal, action, resource);")
        let found = session.diagnostics()
        #expect(found["/w/p.cedar"] == [])
        #expect(found["/w/app.cedarschema"]?.count == 1)
    }

    @Test("policies go with the nearest schema upward, within the workspace; a configured one goes first")
    func nearestSchema() {
        let files = [
            "/app.cedarschema": "entity Outer;", "/w/a.cedarschema": "entity Root;", "/w/x/b.cedarschema": "entity Inner;", "/w/x/y/p.cedar": "",
            "/w/x/y/p.cedarschema.json": "{}",
        ]
        var workspace = Workspace(files: FilesInMemory(texts: files))
        workspace.roots = ["/w"]
        #expect(workspace.schemaURI(for: DocumentURI(path: "/w/p.cedar"))?.path == "/w/a.cedarschema")
        #expect(workspace.schemaURI(for: DocumentURI(path: "/w/z/z/p.cedar"))?.path == "/w/a.cedarschema")
        #expect(workspace.schemaURI(for: DocumentURI(path: "/w/x/p.cedar"))?.path == "/w/x/b.cedarschema")
        #expect(workspace.schemaURI(for: DocumentURI(path: "/w/x/y/q.cedar"))?.path == "/w/x/y/p.cedarschema.json")
        #expect(workspace.schemaURI(for: DocumentURI(path: "/v/p.cedar")) == nil)
        workspace.configuredSchema = DocumentURI("file:///s.cedarschema")
        #expect(workspace.schemaURI(for: DocumentURI(path: "/w/x/p.cedar"))?.path == "/s.cedarschema")
    }

    @Test("a configured schema may have any name; one that cannot be read is told of once")
    func configuredSchema() {
        var session = Session(["/w/types.txt": "entity User; action view appliesTo { principal: User, resource: User };"], options: ["schema": "types.txt"])
        session.open("/w/p.cedar", "permit(principal is User, action, resource) when { principal.x };")
        #expect(session.diagnostics() == ["/w/p.cedar": ["unknown-attribute"]])
        var other = Session([:], options: ["schema": "/none.cedarschema"])
        #expect(other.server.settle().map { $0["method"]?.string ?? "" } == ["window/showMessage"])
        #expect(other.server.settle().isEmpty)
    }

    // MARK: Hover

    @Test(
        "hover shows the type of the expression, or the declaration of a name",
        arguments: [
            ("permit(principal is App::User, action, resource) when { principal.man▮ager has age };", "principal.manager: App::User"),
            ("permit(principal is App::User, action, resource) when { princi▮pal.age > 1 };", "principal: App::User"),
            ("permit(principal is App::User, action, resource) when { principal.age▮ > 1 };", "principal.age: Long"),
            ("permit(principal, action == App::Action::\"view\", resource) when { context.home.fr▮om.isLoopback() };", "context.home.from: ipaddr"),
            ("permit(principal is App::Us▮er, action, resource);", "entity App::User in [App::Team]"),
            ("permit(principal, action == App::Action::\"vi▮ew\", resource);", "resource: [App::Photo]"),
            ("permit(princi▮pal, action == App::Action::\"join\", resource);", "principal: App::Team"),
        ])
    func hover(text: String, expected: String) {
        var session = Session()
        let value = session.ask("textDocument/hover", text)?["contents"]?["value"]?.string
        #expect(value?.contains(expected) == true, "\(value ?? "nothing")")
    }

    // MARK: Completion

    @Test(
        "members are those of the receiver's type, also while the text does not parse",
        arguments: [
            ("permit(principal is App::User, action, resource) when { principal.▮", ["age", "manager"]),
            ("permit(principal is App::User, action, resource) when { principal.▮ };", ["age", "home", "odd name"]),
            ("permit(principal is App::User, action, resource) when { principal.ma▮ && resource.", ["age", "manager"]),
            ("permit(principal is App::User, action, resource) when { principal.manager.home.▮ == 1 };", ["street", "from"]),
            ("permit(principal is App::User, action, resource) when { principal.tags.▮ };", ["contains", "containsAll", "isEmpty"]),
            ("permit(principal, action == App::Action::\"view\", resource) when { context.ip.▮", ["isLoopback", "isInRange"]),
            ("permit(principal, action == App::Action::\"view\", resource) when { resource.taken.▮", ["toDate", "durationSince"]),
            ("permit(principal, action == App::Action::\"view\", resource) when { resource.▮", ["owner", "taken", "hasTag"]),
            ("permit(principal is App::User, action, resource) when { principal has ▮", ["age", "manager"]),
            ("permit(principal is App::User, action, resource) when { principal has manager.h▮ };", ["age", "home"]),
            ("permit(principal, action, resource) when { principal is App::User && principal.▮", ["age"]),
            ("forbid(principal; permit(principal is App::User, action, resource) when { (principal.manager).▮", ["home"]),
            ("permit(principal, action, resource) when { App::User::\"a\".▮ };\npermit(principal, action, resource);", ["manager"]),
        ])
    func members(text: String, expected: [String]) {
        var session = Session()
        let labels = session.labels(text).map { $0.replacing("\"", with: "") }
        #expect(Set(expected).isSubset(of: labels), "\(labels)")
        // Nothing of the kind that cannot stand there.
        #expect(!labels.contains("permit") && !labels.contains("when"))
    }

    @Test(
        "what is offered is what can stand there",
        arguments: [
            ("▮", ["permit", "forbid"], ["when"]),
            ("per▮", ["permit", "forbid"], []),
            ("@▮", ["id"], ["permit"]),
            ("permit(▮", ["principal"], ["action"]),
            ("permit(principal, ▮", ["action"], ["principal"]),
            ("permit(principal ▮", ["==", "in", "is"], ["has"]),
            ("permit(principal is ▮", ["App::User", "App::Photo"], []),
            ("permit(principal == ▮", ["App::User", "?principal"], ["App::Photo"]),
            ("permit(principal, action == ▮", ["App::Action::\"view\"", "App::Action::\"edit all\""], ["App::User"]),
            ("permit(principal, action in [App::Action::\"view\", ▮", ["App::Action::\"join\""], []),
            ("permit(principal, action == App::Action::▮", ["\"view\"", "\"edit all\""], ["User"]),
            ("permit(principal, action == App::Action::\"▮", ["view", "edit all"], []),
            ("permit(principal, action == App::▮", ["Action"], []),
            ("permit(principal, action, resource) ▮", ["when", "unless"], ["permit"]),
            ("permit(principal, action, resource) when { true } u▮", ["when", "unless"], []),
            ("permit(principal, action, resource) when { ▮", ["principal", "context", "if", "ip", "App::Color::\"red\""], ["when"]),
            ("permit(principal, action, resource) when { principal ▮", ["has", "in", "is", "like"], ["context"]),
            ("permit(principal, action, resource); ▮", ["permit"], ["when"]),
            ("// ▮", [], ["permit"]),
            ("permit(principal, action, resource) when { \"prin▮", [], ["principal"]),
        ])
    func places(text: String, expected: [String], unexpected: [String]) {
        var session = Session()
        let labels = session.labels(text)
        #expect(Set(expected).isSubset(of: labels), "\(labels)")
        #expect(Set(unexpected).isDisjoint(with: labels), "\(labels)")
    }

    @Test(
        "in a schema too",
        arguments: [
            ("▮", ["entity", "action", "type", "namespace"], []),
            ("namespace A { entity B; ▮", ["entity", "action"], ["namespace"]),
            ("entity A; entity B in ▮", ["A", "B"], ["String"]),
            ("entity A; type T = Long; entity B { a: ▮", ["A", "T", "Long", "Set"], []),
            ("entity A; action view appliesTo { ▮", ["principal", "resource", "context"], []),
            ("entity A; action view appliesTo { principal: [▮", ["A"], ["view"]),
            ("action all; action view in ▮", ["all"], []),
            ("entity A ▮", ["in", "tags", "enum"], []),
        ])
    func schemaPlaces(text: String, expected: [String], unexpected: [String]) {
        var session = Session([:])
        let labels = session.labels(text, path: "/w/s.cedarschema")
        #expect(Set(expected).isSubset(of: labels), "\(labels)")
        #expect(Set(unexpected).isDisjoint(with: labels), "\(labels)")
    }

    // MARK: Definitions, references, names

    @Test(
        "definitions are in the schema",
        arguments: [
            ("permit(principal is App::▮User, action, resource);", ["2:User"]),
            ("permit(principal, action == App::Action::\"edit▮ all\", resource);", ["7:\"edit all\""]),
            ("permit(principal is App::User, action, resource) when { principal.a▮ge > 1 };", ["2:age"]),
            ("permit(principal is App::User, action, resource) when { principal.manager.home.stre▮et == \"\" };", ["6:street"]),
            ("permit(principal, action == App::Action::\"view\", resource) when { context.ho▮me.street == \"\" };", ["7:home"]),
            ("permit(principal is App::User, action, resource) when { principal has manager.ho▮me };", ["2:home"]),
        ])
    func definitions(text: String, expected: [String]) {
        var session = Session()
        let locations = session.ask("textDocument/definition", text)
        #expect(session.texts(locations, ["/w/app.cedarschema": Session.schema]) == expected)
    }

    @Test("a name in a schema leads to its declaration")
    func definitionsInSchema() {
        var session = Session()
        let text = Session.schema.replacing("home: Address,", with: "home: Addr▮ess,")
        let locations = session.ask("textDocument/definition", text, path: "/w/app.cedarschema")
        #expect(session.texts(locations, ["/w/app.cedarschema": Session.schema]) == ["6:Address"])
    }

    @Test(
        "a rename changes the schema, the open policies and the files",
        arguments: [
            ("permit(principal is App::Us▮er, action, resource);", "Person", ["Person"], 5, 1),
            ("permit(principal, action == App::Action::\"vi▮ew\", resource);", "look at", ["\"look at\""], 1, 1),
            ("permit(principal, action == App::Action::\"vi▮ew\", resource);", "look", ["\"look\"", "look"], 1, 1),
        ])
    func rename(text: String, newName: String, newTexts: [String], inSchema: Int, inFile: Int) {
        var session = Session([
            "/w/app.cedarschema": Session.schema,
            "/w/other.cedar": "permit(principal == App :: User::\"App::User\", action == App::Action::\"view\", resource);",
        ])
        let changes = session.ask("textDocument/rename", text, [("newName", JSONValue(newName))])?["changes"]
        #expect(changes?["file:///w/app.cedarschema"]?.array?.count == inSchema)
        #expect(changes?["file:///w/other.cedar"]?.array?.count == inFile)
        #expect(changes?["file:///w/p.cedar"]?.array?.count == 1)
        for uri in ["file:///w/app.cedarschema", "file:///w/other.cedar"] as [CedarString] {
            for edit in changes?[uri]?.array ?? [] { #expect(newTexts.contains(edit["newText"]?.string ?? "")) }
        }
    }

    @Test(
        "a rename that would make something else of the schema is refused",
        arguments: ["Team", "Action", "in", "a b", "", "App::X", "__cedar"])
    func refusedRename(newName: String) {
        var session = Session()
        let text = "permit(principal is App::Us▮er, action, resource);"
        session.open("/w/p.cedar", text.replacing("▮", with: ""))
        let response = session.response(
            "textDocument/rename", Session.place(text, path: "/w/p.cedar", [("newName", JSONValue(newName))]))
        #expect(response?["error"]?["code"]?.integer == -32803)
    }

    @Test("references are all places that name it")
    func references() {
        var session = Session()
        let locations = session.ask("textDocument/references", "permit(principal in App::Te▮am::\"x\", action, resource is App::Team);")
        #expect(locations?.array?.count == 6)
    }

    // MARK: The whole document

    @Test("formatting gives edits that make the formatted text; a text that does not parse is left alone")
    func formatting() {
        var session = Session()
        session.open("/w/p.cedar", "permit(principal,action,resource)when{true};")
        let parameters: JSONValue = ["textDocument": ["uri": "file:///w/p.cedar"], "options": ["tabSize": 2, "insertSpaces": true]]
        let edits = session.request("textDocument/formatting", parameters)?.array
        #expect(edits?.count == 1)
        #expect(edits?.first?["newText"]?.string?.contains("permit (principal, action, resource)") == true)
        session.open("/w/p.cedar", "permit(")
        #expect(session.request("textDocument/formatting", parameters)?.isNull == true)
    }

    @Test("the outline has the policies by their ids, also of a text that does not parse")
    func policySymbols() {
        var session = Session(capabilities: ["textDocument": ["documentSymbol": ["hierarchicalDocumentSymbolSupport": true]]])
        session.open("/w/p.cedar", "@id(\"first\") permit(principal, action, resource);\npermit(principal, ;\nforbid(principal, action, resource")
        let symbols = session.request("textDocument/documentSymbol", ["textDocument": ["uri": "file:///w/p.cedar"]])?.array
        #expect(symbols?.map { $0["name"]?.string ?? "" } == ["first", "policy1", "policy2"])
    }

    @Test("the outline of a schema has its declarations in their namespaces")
    func schemaSymbols() {
        var session = Session(capabilities: ["textDocument": ["documentSymbol": ["hierarchicalDocumentSymbolSupport": true]]])
        let symbols = session.request("textDocument/documentSymbol", ["textDocument": ["uri": "file:///w/app.cedarschema"]])?.array
        #expect(symbols?.map { $0["name"]?.string ?? "" } == ["App"])
        let children = symbols?.first?["children"]?.array?.map { $0["name"]?.string ?? "" }
        #expect(children == ["User", "Team", "Photo", "Color", "Address", "view", "\"edit all\"", "join"])
    }
}
