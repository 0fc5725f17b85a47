import ArgumentParser
import Foundation
import LynxAudit
import LynxTelemetry

/// `lynxd audit`: what to do with records.
struct AuditCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit", abstract: "Work with records of decisions.", subcommands: [AuditVerify.self, AuditTable.self])
}

/// `lynxd audit verify`: follows the chain of files.
struct AuditVerify: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Find out whether lines were altered, removed or put in.",
        discussion: """
            One file is read together with those that were put aside from it, and a folder with all its records; several files are read as they are given. \
            Lines that were cut off at the end do not show by themselves: note the last hash down elsewhere, and give it as --last. \
            What the end of a program has left of a line lies in a file of its own, and a record tells of it: that is said too.
            """)

    @Argument(help: ArgumentHelp("The records, as JSON lines, or their folder.", valueName: "file"))
    var files: [String]

    @Option(help: ArgumentHelp("A hash that must be that of a line of the file's: the last one that is known.", valueName: "hash"))
    var last: String?

    func run() throws {
        let name = files.count == 1 ? files[0] : "\(files.count) files"
        do throws(AuditFault) {
            let paths = files.count == 1 ? try AuditFiles.files(files[0]) : files
            var altered: String?
            let outcome = try AuditVerification.verify(paths, expecting: last) { tear, file, line in
                let folder = URL(fileURLWithPath: file).deletingLastPathComponent().path
                let remains = tear.remains(in: folder)
                Reporting.print("\(file):\(line): behind the record before, \(tear.size) bytes of one were torn: \(AuditVerify.words(remains, tear.name))")
                if remains == .altered { altered = "\(folder)/\(tear.name)" }
            }
            if let altered { throw AuditFault("\(altered): what was torn was altered: its hash is not the one in the record of it") }
            switch outcome {
            case .intact(let chain):
                Reporting.print("\(name): \(chain.sequence) records, intact; the last is \(chain.hash)")
            case .unfinished(let chain, let bytes):
                Reporting.print("\(name): \(chain.sequence) records, intact; the last is \(chain.hash); \(bytes) bytes of an unfinished one")
            case .broken(let file, let line, let fault):
                throw AuditFault("\(file):\(line): the record \(fault)")
            case .cut:
                throw AuditFault("\(name): records are missing at the end: \(last ?? "") is not there")
            }
        } catch {
            throw Reporting.fail(error.description)
        }
    }
}

extension AuditVerify {
    fileprivate static func words(_ remains: AuditTear.Remains, _ name: String) -> String {
        switch remains {
        case .whole: "they are in \(name), as they were"
        case .missing: "\(name), where they were kept, is not there"
        case .altered: "\(name), where they were kept, was altered"
        }
    }
}

/// `lynxd audit table`: what makes a table for records.
struct AuditTable: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "table", abstract: "Print the statement that makes a table for records in ClickHouse.")

    @Argument(help: ArgumentHelp("The table, with its database.", valueName: "name"))
    var name = "lynx.records"

    func run() {
        Reporting.print(ClickHouseRows.table(name) + ";")
    }
}
