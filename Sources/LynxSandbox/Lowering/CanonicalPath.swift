/// An absolute path in the form that the kernel tells: without empty components, `.`, `..`, or a slash at the end.
struct CanonicalPath {
    let text: String

    /// - Returns: `nil` when the path is not absolute.
    init?(_ path: String) {
        guard path.utf8.first == UInt8(ascii: "/") else { return nil }
        var components: [Substring] = []
        for component in path.split(separator: "/") {
            switch component {
            case ".": continue
            case "..": _ = components.popLast()
            default: components.append(component)
            }
        }
        text = "/" + components.joined(separator: "/")
    }

    /// The directory, and all above it, the nearest first: `/a/b`, `/a`, `/`.
    static func selfAndAbove(_ path: String) -> [String] {
        guard path.utf8.first == UInt8(ascii: "/") else { return [] }
        var result = [path]
        var rest = path[...]
        while rest.utf8.count > 1, let slash = rest.utf8.lastIndex(of: UInt8(ascii: "/")) {
            rest = slash == rest.startIndex ? rest[...slash] : rest[..<slash]
            result.append(String(rest))
        }
        return result
    }
}
