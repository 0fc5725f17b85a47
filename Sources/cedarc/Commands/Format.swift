import ArgumentParser
import LynxCedar

/// `cedarc format`: gives policies and schemas their one layout.
struct Format: CedarcCommand {
    static let configuration = CommandConfiguration(
        abstract: "Format policies and schemas.",
        discussion: """
            Prints the formatted text, or with --write puts it in place of the old. Files are taken by their names: .cedar are policies, \
            .cedarschema schemas; of folders, all such files below them, except hidden ones. When nothing is given, the standard input is read.

            Exit status: 0 when all was formatted, 1 when a file could not be, or with --check when one would change.
            """)

    @Argument(help: ArgumentHelp("Files and folders of policies and schemas.", valueName: "path"))
    var paths: [InputFile] = []

    @Option(
        name: [.customShort("p"), .customLong("policies")],
        help: ArgumentHelp("A file of policies, whatever its name.", valueName: "file"))
    var policies: [InputFile] = []

    @Option(
        name: [.customShort("s"), .customLong("schema")],
        help: ArgumentHelp("A file with a schema, whatever its name.", valueName: "file"))
    var schemas: [InputFile] = []

    @Option(
        help: ArgumentHelp(
            "What the standard input holds, and files whose names do not tell: policies or schema.", valueName: "language"))
    var language: Language = .policies

    @Option(name: .shortAndLong, help: ArgumentHelp("Columns that a line should not go beyond.", valueName: "columns"))
    var lineWidth = 80

    @Option(name: .shortAndLong, help: ArgumentHelp("Columns of a level of indentation.", valueName: "columns"))
    var indentWidth = 2

    @Flag(name: .shortAndLong, help: "Write the formatted text to the file.")
    var write = false

    @Flag(name: .shortAndLong, help: "Change nothing, and name the files that would change.")
    var check = false

    @OptionGroup var reporting: ReportingArguments

    enum Language: String, ExpressibleByArgument, CaseIterable {
        case policies, schema
    }

    private struct Input {
        let file: InputFile
        let language: Language
    }

    private static let suffixes: [(suffix: String, language: Language)] = [(".cedar", .policies), (".cedarschema", .schema)]

    func validate() throws {
        let given = paths + policies + schemas
        guard !(write && check) else { throw ValidationError("Give one of '--write' and '--check'.") }
        guard !write || (!given.isEmpty && !given.contains(.standardInput)) else {
            throw ValidationError("The option '--write' needs a file to write to.")
        }
        guard lineWidth >= 1 else { throw ValidationError("The line width must be at least 1.") }
        guard (0...Formatter.maximumIndentation).contains(indentWidth) else {
            throw ValidationError("The indent width must be from 0 to \(Formatter.maximumIndentation).")
        }
        try StandardInput.checkUsedOnce(given)
    }

    func perform(_ console: inout Console) throws(Failure) -> ExitStatus {
        let formatter = Formatter(width: lineWidth, indent: indentWidth)
        var failures = FailureCollector()
        var status = ExitStatus.success
        for input in inputs(&failures) {
            let outcome = failures.attempt { () throws(Failure) in try format(input, formatter, &console) }
            if outcome == .failure { status = .failure }
        }
        try failures.finish()
        return status
    }

    /// What is to be formatted; folders that cannot be read go to the failures.
    private func inputs(_ failures: inout FailureCollector) -> [Input] {
        var inputs = policies.map { Input(file: $0, language: .policies) } + schemas.map { Input(file: $0, language: .schema) }
        for file in paths {
            guard case .path(let path) = file, FileTree.isFolder(path) else {
                inputs.append(Input(file: file, language: language(of: file)))
                continue
            }
            let files = failures.attempt { () throws(Failure) in
                try FileTree.files(below: path, endingIn: Format.suffixes.map(\.suffix))
            }
            inputs += (files ?? []).map { Input(file: .path($0), language: language(of: .path($0))) }
        }
        if paths.isEmpty, inputs.isEmpty { inputs = [Input(file: .standardInput, language: language)] }
        return inputs
    }

    private func language(of file: InputFile) -> Language {
        guard case .path(let path) = file else { return language }
        return Format.suffixes.first { path.hasSuffix($0.suffix) }?.language ?? language
    }

    /// - Returns: a failure when the file would have to change and may not.
    private func format(_ input: Input, _ formatter: Formatter, _ console: inout Console) throws(Failure) -> ExitStatus {
        let source = try input.file.read(as: input.language.rawValue)
        let text = try Failure.onParseError { () throws(ParseError) in
            switch input.language {
            case .policies: try formatter.format(policies: source)
            case .schema: try formatter.format(schema: source)
            }
        }
        // Not as `String`: texts that look alike may be two.
        let isChanged = !text.utf8.elementsEqual(source.text.utf8)
        if check {
            if isChanged { try console.print(input.file.name) }
            return isChanged ? .failure : .success
        }
        if write, case .path(let path) = input.file {
            if isChanged { try OutputFile.replace(path, with: Array(text.utf8), as: input.language.rawValue) }
        } else {
            if !text.isEmpty { try console.print(text.hasSuffix("\n") ? String(text.dropLast()) : text) }
        }
        return .success
    }
}
