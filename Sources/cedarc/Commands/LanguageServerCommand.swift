import ArgumentParser
import CedarLanguageServer
import LynxCedar

/// `cedarc language-server`: answers an editor on the standard input and output.
struct LanguageServerCommand: CedarcCommand {
    static let configuration = CommandConfiguration(
        commandName: "language-server",
        abstract: "Serve an editor (Language Server Protocol) on the standard input and output.",
        discussion: """
            Policies go with the schema that is given, here or by the editor as the initialization option "schema"; otherwise with \
            the nearest *.cedarschema or *.cedarschema.json upward in the folders of the workspace.
            """)

    @Option(name: .shortAndLong, help: ArgumentHelp("The schema that all policies go with.", valueName: "file"))
    var schema: String?

    // Editors add it to every server's command line.
    @Flag(help: ArgumentHelp("Talk on the standard input and output, which is the only way there is.", visibility: .hidden))
    var stdio = false

    @OptionGroup var reporting: ReportingArguments

    func validate() throws {
        guard schema != "-" else { throw ValidationError("The standard input is the editor's; give the schema as a file.") }
    }

    func perform(_ console: inout Console) throws(Failure) -> ExitStatus {
        // A mistyped name must not look like policies without faults.
        if let schema { _ = try InputFile.path(schema).read(as: "schema") }
        var input = try InputFile.standardInput.open(as: "messages")
        var server = LanguageServer(files: DiskFiles(), schema: try schema.map { path throws(Failure) in try WorkingFolder.absolute(path) })
        var reader = MessageReader()
        while true {
            var bytes: [UInt8] = []
            guard try input.read(into: &bytes) > 0 else { return status(server.statusAtEndOfInput) }
            reader.append(bytes)
            while let event = reader.next() {
                switch event {
                case .body(let body):
                    for message in server.receive(body) { try console.write(MessageReader.frame(message)) }
                    if let status = server.exitStatus {
                        try console.flush()
                        return self.status(status)
                    }
                case .fault(let response):
                    try console.write(MessageReader.frame(response))
                case .lost(let response):
                    try console.write(MessageReader.frame(response))
                    try console.flush()
                    return .failure
                }
            }
            // All that has arrived is dealt with: now there is time for what nobody waits for.
            for message in server.settle() { try console.write(MessageReader.frame(message)) }
            try console.flush()
        }
    }

    private func status(_ code: Int32) -> ExitStatus { code == 0 ? .success : .failure }
}
