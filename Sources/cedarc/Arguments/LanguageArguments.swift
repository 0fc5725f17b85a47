import ArgumentParser
import LynxCedar

/// Which language policies are evaluated in.
struct LanguageArguments: ParsableArguments {
    @Option(
        name: .customLong("enable"),
        help: ArgumentHelp(
            "A part of Cedar that is decided but not released: variadic-is-in-range (RFC 99). Can be given several times.",
            valueName: "feature"))
    private var enabled: [Feature] = []

    private enum Feature: String, ExpressibleByArgument, CaseIterable {
        case variadicIsInRange = "variadic-is-in-range"

        var languageFeature: LanguageFeatures {
            switch self {
            case .variadicIsInRange: .variadicIsInRange
            }
        }
    }

    var features: LanguageFeatures { LanguageFeatures(enabled.map(\.languageFeature)) }
}
