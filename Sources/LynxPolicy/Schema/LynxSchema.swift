import LynxCedar

/// The schema that policies of the request path are written against.
public enum LynxSchema {
    public static let text = String(decoding: PackageResources.lynx_cedarschema, as: UTF8.self)

    public static let source = SourceText(text, name: "lynx.cedarschema")

    /// - Throws: never, as long as the tests pass: the text is ours.
    public static func schema() throws(ParseError) -> Schema { try Schema(cedar: source) }
}
