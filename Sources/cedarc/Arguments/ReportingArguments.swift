import ArgumentParser
import LynxCedar

/// How every command reports errors.
struct ReportingArguments: ParsableArguments {
    @Option(
        name: [.customShort("f"), .customLong("error-format")],
        help: ArgumentHelp(
            "How errors are printed: human, plain (a line each) or json (an object a line). Default: $CEDAR_ERROR_FORMAT, or human.",
            valueName: "format"))
    var chosenFormat: ErrorFormat?

    enum ErrorFormat: String, ExpressibleByArgument, CaseIterable {
        case human, plain, json
    }

    /// The variable that the reference implementation takes its default from.
    private static let formatVariable = "CEDAR_ERROR_FORMAT"

    func validate() throws {
        guard let value = Environment.value(of: ReportingArguments.formatVariable), chosenFormat == nil else { return }
        guard ErrorFormat(rawValue: value) != nil else {
            throw ValidationError(
                "The value '\(value)' of \(ReportingArguments.formatVariable) is none of human, plain and json.")
        }
    }

    var renderer: DiagnosticRenderer {
        let format = chosenFormat ?? Environment.value(of: ReportingArguments.formatVariable).flatMap(ErrorFormat.init)
        return switch format ?? .human {
        case .human: DiagnosticRenderer(.human(colored: Environment.wantsColor(on: STDERR_FILENO)))
        case .plain: DiagnosticRenderer(.plain)
        case .json: DiagnosticRenderer(.json)
        }
    }
}
