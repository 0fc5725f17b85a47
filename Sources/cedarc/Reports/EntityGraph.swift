import LynxCedar

/// Entities as a graph in the DOT language: a cluster for each type, and an edge from each entity to each of its parents.
struct EntityGraph {
    private let entities: [Entity]

    init(_ entities: Entities) {
        self.entities = entities.sorted { $0.uid < $1.uid }
    }

    /// The graph, ending with a newline. The same entities always give the same text.
    var dot: String {
        var result = "strict digraph {\n\tordering=\"out\"\n\tnode[shape=box]\n"
        var rest = entities[...]
        while let type = rest.first?.uid.type {
            let members = rest.prefix { $0.uid.type == type }
            rest = rest.dropFirst(members.count)
            result += "\tsubgraph \(EntityGraph.id("cluster_\(type)")) {\n\t\tlabel=\(EntityGraph.label("\(type)"))\n"
            for entity in members {
                result += "\t\t\(EntityGraph.id(entity.uid)) [label=\(EntityGraph.label(entity.uid.id.string))]\n"
            }
            result += "\t}\n"
        }
        for entity in entities {
            for parent in entity.parents.sorted() {
                result += "\t\(EntityGraph.id(entity.uid)) -> \(EntityGraph.id(parent))\n"
            }
        }
        return result + "}\n"
    }

    private static func id(_ uid: EntityUID) -> String { id(uid.description) }

    /// A quoted ID of the DOT language. Uids as Cedar text have no line breaks.
    ///
    /// The language takes `\"` for a quote and keeps any other backslash, also a doubled one; doubling them keeps one at the end
    /// from taking the closing quote with it, and different uids different.
    private static func id(_ text: String) -> String {
        "\"" + escaped(text) + "\""
    }

    /// A quoted label. Graphviz reads escapes such as `\n` and `\N` in it, and character references such as `&lt;`.
    private static func label(_ text: String) -> String {
        // Control characters are shown as Cedar escapes them.
        "\"" + escaped(DisplayText.line(text)).replacing("&", with: "&amp;") + "\""
    }

    private static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            if scalar == "\"" || scalar == "\\" { result.append("\\") }
            result.unicodeScalars.append(scalar)
        }
        return result
    }
}
