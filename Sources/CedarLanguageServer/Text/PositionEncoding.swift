/// What the columns of positions count (Language Server Protocol 3.17, `PositionEncodingKind`).
public enum PositionEncoding: String, Sendable {
    /// Bytes of UTF-8.
    case utf8 = "utf-8"
    /// Code units of UTF-16, which every client has.
    case utf16 = "utf-16"
}
