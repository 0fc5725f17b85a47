import Foundation
import LynxCedar
@testable import LynxSandbox
import Testing

@Suite("Where the kernel's variables are")
struct KernelSymbolsTests {
    private static func addresses(_ lines: String...) throws -> [String: UInt64] {
        let folder = try TemporaryFolder()
        // More than is read at once, so that lines are broken off, each at another place.
        let others = (0..<9_000).map { "ffffffff81950e70 T other_function_\($0)" }
        let path = "\(folder.path)/symbols"
        try (others + lines + others + lines).joined(separator: "\n").appending("\n").write(toFile: path, atomically: true, encoding: .utf8)
        return KernelSymbols.addresses(of: ["rename_lock", "mount_lock"], in: path)
    }

    @Test("whole names are found, and no others that they are a part of")
    func names() throws {
        let found = try KernelSymbolsTests.addresses(
            "ffffffff81950e70 T eventfs_remount_lock", "ffffffff82a1c040 D rename_lock", "ffffffff82a1c041 D rename_lock2",
            "ffffffff82a1c042 D _rename_lock", "ffffffff82a1c043 D rename_loc")
        #expect(found == ["rename_lock": 0xffff_ffff_82a1_c040])
    }

    @Test("a name of a module is not the kernel's")
    func modules() throws {
        #expect(try KernelSymbolsTests.addresses("ffffffffc0000000 d rename_lock\t[xfs]") == [:])
    }

    @Test("a name at two places is at none, and neither is one whose address is kept secret")
    func ambiguity() throws {
        #expect(try KernelSymbolsTests.addresses("ffffffff82a1c040 D rename_lock", "ffffffff82a1c080 d rename_lock") == [:])
        #expect(try KernelSymbolsTests.addresses("0000000000000000 D rename_lock", "0000000000000000 D mount_lock") == [:])
        #expect(try KernelSymbolsTests.addresses("ffffffff82a1c040 D mount_lock", "ffffffff82a1c040 D mount_lock") == ["mount_lock": 0xffff_ffff_82a1_c040])
    }

    @Test("in which section a variable lies does not matter: Linux 6.18 has both of these in the text")
    func sections() throws {
        let found = try KernelSymbolsTests.addresses("ffffffffa360b740 T rename_lock", "ffffffff82a1c080 b mount_lock")
        #expect(found == ["rename_lock": 0xffff_ffff_a360_b740, "mount_lock": 0xffff_ffff_82a1_c080])
    }

    @Test("lines of another shape are passed over")
    func otherLines() throws {
        #expect(try KernelSymbolsTests.addresses("", "x", "ffffffff82a1c04g D rename_lock", "ffffffff82a1c080 D mount_lock") == ["mount_lock": 0xffff_ffff_82a1_c080])
        #expect(KernelSymbols.addresses(of: ["rename_lock"], in: "/nonexistent") == [:])
    }

    @Test("the loader's constants are in the compiled programs, and only in their width")
    func constants() throws {
        guard let compiler = try? ObjectCompiler() else {
            print("skipped: there is no clang here that compiles for the kernel")
            return
        }
        let program = try SandboxProgram(try PolicySet(cedar: #"permit (principal, action == Sandbox::Action::"read", resource in Sandbox::Directory::"/srv");"#))
        let object = try KernelObject(try compiler.object(of: program))
        try object.set(constant: "judges_operations", UInt32(0))
        try object.set(constant: "rename_lock_address", UInt64.max)
        try object.set(constant: "mount_lock_address", UInt64(1))
        #expect(throws: LoadingError.self) { try object.set(constant: "mount_lock_address", UInt32(1)) }
        #expect(throws: LoadingError.self) { try object.set(constant: "another", UInt64(1)) }
    }
}
