import ArgumentParser
import LynxAudit

/// `lynxd audit`: what to do with records.
struct AuditCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit", abstract: "Work with records of decisions.", subcommands: [AuditVerify.self])
}

/// `lynxd audit verify`: follows the chain of a file.
struct AuditVerify: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Find out whether lines were altered, removed or put in.",
        discussion: "Lines that were cut off at the end do not show by themselves: note the last hash down elsewhere, and give it as --last.")

    @Argument(help: ArgumentHelp("The records, as JSON lines.", valueName: "file"))
    var file: String

    @Option(help: ArgumentHelp("A hash that must be that of a line of the file's: the last one that is known.", valueName: "hash"))
    var last: String?

    func run() throws {
        do throws(AuditFault) {
            switch try AuditVerification.verify(file, expecting: last) {
            case .intact(let chain):
                Reporting.print("\(file): \(chain.sequence) records, intact; the last is \(chain.hash)")
            case .unfinished(let chain, let bytes):
                Reporting.print("\(file): \(chain.sequence) records, intact; the last is \(chain.hash); \(bytes) bytes of an unfinished one")
            case .broken(let line, let fault):
                throw AuditFault("\(file):\(line): the record \(fault)")
            case .cut:
                throw AuditFault("\(file): records are missing at the end: \(last ?? "") is not there")
            }
        } catch {
            throw Reporting.fail(error.description)
        }
    }
}
