import Foundation
import Testing

/// A run of the built program: what it printed and how it ended.
struct Run {
    let status: Int32
    let output: String
    let errors: String
}

/// A folder of files for one test, in which the program runs; removed with it.
final class Workspace {
    let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("cedarc-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: folder)
    }

    func write(_ name: String, _ text: String) throws {
        try write(name, bytes: Array(text.utf8))
    }

    func write(_ name: String, bytes: [UInt8]) throws {
        try Data(bytes).write(to: folder.appendingPathComponent(name))
    }

    func read(_ name: String) throws -> String {
        try String(decoding: Data(contentsOf: folder.appendingPathComponent(name)), as: UTF8.self)
    }

    /// The files in the folder, without hidden ones.
    func names() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { !$0.hasPrefix(".") }.sorted()
    }

    /// What programs find around them: nothing of the developer's own, but how sanitizers are to behave.
    static let environment = ["PATH": "/usr/bin:/bin"].merging(
        ProcessInfo.processInfo.environment.filter { $0.key.hasSuffix("SAN_OPTIONS") }) { $1 }

    /// Runs `cedarc` in the folder, with `input` as its standard input.
    func cedarc(
        _ arguments: String..., input: String = "", environment: [String: String] = [:]
    ) async throws -> Run {
        try await run(Workspace.binary, arguments, input: input, environment: environment)
    }

    func cedarc(_ arguments: [String], input: String = "") async throws -> Run {
        try await run(Workspace.binary, arguments, input: input, environment: [:])
    }

    /// Runs a shell script in the folder, with the tools that are here; `$cedarc` is the program.
    func shell(_ script: String) async throws -> Run {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        return try await run(
            URL(fileURLWithPath: "/bin/sh"), ["-c", script], input: "",
            environment: ["cedarc": Workspace.binary.path, "PATH": path])
    }

    private func run(
        _ executable: URL, _ arguments: [String], input: String, environment: [String: String]
    ) async throws -> Run {
        await Turnstile.runs.enter()
        do {
            let run = try await runAtOnce(executable, arguments, input: input, environment: environment)
            await Turnstile.runs.leave()
            return run
        } catch {
            await Turnstile.runs.leave()
            throw error
        }
    }

    private func runAtOnce(
        _ executable: URL, _ arguments: [String], input: String, environment: [String: String]
    ) async throws -> Run {
        // Files in place of pipes: no output is too large for them.
        let names = (input: ".stdin-\(UUID())", output: ".stdout-\(UUID())", errors: ".stderr-\(UUID())")
        try write(names.input, input)
        try write(names.output, "")
        try write(names.errors, "")
        let process = Process()
        process.executableURL = executable
        process.arguments = arguments
        process.currentDirectoryURL = folder
        process.environment = Workspace.environment.merging(environment) { $1 }
        let standardInput = try FileHandle(forReadingFrom: folder.appendingPathComponent(names.input))
        let standardOutput = try FileHandle(forWritingTo: folder.appendingPathComponent(names.output))
        let standardError = try FileHandle(forWritingTo: folder.appendingPathComponent(names.errors))
        // Not left to the handles' end: processes keep them, and Foundation reads beyond the list of open files when that has become long.
        defer { for handle in [standardInput, standardOutput, standardError] { try? handle.close() } }
        process.standardInput = standardInput
        process.standardOutput = standardOutput
        process.standardError = standardError
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            process.terminationHandler = { _ in continuation.resume() }
            // This thread may be one that blocks signals, and what it starts would too.
            var (none, before) = (sigset_t(), sigset_t())
            sigemptyset(&none)
            pthread_sigmask(SIG_SETMASK, &none, &before)
            defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
            do {
                try process.run()
            } catch {
                continuation.resume(throwing: error)
            }
        }
        #expect(process.terminationReason == .exit, "the program was ended by a signal")
        return Run(
            status: process.terminationStatus, output: try read(names.output), errors: try read(names.errors))
    }

    /// The program lies beside the test executable, or beside the bundle that holds it.
    static let binary: URL = {
        var folder = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
        #if os(macOS)
            if let bundle = Bundle.allBundles.first(where: { $0.bundlePath.hasSuffix(".xctest") }) {
                folder = bundle.bundleURL
            }
        #endif
        while folder.path != "/" {
            folder.deleteLastPathComponent()
            let candidate = folder.appendingPathComponent("cedarc")
            var isDirectory: ObjCBool = false
            if FileManager.default.fileExists(atPath: candidate.path, isDirectory: &isDirectory), !isDirectory.boolValue {
                return candidate
            }
        }
        return URL(fileURLWithPath: "cedarc")
    }()
}

/// What most tests start from: policies, entities and a request.
enum Sample {
    static let policies = """
        @id("owners")
        permit(principal, action == Action::"view", resource) when { resource.owner == principal };
        @id("locked")
        forbid(principal, action, resource == Photo::"secret");
        permit(principal in Group::"admins", action, resource) when { context.level + 1 > 2 };
        """
    static let entities = """
        [
          {"uid": {"type": "User", "id": "alice"}, "attrs": {}, "parents": []},
          {"uid": {"type": "User", "id": "root"}, "attrs": {}, "parents": [{"type": "Group", "id": "admins"}]},
          {"uid": {"type": "Photo", "id": "cat"}, "attrs": {"owner": {"__entity": {"type": "User", "id": "alice"}}}, "parents": []},
          {"uid": {"type": "Photo", "id": "secret"}, "attrs": {"owner": {"__entity": {"type": "User", "id": "alice"}}}, "parents": []}
        ]
        """

    /// What the entities and the requests of these tests are like.
    static let schema = """
        entity Group;
        entity User in [Group];
        entity Photo { owner: User };
        action view, edit appliesTo { principal: User, resource: Photo, context: { level?: Long } };
        """

    /// A workspace with `p.cedar`, `e.json` and `s.cedarschema`.
    static func workspace() throws -> Workspace {
        let workspace = try Workspace()
        try workspace.write("p.cedar", policies)
        try workspace.write("e.json", entities)
        try workspace.write("s.cedarschema", schema)
        return workspace
    }

    /// The flags of a request.
    static func request(_ principal: String, _ action: String, _ resource: String) -> [String] {
        ["-l", "User::\"\(principal)\"", "-a", "Action::\"\(action)\"", "-r", "Photo::\"\(resource)\""]
    }

    /// A line of a requests file, uids as Cedar text.
    static func line(_ principal: String, _ action: String, _ resource: String, context: String = "{}") -> String {
        """
        {"principal":"User::\\"\(principal)\\"","action":"Action::\\"\(action)\\"","resource":{"type":"Photo","id":"\(resource)"},"context":\(context)}
        """
    }
}
