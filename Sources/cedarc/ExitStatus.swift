import ArgumentParser

/// What the exit status tells whoever started the program; the numbers are those of the reference implementation.
///
/// A command line that cannot be understood ends with 64 (`EX_USAGE`), which the argument parser sees to: unlike 2, it
/// cannot be taken for a denial.
enum ExitStatus: Int32 {
    /// The command did its work; a request was allowed.
    case success = 0
    /// The command could not do its work.
    case failure = 1
    /// A request was denied.
    case deny = 2
    /// The policies are not as the schema says.
    case validationFailure = 3
    /// Some request of a partial authorization is allowed and some denied.
    case unknown = 4

    var exitCode: ExitCode { ExitCode(rawValue) }
}
