/// What the program's surroundings say.
enum Environment {
    /// The value of an environment variable; `nil` when it is unset or empty.
    static func value(of name: String) -> String? {
        guard let value = getenv(name), value.pointee != 0 else { return nil }
        return String(cString: value)
    }

    /// Whether output to the descriptor may be coloured: it goes to a terminal, and the user has not asked for none
    /// (no-color.org).
    static func wantsColor(on descriptor: Int32) -> Bool {
        isTerminal(descriptor) && value(of: "NO_COLOR") == nil
    }

    /// Whether output to the descriptor goes to a terminal that can more than print.
    static func isTerminal(_ descriptor: Int32) -> Bool {
        isatty(descriptor) == 1 && value(of: "TERM") != "dumb"
    }
}
