import Testing

@testable import LynxCedar

@Suite("What types decide of partial requests")
struct TypedFoldingTests {
    private static let schema = """
        entity Team;
        entity User in [Team] { manager?: User, team: Team, level: Long };
        entity Folder in [Folder];
        entity Doc in [Folder] { owner: User, title: String, readers: Set<User>, place: { city: String, zip?: String } } tags Long;
        entity Photo;
        entity Colour enum ["red", "green"];
        action read, write;
        action view in [read] appliesTo {
          principal: [User, Team], resource: [Doc, Photo],
          context: { mfa: Bool, hour: Long, at?: datetime, from: ipaddr, team: Team, groups: Set<Team>, place: { city: String, zip?: String } }
        };
        """

    private static let request = PartialRequest(
        principal: .unknown(type: "User"), action: .known("Action::\"view\""), resource: .unknown(type: "Doc"), context: .unknown)

    private func authorizer(_ policies: String) throws -> Authorizer {
        let schema = try Schema(cedar: SourceText(Self.schema))
        return Authorizer(policies: try PolicySet(cedar: policies), entities: try Entities(schema.actionEntities), schema: schema)
    }

    /// Conditions, with what is left of them; `nil` when they are decided to be false.
    static let table: [(condition: String, left: String?)] = [
        // Attributes of the context and of records are there as their types say.
        ("context has mfa && context.mfa", "context.mfa"),
        ("context has place.city && context.mfa", "context.mfa"),
        ("context has at", "context has at"),
        ("context has elsewhere", nil),
        ("context.place has country", nil),
        ("context.place has zip", "context.place has zip"),
        ("context has place.country", nil),
        // An entity may be missing, and has then no attributes at all.
        ("resource has owner", "resource has owner"),
        ("resource has owner.level", "resource has owner.level"),
        ("resource has pages", nil),
        ("resource has owner.pages", nil),
        ("context.mfa && resource has place.country", nil),
        // Members are of types that the schema lets be members.
        ("resource in Folder::\"a\"", "resource in Folder::\"a\""),
        ("resource in Team::\"a\"", nil),
        ("principal in context.team", "principal in context.team"),
        ("principal in context.groups", "principal in context.groups"),
        ("resource in context.groups", nil),
        ("context.team in principal", nil),
        ("context.team in context.team", "context.team in context.team"),
        ("principal in [context.team, Team::\"a\"]", "principal in [context.team, Team::\"a\"]"),
        // Where evaluating it may fail, it stays.
        ("resource.owner in Folder::\"a\"", "resource.owner in Folder::\"a\""),
        ("resource.owner is User", "resource.owner is User"),
        // Entities of different types differ.
        ("context.team == Team::\"a\"", "context.team == Team::\"a\""),
        ("context.team == principal", nil),
        ("context.team is User", nil),
        ("context.team is Team && context.mfa", "context.mfa"),
        ("context.mfa && principal is Team", nil),
        // Operands of the right types do not fail, so what comes behind them counts.
        ("context.hour < 3 && resource is Photo", nil),
        ("context.from.isLoopback() && resource is Photo", nil),
        ("context.groups.contains(Team::\"a\") && resource is Photo", nil),
        ("context.place.city like \"a*\" && resource is Photo", nil),
        ("context.hour + 1 < 3 && resource is Photo", "context.hour + 1 < 3 && false"),
        ("resource.title == \"a\" && resource is Photo", "resource.title == \"a\" && false"),
        // Tags.
        ("resource.hasTag(\"a\")", "resource.hasTag(\"a\")"),
        ("principal.hasTag(\"a\")", nil),
        ("context.mfa && context.team.hasTag(\"a\")", nil),
    ]

    @Test("conditions are simplified by the types of what is unknown", arguments: table)
    func folding(condition: String, left: String?) throws {
        let policy = "permit(principal, action, resource) when { \(condition) };"
        let partial = try authorizer(policy).isAuthorizedPartially(Self.request)
        let expected = try left.map { try Policy(cedar: "permit(principal, action, resource) when { \($0) };") }
        #expect(partial.residuals.policy("policy0") == expected)
        if left == nil { #expect(partial.decision == .deny) }
    }

    @Test("a known entity of which the attributes are unknown has those of its type")
    func unknownEntity() throws {
        var request = Self.request
        request.principal = .known("User::\"alice\"")
        request.unknownEntities = .missing
        let authorizer = try authorizer(
            """
            permit(principal, action, resource) when { principal has manager };
            permit(principal, action, resource) when { principal has pages };
            permit(principal, action, resource) when { principal.hasTag("a") };
            permit(principal, action, resource) when { principal in Folder::"a" };
            permit(principal in Team::"a", action, resource);
            """)
        let left = try authorizer.isAuthorizedPartially(request).residuals
        #expect(left.policies.map(\.id) == ["policy0", "policy4"])
    }

    /// Partial requests that no conforming request completes, or of which the environment is not known, with what is said of them.
    static let refused: [(request: PartialRequest, message: String)] = [
        (PartialRequest(principal: .unknown(type: "User"), resource: .unknown(type: "Doc")), "the action must be known: types depend on it"),
        (PartialRequest(action: .known("Action::\"view\""), resource: .unknown(type: "Doc")), "the type of the principal must be known"),
        (PartialRequest(principal: .unknown(type: "User"), action: .known("Action::\"view\"")), "the type of the resource must be known"),
        (PartialRequest(principal: .unknown(type: "Usr"), action: .known("Action::\"view\""), resource: .unknown(type: "Doc")), "the schema declares no entity type `Usr`"),
        (PartialRequest(principal: .unknown(type: "Doc"), action: .known("Action::\"view\""), resource: .unknown(type: "Doc")), "`Action::\"view\"` does not apply to a principal of type `Doc`"),
        (PartialRequest(principal: .unknown(type: "User"), action: .known("Action::\"see\""), resource: .unknown(type: "Doc")), "the schema declares no action `Action::\"see\"`"),
        (PartialRequest(principal: .unknown(type: "User"), action: .known("Action::\"view\""), resource: .unknown(type: "Doc"), context: PartialRecord(["hour": "noon"], isOpen: true)), "the attribute `hour` must be of type `Long`, not string"),
        (PartialRequest(principal: .unknown(type: "User"), action: .known("Action::\"view\""), resource: .unknown(type: "Doc"), context: PartialRecord(unknown: ["minute": .value], isOpen: true)), "the context of `Action::\"view\"` has an attribute `minute` that the schema does not know"),
    ]

    @Test("a request that no conforming one completes is refused", arguments: refused)
    func refusedRequests(request: PartialRequest, message: String) throws {
        let authorizer = try authorizer("permit(principal, action, resource);")
        let error = try #require(throws: PartialAuthorizationError.self) { _ = try authorizer.isAuthorizedPartially(request) }
        guard case .request(let conformance) = error else {
            Issue.record("\(error)")
            return
        }
        #expect(conformance.faults.map(\.message) == [message])
    }

    @Test("a closed context without what the action requires is refused")
    func incompleteContext() throws {
        var request = Self.request
        request.context = PartialRecord(unknown: ["mfa": .value])
        let authorizer = try authorizer("permit(principal, action, resource);")
        let error = try #require(throws: PartialAuthorizationError.self) { _ = try authorizer.isAuthorizedPartially(request) }
        guard case .request(let conformance) = error else { throw error }
        #expect(conformance.faults.map(\.path) == Array(repeating: [.context], count: 5))
    }

    /// Policies, with the rules that they break in the environment of a user and a document.
    static let invalid: [(policy: String, rules: [ValidationRule])] = [
        ("permit(principal, action, resource) when { context.at == datetime(\"2024-01-01\") };", [.optionalAttribute]),
        ("permit(principal, action, resource) when { resource.pages == 1 };", [.unknownAttribute]),
        ("permit(principal, action, resource) when { resource is Documnt };", [.unknownEntityType]),
        ("permit(principal, action, resource) when { context.hour };", [.unexpectedType]),
        // Wrong for photos only, or for no request at all: of no concern here.
        ("permit(principal, action, resource) when { resource.title == \"a\" };", []),
        ("permit(principal, action == Action::\"write\", resource);", []),
        ("permit(principal, action, resource) when { resource is Photo && resource.pages == 1 };", []),
    ]

    @Test("policies that are not valid for the environment are refused", arguments: invalid)
    func refusedPolicies(policy: String, rules: [ValidationRule]) throws {
        let authorizer = try authorizer("permit(principal, action, resource); \(policy)")
        do throws(PartialAuthorizationError) {
            _ = try authorizer.isAuthorizedPartially(Self.request)
            #expect(rules == [])
        } catch {
            guard case .policies(let findings) = error else { throw error }
            #expect(findings.map(\.kind.rule) == rules)
            #expect(findings.allSatisfy { $0.policy == "policy1" })
        }
    }
}
