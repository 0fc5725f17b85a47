import ArgumentParser
import LynxCedar

/// `cedarc translate-policy`: turns policies from Cedar's own syntax into its JSON format, and back.
struct TranslatePolicy: CedarcCommand {
    static let configuration = CommandConfiguration(
        commandName: "translate-policy",
        abstract: "Translate policies between Cedar's own syntax and its JSON format.",
        discussion: "Comments are lost. Cedar's own syntax has no links: a set with linked policies cannot be written in it.")

    @Option(help: ArgumentHelp("cedar-to-json or json-to-cedar.", valueName: "direction"))
    var direction: Direction

    enum Direction: String, ExpressibleByArgument, CaseIterable {
        case cedarToJSON = "cedar-to-json"
        case jsonToCedar = "json-to-cedar"
    }

    @Option(
        name: [.customShort("p"), .customLong("policies")],
        help: ArgumentHelp("The policies and templates. Default: the standard input.", valueName: "file"))
    var policies: InputFile = .standardInput

    @OptionGroup var reporting: ReportingArguments

    func perform(_ console: inout Console) throws(Failure) -> ExitStatus {
        switch direction {
        case .cedarToJSON:
            try console.print(PolicyFile.readCedar(policies).json.formatted())
        case .jsonToCedar:
            let set = try PolicyFile.readJSON(policies)
            if let link = set.policies.first(where: { $0.link != nil }) {
                throw Failure(
                    "`\(link.id)` is linked from a template, which Cedar's own syntax cannot say",
                    help: "keep links in a file of their own and give it with '--template-linked'")
            }
            // The text of a set that is not empty ends with a newline already.
            let text = set.description
            if !text.isEmpty { try console.print(text.hasSuffix("\n") ? String(text.dropLast()) : text) }
        }
        return .success
    }
}
