import ArgumentParser

/// How a command shows what it has counted and measured.
enum FigureFormat: String, ExpressibleByArgument, CaseIterable {
    /// For a person at a terminal.
    case text
    case json
}
