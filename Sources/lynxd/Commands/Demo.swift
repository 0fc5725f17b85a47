import ArgumentParser
import Foundation
import Hummingbird
import LynxCedar
import LynxIdentity

/// `lynxd demo`: everything at once on this machine, and what to type.
struct Demo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Try it: an issuer, an agent and a tool server on this machine.",
        discussion: "Six ports are used, from --port on. Its issuer gives a token to everybody who asks: this is nothing to keep running.")

    @Option(help: ArgumentHelp("Where files go. Default: a folder of its own among the temporary ones.", valueName: "folder"))
    var folder: String?

    @Option(help: ArgumentHelp("The first of six ports.", valueName: "number"))
    var port = 9190

    func validate() throws {
        guard (1...65530).contains(port) else { throw ValidationError("The option '--port' must be between 1 and 65530.") }
    }

    func run() async throws {
        let path = folder ?? FileManager.default.temporaryDirectory.appendingPathComponent("lynxd-demo-\(RandomID.make().prefix(8))").path
        let files = DemoFiles(folder: path, ports: .init(first: port))
        do {
            let ring = try KeyRing(.edDSA)
            let issuer = TokenIssuer(CedarString(files.issuer), ring: ring)
            try files.write(keys: ring.json.description)
            let daemon = try await Daemon(path: files.configurationPath)
            Reporting.print(files.instructions(program: CommandLine.arguments[0]))
            let ports = files.ports
            try await daemon.run { point, logger in
                [
                    Application(
                        responder: DemoServer(point: point), configuration: ApplicationConfiguration(address: .hostname(port: ports.server)), logger: logger),
                    Application(
                        responder: DemoIssuer(issuer: issuer), configuration: ApplicationConfiguration(address: .hostname(port: ports.issuer)), logger: logger),
                ]
            }
        } catch let error as ParseError {
            Reporting.report(error.diagnostics)
            throw ExitCode.failure
        } catch {
            throw Reporting.fail("\(error)")
        }
    }
}
