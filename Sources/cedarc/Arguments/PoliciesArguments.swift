import ArgumentParser
import LynxCedar

/// Which policies a command works on.
struct PoliciesArguments: ParsableArguments {
    // An array only to notice a second one: if the last silently won, the policies of the others would not count.
    @Option(
        name: [.customShort("p"), .customLong("policies")],
        help: ArgumentHelp(
            "The policies and templates. Default: the standard input.", valueName: "file"))
    private var files: [InputFile] = []

    @Option(
        name: .customLong("policy-format"),
        help: ArgumentHelp("The format of the policies: cedar or json.", valueName: "format"))
    var format: PolicyFormat = .cedar

    @Option(
        name: [.customShort("k"), .customLong("template-linked")],
        help: ArgumentHelp("The links of templates, in JSON.", valueName: "file"))
    var linksFile: InputFile?

    enum PolicyFormat: String, ExpressibleByArgument, CaseIterable {
        case cedar, json
    }

    /// The file, where one is given.
    var givenFile: InputFile? { files.first }
    var file: InputFile { files.first ?? .standardInput }

    func validate() throws {
        guard files.count <= 1 else {
            throw ValidationError("The option '--policies' can be given only once.")
        }
    }

    /// Reads the policies and adds the links.
    ///
    /// - Parameter linksMayBeMissing: whether a links file that is not there counts as one without links.
    func load(linksMayBeMissing: Bool = false) throws(Failure) -> PolicySet {
        var policies = try read(file)
        if let linksFile {
            for link in try LinksFile.read(linksFile, mayBeMissing: linksMayBeMissing) {
                try link.add(to: &policies)
            }
        }
        return policies
    }

    /// Reads policies in the format that is asked for, without links.
    func read(_ file: InputFile) throws(Failure) -> PolicySet {
        switch format {
        case .cedar: try PolicyFile.readCedar(file)
        case .json: try PolicyFile.readJSON(file)
        }
    }
}
