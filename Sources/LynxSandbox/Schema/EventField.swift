// The parts of an event that policies ask for, under the names that `event.h` has for them.

/// A text.
enum TextField: String, CaseIterable, Hashable {
    case path, executable, comm, filesystem, targetComm

    /// The longest text that the field can hold whole, in bytes.
    var capacity: Int {
        switch self {
        // The slash behind it must have room.
        case .path: 4095
        case .executable: 1023
        // The kernel's own texts end with a zero.
        case .comm, .filesystem, .targetComm: 15
        }
    }

    /// Whether the text comes with its length, and with a slash behind it: the form that tables search in.
    var isPath: Bool { self == .path || self == .executable }

    /// The bytes in C.
    var bytes: String {
        switch self {
        case .path: "event->path.bytes"
        case .executable: "event->executable.bytes"
        case .comm: "event->comm"
        case .filesystem: "event->filesystem"
        case .targetComm: "event->target_comm"
        }
    }
}

/// A number.
enum NumberField: String, CaseIterable, Hashable {
    case uid, gid, pid
    case owner, group, mode, links
    case argument
    case port
    case `protocol`
    case targetPid = "target_pid"
    case targetUid = "target_uid"

    /// The value in C.
    var expression: String { "event->\(rawValue)" }

    /// Whether the field is wider than 32 bits.
    var isWide: Bool { self == .links }
}

/// A number that stands for a name.
enum CodeField: String, CaseIterable, Hashable {
    case kind, `protocol`
    case socketFamily = "socket_family"
    case socketKind = "socket_kind"
    case capability
    case systemCall = "system_call"

    var expression: String { "event->\(rawValue)" }

    /// The numbers and what policies call them. All others are ``Vocabulary/other``, where the schema has that.
    var vocabulary: Vocabulary {
        switch self {
        case .kind: .fileKinds
        case .protocol: .protocols
        case .socketFamily: .socketFamilies
        case .socketKind: .socketKinds
        case .capability: .capabilities
        case .systemCall: .systemCalls
        }
    }
}

/// A truth value.
enum SwitchField: String, CaseIterable, Hashable {
    case own = "target_is_own"
    case abstract = "is_abstract"

    var expression: String { "event->\(rawValue) != 0" }
}

/// What an event may lack: the bits of `enum presence`.
enum Presence: UInt32, CaseIterable, Hashable {
    case inode = 1
    case target = 2
}
