import CLibBPF

/// An object of BPF programs and maps, from its file's bytes into the kernel.
///
/// Programs stay in the kernel as long as a link to them does: one that is pinned, or one of this object.
final class KernelObject {
    struct Program {
        let name: String
        let section: String
        fileprivate let handle: OpaquePointer

        /// Of its own, before it is loaded; functions that programs share are not among them.
        var instructionCount: Int { Int(bpf_program__insn_cnt(handle)) }

        /// What the kernel says of it, once it is loaded.
        var count: ProgramCount? { ProgramCount(name: name, program: bpf_program__fd(handle)) }
    }

    /// A program that is attached.
    final class Link {
        fileprivate let handle: OpaquePointer

        fileprivate init(_ handle: OpaquePointer) {
            self.handle = handle
        }

        deinit {
            // Closes the descriptor; a pinned link stays.
            bpf_link__destroy(handle)
        }

        func pin(at path: String) throws(LoadingError) {
            let code = bpf_link__pin(handle, path)
            guard code == 0 else { throw .system("pin `\(path)`", -code) }
        }
    }

    private let object: OpaquePointer
    let programs: [Program]
    /// Where the kernel writes why it does not take a program.
    private let log: UnsafeMutablePointer<CChar>
    private static let logSize = 1 << 20

    init(_ bytes: [UInt8]) throws(LoadingError) {
        // Its messages repeat what the errors say.
        libbpf_set_print(nil)
        let log = UnsafeMutablePointer<CChar>.allocate(capacity: KernelObject.logSize)
        log.initialize(repeating: 0, count: KernelObject.logSize)
        var options = bpf_object_open_opts()
        options.sz = MemoryLayout<bpf_object_open_opts>.size
        options.kernel_log_buf = log
        options.kernel_log_size = KernelObject.logSize
        let opened = "lynxcedar".withCString { name in
            options.object_name = name
            return bytes.withUnsafeBytes { bpf_object__open_mem($0.baseAddress, $0.count, &options) }
        }
        guard let opened else {
            let code = errno
            log.deallocate()
            throw .system("read the compiled programs", code)
        }
        self.log = log
        object = opened
        var programs: [Program] = []
        var next = bpf_object__next_program(opened, nil)
        while let program = next {
            programs.append(
                Program(
                    name: String(cString: bpf_program__name(program)), section: String(cString: bpf_program__section_name(program)),
                    handle: program))
            next = bpf_object__next_program(opened, program)
        }
        self.programs = programs
    }

    deinit {
        bpf_object__close(object)
        log.deallocate()
    }

    /// Leaves out every program but those.
    func choose(_ isWanted: (Program) -> Bool) {
        for program in programs { bpf_program__set_autoload(program.handle, isWanted(program)) }
    }

    /// Whether the object has the maps of these tables, in their sizes, and no further map that a policy looks into.
    ///
    /// - Throws: what does not fit: a map that nothing is written to would be an empty set, and a forbid that asks for it would forbid nothing.
    func check(_ tables: [PolicyTable]) throws(LoadingError) {
        func fail(_ message: String) -> LoadingError { LoadingError(message, help: "compile the policies again") }
        var unfilled: Set<String> = []
        var next = bpf_object__next_map(object, nil)
        while let map = next {
            // SANDBOX_MAP in match.h: policies' maps are the ones that programs cannot write. Constants of the C are maps of libbpf's own.
            if bpf_map__map_flags(map) & UInt32(BPF_F_RDONLY_PROG) != 0 && !bpf_map__is_internal(map) {
                unfilled.insert(String(cString: bpf_map__name(map)))
            }
            next = bpf_object__next_map(object, map)
        }
        for table in tables {
            guard unfilled.remove(table.name) != nil else {
                throw fail("the compiled programs have no table `\(table.name)`, or it is there twice")
            }
            let map = try map(table.name)
            let kind: bpf_map_type =
                switch table.kind {
                case .hash: BPF_MAP_TYPE_HASH
                case .trie: BPF_MAP_TYPE_LPM_TRIE
                case .array: BPF_MAP_TYPE_ARRAY
                }
            guard bpf_map__type(map) == kind, Int(bpf_map__key_size(map)) == table.keySize, Int(bpf_map__value_size(map)) == table.valueSize,
                Int(bpf_map__max_entries(map)) == table.entries.count
            else { throw fail("the table `\(table.name)` is of another size or kind in the compiled programs") }
        }
        if let name = unfilled.min() { throw fail("the table `\(name)` of the compiled programs is missing") }
    }

    /// Lets the object use a map of an earlier one in place of its own.
    func reuse(map name: String, pinnedAt path: String) throws(LoadingError) {
        let descriptor = bpf_obj_get(path)
        guard descriptor >= 0 else { throw .system("open the pinned map `\(path)`", -descriptor) }
        defer { close(descriptor) }
        let code = bpf_map__reuse_fd(try map(name), descriptor)
        guard code == 0 else { throw .system("use the map `\(path)` again", -code) }
    }

    /// Has the kernel check the programs that were chosen.
    func load() throws(LoadingError) {
        let code = bpf_object__load(object)
        guard code == 0 else {
            let text = String(cString: log)
            let cause = String(cString: strerror(-code))
            throw LoadingError(
                "the kernel does not take the programs: \(cause)",
                help: -code == EPERM ? "loading programs needs root, or CAP_BPF, CAP_PERFMON, CAP_NET_ADMIN and CAP_SYS_ADMIN" : nil, cause: cause,
                verifierLog: text.isEmpty ? nil : String(text.suffix(4000)))
        }
    }

    func set(map name: String, key: [UInt8], value: [UInt8]) throws(LoadingError) {
        let code = bpf_map__update_elem(try map(name), key, key.count, value, value.count, 0)
        guard code == 0 else { throw .system("write to the map `\(name)`", -code) }
    }

    /// Fills a policy's table.
    func fill(_ table: PolicyTable) throws(LoadingError) {
        let descriptor = bpf_map__fd(try map(table.name))
        for entry in table.entries {
            guard entry.key.count == table.keySize, entry.value.count == table.valueSize else {
                throw LoadingError("the table `\(table.name)` has an entry of another size than its map")
            }
            let code = bpf_map_update_elem(descriptor, entry.key, entry.value, 0)
            guard code == 0 else { throw .system("write to the map `\(table.name)`", -code) }
        }
    }

    /// Lets nobody write to a map from user space any more, the loader included.
    func freeze(map name: String) throws(LoadingError) {
        let code = bpf_map_freeze(bpf_map__fd(try map(name)))
        guard code == 0 else { throw .system("freeze the map `\(name)`", -code) }
    }

    func pin(map name: String, at path: String) throws(LoadingError) {
        let code = bpf_map__pin(try map(name), path)
        guard code == 0 || code == -EEXIST else { throw .system("pin `\(path)`", -code) }
    }

    func attach(_ program: Program) throws(LoadingError) -> Link {
        guard let link = bpf_program__attach(program.handle) else {
            throw .system("attach `\(program.section)`", errno)
        }
        return Link(link)
    }

    func attach(_ program: Program, to cgroup: Cgroup) throws(LoadingError) -> Link {
        let folder = open(cgroup.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { throw .system("open the cgroup `\(cgroup.path)`", errno) }
        defer { close(folder) }
        guard let link = bpf_program__attach_cgroup(program.handle, folder) else {
            throw .system("attach `\(program.section)` to `\(cgroup.path)`", errno)
        }
        return Link(link)
    }

    /// Sets a constant of the C (`const volatile __u32`, or `__u64`), before the object is loaded.
    func set<Value: FixedWidthInteger & BitwiseCopyable>(constant name: String, _ value: Value) throws(LoadingError) {
        let width = MemoryLayout<Value>.size
        let missing = LoadingError("the compiled programs have no constant `\(name)`")
        guard let types = bpf_object__btf(object), let offset = KernelObject.offset(ofConstant: name, width, types) else { throw missing }
        var next = bpf_object__next_map(object, nil)
        while let map = next {
            defer { next = bpf_object__next_map(object, map) }
            var size = 0
            guard bpf_map__is_internal(map), String(cString: bpf_map__name(map)).hasSuffix(".rodata"),
                let initial = bpf_map__initial_value(map, &size), offset + width <= size
            else { continue }
            var bytes = Array(UnsafeRawBufferPointer(start: initial, count: size))
            bytes.withUnsafeMutableBytes { $0.storeBytes(of: value, toByteOffset: offset, as: Value.self) }
            let code = bpf_map__set_initial_value(map, bytes, size)
            guard code == 0 else { throw .system("set the constant `\(name)`", -code) }
            return
        }
        throw missing
    }

    /// Where a constant stands among the others, by the object's description of itself (BTF).
    private static func offset(ofConstant name: String, _ width: Int, _ types: OpaquePointer) -> Int? {
        // include/uapi/linux/btf.h: BTF_KIND_DATASEC
        let sectionKind: UInt32 = 15
        let id = btf__find_by_name_kind(types, ".rodata", sectionKind)
        guard id > 0, let section = btf__type_by_id(types, UInt32(id)) else { return nil }
        // The variables of a section stand behind its type; the low bits say how many. libbpf has checked that they do.
        let variables = UnsafeRawPointer(section + 1).assumingMemoryBound(to: btf_var_secinfo.self)
        for index in 0..<Int(section.pointee.info & 0xffff) {
            guard let type = btf__type_by_id(types, variables[index].type), let spelled = btf__name_by_offset(types, type.pointee.name_off),
                String(cString: spelled) == name, Int(variables[index].size) == width
            else { continue }
            return Int(variables[index].offset)
        }
        return nil
    }

    private func map(_ name: String) throws(LoadingError) -> OpaquePointer {
        guard let map = bpf_object__find_map_by_name(object, name) else {
            throw LoadingError("the compiled programs have no map `\(name)`")
        }
        return map
    }
}
