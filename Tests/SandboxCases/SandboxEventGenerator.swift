import LynxCedar
import LynxSandbox

/// Random events in a world.
struct SandboxEventGenerator {
    let world: SandboxWorld
    /// The resources of each kind: one entity has the same attributes in all events.
    private let resources: [ResourceKind: [SandboxEvent.Resource]]

    init(_ world: SandboxWorld, _ dice: inout SandboxDice) throws {
        self.world = world
        var resources: [ResourceKind: [SandboxEvent.Resource]] = [:]
        func number(_ dice: inout SandboxDice) -> UInt32 { UInt32(clamping: dice.pick(world.numbers.filter { $0 >= 0 })) }
        for path in Set(world.paths + world.rawPaths).sorted() {
            let inode = SandboxEvent.Inode(
                owner: number(&dice), group: number(&dice), mode: dice.pick([0o644, 0o755, 0o4755, 0]), links: dice.pick([0, 1, 2]))
            resources[.file, default: []].append(
                .file(
                    SandboxEvent.File(
                        path: path, kind: dice.pick([1, 2, 4, 6, 8, 10, 12, 0, 15]), filesystem: dice.pick(world.filesystems),
                        inode: dice.chance(70) ? inode : nil)))
            resources[.unixSocket, default: []].append(.unixSocket(path: path, isAbstract: path.hasPrefix("@")))
        }
        for text in world.addresses {
            for port in world.ports {
                resources[.endpoint, default: []].append(
                    .endpoint(address: try IPAddress(text), port: UInt16(port), protocol: dice.pick([1, 6, 17, 58, 132, 136, 255, 99])))
            }
        }
        for family in [1, 2, 10, 16, 17, 29, 31, 38, 40, 44] as [UInt32] {
            resources[.socket, default: []].append(.socket(family: family, kind: dice.pick([1, 2, 3, 5, 10]), protocol: dice.pick([0, 6, 255])))
        }
        // Only one of those that are called "other", which are one entity.
        resources[.socket, default: []].append(.socket(family: 77, kind: 1, protocol: 0))
        for pid in [0, 1, 2, 4_000_000] as [UInt32] {
            let target = SandboxEvent.Target(uid: number(&dice), comm: dice.pick(world.comms))
            resources[.process, default: []].append(.process(pid: pid, isOwn: dice.chance(50), target: dice.chance(70) ? target : nil))
        }
        resources[.identity] = Set(world.numbers.map { UInt32(clamping: $0) }).sorted().map { .identity($0) }
        resources[.capability] = (0...40).map { .capability($0) }
        resources[.facility] = [.facility]
        resources[.systemCall] = [0, 1, 2, 41, 57, 59, 101, 165, 257, 321, 425, 435, 451].map { .systemCall($0) }
        self.resources = resources
    }

    /// The entities that all events speak of.
    var entities: [Entity] {
        var entities: [EntityUID: Entity] = [:]
        for operation in Operation.allCases {
            for resource in resources[operation.resourceKind] ?? [] {
                for entity in SandboxEvent(operation, by: world.principals[0], on: resource).entities { entities[entity.uid] = entity }
            }
        }
        return Array(entities.values)
    }

    func event(_ dice: inout SandboxDice, among operations: [Operation]) -> SandboxEvent {
        func number() -> UInt32 {
            // Many small ones, for families.
            if dice.chance(30) { return UInt32(dice.int(0...20)) }
            return UInt32(clamping: dice.pick(world.numbers.filter { $0 >= 0 }))
        }
        let operation = dice.pick(operations)
        let executables = world.paths.filter { $0.utf8.count < 1024 }
        let resource = dice.pick(resources[operation.resourceKind] ?? [.facility])
        var actor = SandboxEvent.Actor(
            uid: number(), gid: number(), pid: number(), comm: dice.pick(world.comms), executable: dice.pick(executables))
        // For comparisons of one text with another.
        if case .file(let file) = resource, dice.chance(20) {
            if file.path.utf8.count < 1024 { actor.executable = file.path }
            let name = file.path.split(separator: "/").last.map(String.init) ?? ""
            if name.utf8.count < 16, !world.rawPaths.contains(file.path) { actor.comm = name }
        }
        let bits = dice.chance(30) ? 0 : UInt32(truncatingIfNeeded: dice.next()) & UInt32(truncatingIfNeeded: dice.next()) & 0x7ffff
        return SandboxEvent(
            operation, by: dice.pick(world.principals), actor, on: resource,
            flags: operation.resourceKind == .file ? bits : 0, argument: dice.pick([0, 9, 15, 420, 0o4755]))
    }
}
