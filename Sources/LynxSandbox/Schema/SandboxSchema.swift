import LynxCedar

/// The schema that sandbox policies are written against. It ships with the product.
public enum SandboxSchema {
    /// The schema as Cedar text.
    public static let text = String(decoding: PackageResources.sandbox_cedarschema, as: UTF8.self)

    /// - Throws: only if the text that was built in is no schema.
    public static func schema() throws(ParseError) -> Schema {
        try Schema(cedar: SourceText(text, name: "sandbox.cedarschema"))
    }
}
