import LynxCedar

// Principals and resources: `==`, `in` and `is`.
extension FormulaLowering {
    /// Whether an operand is of an entity type.
    func isType(_ operand: Operand, _ type: Name) -> Formula {
        switch operand {
        case .principal: Principals.types.contains(type) ? .test(.principalType([type])) : .never
        case .resource: kind.type == type ? .always : .never
        case .constant(.entity(let uid)): uid.type == type ? .always : .never
        default: .never
        }
    }

    /// `operand in container`, where the container is an entity or a set of entities.
    func truth(of operand: Operand, in container: Expression, _ span: SourceSpan?) throws(Refusal) -> Truth {
        try cases(of: container).truth { container throws(Refusal) in
            switch container {
            case .constant(.entity(let uid)):
                return Truth(try membership(operand, in: uid, span))
            case .set(let elements):
                var alternatives: [Formula] = []
                for element in elements {
                    guard case .constant(.entity(let uid)) = element else { throw notLiteral(span) }
                    alternatives.append(try membership(operand, in: uid, span))
                }
                return Truth(.any(of: alternatives))
            case .principal, .resource:
                return try equality(operand, container, span)
            default:
                throw notLiteral(span)
            }
        }
    }

    private func notLiteral(_ span: SourceSpan?) -> Refusal {
        Refusal("the kernel looks for entities in literal groups and directories only", suggestion: "name the groups or directories, as in `principal in Lynx::AgentGroup::\"batch\"`", at: span)
    }

    /// `operand in container`
    func membership(_ operand: Operand, in container: EntityUID, _ span: SourceSpan?) throws(Refusal) -> Formula {
        switch operand {
        case .principal:
            if container.type == Principals.group { return .test(.group([container])) }
            return try equality(operand, .constant(.entity(container)), span).holds
        case .resource:
            if container.type == ResourceKind.directory {
                guard kind.hasPath else { return .never }
                return match(.path, .under(try directory(container, span)))
            }
            return try resourceEquals(container, span)
        case .constant(.entity(let uid)):
            if uid == container { return .always }
            if uid.type == ResourceKind.directory || uid.type == ResourceKind.file.type || uid.type == ResourceKind.unixSocket.type,
                container.type == ResourceKind.directory
            {
                return uid.id.isPath(under: try directory(container, span)) ? .always : .never
            }
            return evaluator.entities.isDescendant(uid, of: container) ? .always : .never
        default:
            throw Refusal("this is no entity that the kernel knows", suggestion: "ask for the principal or the resource", at: span)
        }
    }

    /// The path of a directory that a policy names.
    private func directory(_ uid: EntityUID, _ span: SourceSpan?) throws(Refusal) -> [UInt8] {
        let path = uid.id.string
        guard let canonical = CanonicalPath(path) else {
            throw Refusal("`\(path)` is no absolute path", suggestion: "write the path from the root, as in `Sandbox::Directory::\"/etc\"`", at: span)
        }
        guard canonical.text.utf8.elementsEqual(path.utf8) else {
            throw Refusal(
                "the kernel never calls a directory `\(path)`", suggestion: "write `Sandbox::Directory::\"\(canonical.text)\"`", at: span)
        }
        return Array(path.utf8)
    }

    func resourceEquals(_ uid: EntityUID, _ span: SourceSpan?) throws(Refusal) -> Formula {
        guard uid.type == kind.type else { return .never }
        let id = uid.id.string
        switch kind {
        case .file, .unixSocket:
            // What has no path, such as a pipe, has a name without a slash.
            if let canonical = CanonicalPath(id), !canonical.text.utf8.elementsEqual(id.utf8) {
                throw Refusal("the kernel never calls a file `\(id)`", suggestion: "write `\(uid.type)::\"\(canonical.text)\"`", at: span)
            }
            return match(.path, .exact(Array(id.utf8)))
        case .endpoint:
            guard let endpoint = EndpointName(id) else {
                throw Refusal(
                    "`\(id)` is no endpoint", suggestion: "write an address and a port, as in `10.0.0.1:443` or `[2001:db8::1]:443`", at: span)
            }
            return .all(of: [
                .test(.address([AddressRange(endpoint.address)])), .test(.number(.port, [Int64(endpoint.port)])),
            ])
        case .socket: return code(.socketFamily) { $0 == uid.id }
        case .process: return number(.targetPid, id)
        case .identity: return number(.argument, id)
        case .capability: return code(.capability) { $0 == uid.id }
        case .systemCall: return code(.systemCall) { $0 == uid.id }
        case .facility:
            // The resource of such an operation is known.
            return .never
        }
    }

    /// Ids that are numbers have no leading zeros.
    private func number(_ field: NumberField, _ id: String) -> Formula {
        guard let number = UInt32(id), String(number) == id else { return .never }
        return .test(.number(field, [Int64(number)]))
    }
}

/// The entity types of the subjects of sandbox policies.
enum Principals {
    static let agent: Name = "Lynx::Agent"
    static let workload: Name = "Sandbox::Workload"
    static let group: Name = "Lynx::AgentGroup"
    static let types: Set<Name> = [agent, workload]
}

extension CedarString {
    /// Whether this path is `directory` or lies below it.
    fileprivate func isPath(under directory: [UInt8]) -> Bool {
        let bytes = Array(string.utf8)
        if directory == [UInt8(ascii: "/")] { return bytes.first == UInt8(ascii: "/") }
        return (bytes + [UInt8(ascii: "/")]).starts(with: directory + [UInt8(ascii: "/")])
    }
}
