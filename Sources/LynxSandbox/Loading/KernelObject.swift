import CLibBPF

/// An object of BPF programs and maps, from its file's bytes into the kernel.
///
/// Programs stay in the kernel as long as a link to them does: one that is pinned, or one of this object.
final class KernelObject {
    struct Program {
        let name: String
        let section: String
        fileprivate let handle: OpaquePointer
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
            throw LoadingError(
                "the kernel does not take the programs: \(String(cString: strerror(-code)))",
                help: -code == EPERM ? "loading programs needs root, or CAP_BPF, CAP_PERFMON, CAP_NET_ADMIN and CAP_SYS_ADMIN" : nil,
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

    private func map(_ name: String) throws(LoadingError) -> OpaquePointer {
        guard let map = bpf_object__find_map_by_name(object, name) else {
            throw LoadingError("the compiled programs have no map `\(name)`")
        }
        return map
    }
}
