import ArgumentParser
import LynxCedar

/// `cedarc link`: links a template, prints the policy, and adds the link to the links file.
struct Link: CedarcCommand {
    static let configuration = CommandConfiguration(
        abstract: "Link a template and print the policy that comes of it.",
        discussion: "With --template-linked, the link is added to that file, which is made if it is missing.")

    @OptionGroup(title: "Policies") var policies: PoliciesArguments

    @Option(help: ArgumentHelp("The id of the template.", valueName: "id"))
    var templateId: String

    @Option(name: .shortAndLong, help: ArgumentHelp("The id of the new policy.", valueName: "id"))
    var newId: String

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "The values of the slots, a JSON object: '{\"?principal\": \"User::\\\"alice\\\"\"}'.", valueName: "json"))
    var arguments: String

    @OptionGroup var reporting: ReportingArguments

    func validate() throws {
        if policies.linksFile == .standardInput {
            throw ValidationError("The links file is written to: it cannot be the standard input.")
        }
    }

    func perform(_ console: inout Console) throws(Failure) -> ExitStatus {
        let source = SourceText(arguments, name: "--arguments")
        var failures = FailureCollector()
        let policies = failures.attempt { () throws(Failure) in try self.policies.load(linksMayBeMissing: true) }
        let values = failures.attempt { () throws(Failure) in
            try Failure.onParseError { () throws(ParseError) in
                try SlotValues.read(JSONValue(parsing: source), source: source)
            }
        }
        try failures.finish()
        guard var policies, let values else { return .failure }

        let entry = LinkEntry(template: PolicyID(templateId), id: PolicyID(newId), values: values)
        let policy = try entry.add(to: &policies)
        if case .path(let path) = self.policies.linksFile {
            let entries = try LinksFile.read(.path(path), mayBeMissing: true)
            try LinksFile.write(entries + [entry], to: path)
        }
        try console.print(policy.description)
        return .success
    }
}
