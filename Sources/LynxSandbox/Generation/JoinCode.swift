/// The function that tells whether the classes of an event go together in a row of a join.
struct JoinCode {
    private let number: Int
    private let join: Join
    private let plan: LookupPlan

    init(_ number: Int, _ plan: LookupPlan) {
        self.number = number
        join = plan.joins[number]
        self.plan = plan
    }

    private var name: String { "join_\(number)" }

    /// The call with the classes that were looked up.
    var call: String {
        let classes = join.facets.map { facet in "\(facet.wordsName)[\(plan.word(of: number, facet) ?? 0)]" }
        return "\(name)_holds(\((["event"] + classes).joined(separator: ", ")))"
    }

    var lines: [String] {
        let parameters = join.facets.indices.map { "__u64 class\($0)" }
        var lines = [
            "/* A row of the join of \(join.facets.map(\.description).joined(separator: ", ")). */",
            "static __always_inline int \(name)_holds(\((["const struct event *event"] + parameters).joined(separator: ", ")))",
            "{",
            "\tconst __u64 *found;",
            "\t__u64 key = class0;",
            "",
            "\tif (\(join.facets.indices.map { "!class\($0)" }.joined(separator: " || ")))",
            "\t\treturn 0;",
        ]
        for place in join.steps.indices {
            lines += [
                "\tkey = key << 32 | class\(place + 1);",
                "\tfound = bpf_map_lookup_elem(&\(name)_step_\(place), &key);",
                "\tif (!found)",
                "\t\treturn 0;",
                "\tkey = *found;",
            ]
        }
        if join.facets.count > 1 { lines.append("\tkey = key << 32 | class\(join.facets.count - 1);") }
        lines.append("\tfound = bpf_map_lookup_elem(&\(name), &key);")
        if join.asksForGroups {
            let words = (0..<PrincipalDirectory.groupWords).map { "(event->groups[\($0)] & found[\($0)])" }
            lines.append("\treturn found && (\(words.joined(separator: " | "))) != 0;")
        } else {
            lines.append("\treturn found != 0;")
        }
        return lines + ["}", ""]
    }
}

extension Facet {
    /// What is asked for, for a comment.
    fileprivate var description: String {
        switch self {
        case .text(let field): field.rawValue
        case .address: "address"
        case .number(let field): field.rawValue
        case .code(let field): field.rawValue
        case .principal: "principal"
        case .operation: "operation"
        }
    }
}
