import LynxCedar

/// What a workload may be about to do: an action of the sandbox schema that is no group.
///
/// The case is the action's id, the raw value the number that hooks report (`enum operation` in `event.h`).
public enum Operation: UInt8, CaseIterable, Hashable, Sendable, CustomStringConvertible {
    case read = 1, write, create, execute, mapExecutable, delete, rename, link, symlink, makeDirectory, removeDirectory, makeNode
    case chmod, chown, truncate, setAttributes, receive
    case ptrace = 20, signal
    case setUid, setGid
    case createSocket = 28
    case connect, bind, listen, accept, send
    case connectUnix, bindUnix, sendUnix
    case mount = 40, unmount, pivotRoot
    case useCapability
    case unshare, bpf, loadModule, kexec, ioUring, perf, keyctl
    case systemCall = 56

    /// The name, which is the action's id.
    public var description: String {
        switch self {
        case .read: "read"
        case .write: "write"
        case .create: "create"
        case .execute: "execute"
        case .mapExecutable: "mapExecutable"
        case .delete: "delete"
        case .rename: "rename"
        case .link: "link"
        case .symlink: "symlink"
        case .makeDirectory: "makeDirectory"
        case .removeDirectory: "removeDirectory"
        case .makeNode: "makeNode"
        case .chmod: "chmod"
        case .chown: "chown"
        case .truncate: "truncate"
        case .setAttributes: "setAttributes"
        case .receive: "receive"
        case .ptrace: "ptrace"
        case .signal: "signal"
        case .setUid: "setUid"
        case .setGid: "setGid"
        case .createSocket: "createSocket"
        case .connect: "connect"
        case .bind: "bind"
        case .listen: "listen"
        case .accept: "accept"
        case .send: "send"
        case .connectUnix: "connectUnix"
        case .bindUnix: "bindUnix"
        case .sendUnix: "sendUnix"
        case .mount: "mount"
        case .unmount: "unmount"
        case .pivotRoot: "pivotRoot"
        case .useCapability: "useCapability"
        case .unshare: "unshare"
        case .bpf: "bpf"
        case .loadModule: "loadModule"
        case .kexec: "kexec"
        case .ioUring: "ioUring"
        case .perf: "perf"
        case .keyctl: "keyctl"
        case .systemCall: "systemCall"
        }
    }

    public var action: EntityUID { EntityUID(type: Operation.actionType, id: CedarString(description)) }

    /// Made once: reading a name takes longer than lowering a policy.
    private static let actionType: Name = "Sandbox::Action"

    /// What the operation is done to.
    public var resourceKind: ResourceKind {
        switch self {
        case .read, .write, .create, .execute, .mapExecutable, .delete, .rename, .link, .symlink, .makeDirectory, .removeDirectory, .makeNode,
            .chmod, .chown, .truncate, .setAttributes, .receive, .mount, .unmount, .pivotRoot:
            .file
        case .ptrace, .signal: .process
        case .setUid, .setGid: .identity
        case .createSocket: .socket
        case .connect, .bind, .listen, .accept, .send: .endpoint
        case .connectUnix, .bindUnix, .sendUnix: .unixSocket
        case .useCapability: .capability
        case .unshare, .bpf, .loadModule, .kexec, .ioUring, .perf, .keyctl: .facility
        case .systemCall: .systemCall
        }
    }

    /// What the context holds beside the acting process.
    var contextExtras: ContextExtras {
        switch self {
        case .chmod: [.flags, .mode]
        case .signal: [.signal]
        default: resourceKind == .file ? [.flags] : []
        }
    }
}

/// The attributes that the context has only for some operations.
struct ContextExtras: OptionSet, Hashable {
    let rawValue: UInt8

    static let flags = ContextExtras(rawValue: 1)
    static let mode = ContextExtras(rawValue: 2)
    static let signal = ContextExtras(rawValue: 4)
}
