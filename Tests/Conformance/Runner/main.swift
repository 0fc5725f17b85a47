// conformance DIR: runs a folder of cases and prints a line a suite, then the first failures.

import ConformanceSuites
import Foundation

let arguments = CommandLine.arguments.dropFirst()
guard let path = arguments.first, arguments.count == 1, !path.hasPrefix("-") else {
    FileHandle.standardError.write(Data("usage: conformance DIR\n".utf8))
    exit(64)
}
do {
    let results = try ConformanceFolder(URL(fileURLWithPath: path)).suites()
    for result in results { print(result.line) }
    let failures = results.flatMap { result in result.failures.map { "\(result.name): \($0)" } }
    for failure in failures.prefix(20) { print("\n\(failure)") }
    if failures.count > 20 { print("\n... and \(failures.count - 20) more") }
    exit(failures.isEmpty ? 0 : 1)
} catch {
    FileHandle.standardError.write(Data("conformance: \(error)\n".utf8))
    exit(1)
}
