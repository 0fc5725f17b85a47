/// The program `dot` of Graphviz, which lays graphs out.
enum Graphviz {
    private static let program = "dot"

    /// Draws a graph.
    ///
    /// - Throws: when the program is not installed, or does not take the graph.
    static func svg(_ dot: String) throws(Failure) -> String {
        // Files in place of pipes: neither side can wait for the other.
        guard let input = tmpfile() else { throw temporaryFailure(errno) }
        defer { fclose(input) }
        guard let output = tmpfile() else { throw temporaryFailure(errno) }
        defer { fclose(output) }
        let code = writeAll(Array(dot.utf8), to: fileno(input))
        guard code == 0 else { throw temporaryFailure(code) }
        guard lseek(fileno(input), 0, SEEK_SET) == 0 else { throw temporaryFailure(errno) }

        try run(["-Tsvg"], input: fileno(input), output: fileno(output))

        guard lseek(fileno(output), 0, SEEK_SET) == 0 else { throw temporaryFailure(errno) }
        var reader = try InputReader(descriptor: fileno(output), role: "temporary", name: "SVG", isOwned: false)
        return String(decoding: try reader.readToEnd(), as: UTF8.self)
    }

    private static func temporaryFailure(_ code: Int32) -> Failure {
        Failure("cannot use a temporary file: \(SystemError(code: code))")
    }

    /// What the program may want to know of its surroundings: where to find fonts and to keep what it knows of them.
    private static let variables = ["PATH", "HOME", "LANG", "LC_ALL", "XDG_CACHE_HOME", "FONTCONFIG_PATH", "FONTCONFIG_FILE"]

    private static func run(_ arguments: [String], input: Int32, output: Int32) throws(Failure) {
        #if canImport(Darwin)
            var actions: posix_spawn_file_actions_t?
        #else
            var actions = posix_spawn_file_actions_t()
        #endif
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO)
        posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
        let environment = variables.compactMap { name in Environment.value(of: name).map { "\(name)=\($0)" } }
        var process: pid_t = 0
        let code = withCStrings([program] + arguments) { arguments in
            withCStrings(environment) { environment in
                posix_spawnp(&process, program, &actions, nil, arguments, environment)
            }
        }
        switch code {
        case 0: break
        case ENOENT:
            throw Failure(
                "the program `\(program)`, which draws SVG, is not installed",
                help: "install Graphviz, or write the graph with '--format dot'")
        default: throw Failure("cannot run the program `\(program)`: \(SystemError(code: code))")
        }
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0 {
            guard errno == EINTR else { throw Failure("cannot wait for `\(program)`: \(SystemError(code: errno))") }
        }
        guard status == 0 else { throw Failure("the program `\(program)` failed") }
    }

    /// Lends texts as an array of C strings that ends with a null pointer.
    private static func withCStrings<Result>(
        _ texts: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
    ) -> Result {
        let pointers = texts.map { strdup($0) }
        defer { pointers.forEach { free($0) } }
        return body(pointers + [nil])
    }
}
