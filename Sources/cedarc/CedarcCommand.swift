import ArgumentParser

/// A command of ours: does its work on a console and says how it went.
protocol CedarcCommand: ParsableCommand {
    var reporting: ReportingArguments { get }

    /// - Throws: what kept the command from doing its work.
    func perform(_ console: inout Console) throws(Failure) -> ExitStatus
}
