/// How the URI of a resource stands in records.
enum RecordedURI {
    /// The URI without who asks (`user:password@`), query and fragment, which may be secrets, and not at any length.
    static func text(_ uri: String) -> String {
        let uri = uri.prefix { $0 != "?" && $0 != "#" }
        guard let scheme = uri.range(of: "://") else { return DecisionPoint.excerpt(String(uri)) }
        let rest = uri[scheme.upperBound...]
        let authority = rest.prefix { $0 != "/" }
        guard let at = authority.lastIndex(of: "@") else { return DecisionPoint.excerpt(String(uri)) }
        return DecisionPoint.excerpt(String(uri[..<scheme.upperBound]) + rest[rest.index(after: at)...])
    }
}
