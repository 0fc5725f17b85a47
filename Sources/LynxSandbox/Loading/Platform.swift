// The C library under its name.
#if canImport(Glibc)
@_exported import Glibc
#elseif canImport(Musl)
@_exported import Musl
#endif

/// The calls of the system, where a type has methods of the same names.
let systemRead = read
let systemWrite = write
func systemOpen(_ path: String, _ flags: Int32) -> Int32 { open(path, flags) }
