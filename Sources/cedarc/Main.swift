import ArgumentParser

/// Where the program starts: parses the command line, runs the command, turns what it came to into an exit status.
@main
enum Main {
    static func main() {
        Console.ignoreBrokenPipes()
        do {
            let command = try Cedarc.parseAsRoot()
            guard let command = command as? any CedarcCommand else {
                // The bare program and the parser's own commands (`help`).
                var command = command
                try command.run()
                return
            }
            Cedarc.exit(withError: perform(command).exitCode)
        } catch {
            // The parser's own errors: help and version end with 0, a command line it cannot take with 64.
            Cedarc.exit(withError: error)
        }
    }

    private static func perform(_ command: some CedarcCommand) -> ExitStatus {
        var console = Console(renderer: command.reporting.renderer)
        do throws(Failure) {
            let status = try command.perform(&console)
            try console.flush()
            return status
        } catch {
            console.report(error.diagnostics)
            return .failure
        }
    }
}
