import ArgumentParser
import LynxCedar

/// A file that a command reads, as named on the command line; `-` is the standard input.
enum InputFile: Hashable {
    case standardInput
    case path(String)

    /// What diagnostics call it.
    var name: String {
        switch self {
        case .standardInput: "<stdin>"
        case .path(let path): path
        }
    }
}

extension InputFile: ExpressibleByArgument {
    init?(argument: String) {
        self = argument == "-" ? .standardInput : .path(argument)
    }
}

extension InputFile {
    /// Opens the file for reading.
    ///
    /// - Parameter role: what the file is to the command, for messages: "policies", "entities".
    func open(as role: String) throws(Failure) -> InputReader {
        switch self {
        case .standardInput:
            return try InputReader(descriptor: STDIN_FILENO, role: role, name: name, isOwned: false)
        case .path(let path):
            // A zero byte would end the path for the C library, and another file be opened than was named.
            guard !path.utf8.contains(0) else { throw Failure("the path of the \(role) file holds a zero byte") }
            let descriptor = openForReading(path)
            guard descriptor >= 0 else {
                throw Failure("cannot open the \(role) file `\(name)`: \(SystemError(code: errno))")
            }
            return try InputReader(descriptor: descriptor, role: role, name: name, isOwned: true)
        }
    }

    /// Reads the file as text.
    ///
    /// - Throws: a failure that says what is wrong with it: missing, a directory, unreadable, larger than ``SourceText/maximumSize``, not UTF-8, starting with a byte order mark.
    func read(as role: String) throws(Failure) -> SourceText {
        var reader = try open(as: role)
        let bytes = try reader.readToEnd()
        return try Failure.onParseError { () throws(ParseError) in try SourceText(utf8: bytes, name: name) }
    }

    /// Reads the file as text that must hold a JSON value.
    ///
    /// - Parameter emptyForm: what an author who means "nothing" has to write.
    func readJSON(as role: String, emptyForm: String) throws(Failure) -> SourceText {
        try readJSON(as: role, helpWhenEmpty: "where nothing is meant, write `\(emptyForm)`")
    }

    /// Reads the file as text that must hold a JSON value.
    func readJSON(as role: String, helpWhenEmpty help: String) throws(Failure) -> SourceText {
        let source = try read(as: role)
        guard source.text.utf8.contains(where: { !$0.isJSONSpace }) else {
            throw Failure([
                Diagnostic("the \(role) file is empty", help: help, source: source)
            ])
        }
        return source
    }
}

/// `open(2)`, which is variadic in C; for reading it takes no mode.
private func openForReading(_ path: String) -> Int32 {
    while true {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        if descriptor >= 0 || errno != EINTR { return descriptor }
    }
}

extension UInt8 {
    /// White space as JSON has it (RFC 8259, 2).
    var isJSONSpace: Bool {
        switch self {
        case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r"): true
        default: false
        }
    }
}
