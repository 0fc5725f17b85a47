import ArgumentParser
import LynxCedar

/// `cedarc new`: starts a project.
struct New: CedarcCommand {
    static let configuration = CommandConfiguration(
        abstract: "Start a project: a folder with a schema, policies, entities and tests that pass.")

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("The name of the project and of its folder, which must not be there or be empty.", valueName: "name"))
    var name: String

    @OptionGroup var reporting: ReportingArguments

    func validate() throws {
        guard New.isName(name) else {
            throw ValidationError(
                "The value '\(DisplayText.line(name))' of '--name' is no name for a project: it may have letters, digits, '.', '_' and '-', and starts with a letter or digit."
            )
        }
    }

    /// Whether a text names a folder in the working directory, can be typed without quotes and is no option.
    private static func isName(_ text: String) -> Bool {
        func isWord(_ scalar: Unicode.Scalar) -> Bool {
            scalar.properties.isAlphabetic || scalar.properties.numericType != nil
        }
        guard let first = text.unicodeScalars.first, isWord(first) else { return false }
        return text.unicodeScalars.allSatisfy { isWord($0) || $0 == "." || $0 == "_" || $0 == "-" }
    }

    func perform(_ console: inout Console) throws(Failure) -> ExitStatus {
        let project = StarterProject(name: name)
        try New.makeFolder(name)
        for file in project.files {
            try OutputFile.replace("\(name)/\(file.name)", with: Array(file.text.utf8), as: "project")
        }
        try console.print("created \(name): \(project.files.map(\.name).joined(separator: ", "))")
        try console.print("next: cd \(name) && \(StarterProject.testCommand)")
        return .success
    }

    private static func makeFolder(_ path: String) throws(Failure) {
        guard mkdir(path, 0o777) != 0 else { return }
        let code = errno
        guard code == EEXIST else { throw Failure("cannot make the folder `\(path)`: \(SystemError(code: code))") }
        guard let folder = opendir(path) else {
            throw Failure("cannot make the folder `\(path)`: \(SystemError(code: code))")
        }
        defer { closedir(folder) }
        // An empty folder has itself and the one around it.
        var entries = 0
        while readdir(folder) != nil { entries += 1 }
        guard entries <= 2 else {
            throw Failure("the folder `\(path)` is not empty", help: "choose another name, or empty it first")
        }
    }
}
