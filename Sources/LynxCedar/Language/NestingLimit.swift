/// How deep expressions, values and JSON texts may nest.
public enum NestingLimit {
    /// Levels that are accepted unless a caller sets another limit.
    public static let standard = 250
}
