import LynxCedar
import LynxTelemetry

/// Makes what records are sent on by.
enum ReceiverLoader {
    struct Receiver {
        let name: String
        let format: any ExportFormat
        let queue: Int
    }

    /// Reports files that cannot be read.
    static func receivers(_ configurations: [ReceiverConfiguration], _ folder: ConfigurationFolder, _ faults: ConfigurationFaults) -> [Receiver] {
        configurations.flatMap { configuration -> [Receiver] in
            switch configuration.kind {
            case .openTelemetry(let logs, let traces, let file):
                let fields = file.map { headers(text($0, folder, faults), $0, faults) } ?? []
                let signals: [(OpenTelemetry.Signal, String)] = (logs ? [(.logs, "logs")] : []) + (traces ? [(.traces, "traces")] : [])
                return signals.map { signal, name in
                    Receiver(
                        name: "\(name) at \(configuration.url)", format: OpenTelemetry(signal, url: configuration.url, headers: fields), queue: configuration.queue)
                }
            case .clickHouse(let table, let user, let file):
                let password = file.map { text($0, folder, faults) }
                guard let rows = ClickHouseRows(url: configuration.url, table: table, user: user, password: password) else {
                    configuration.section.report("`\(table)` is no name of a table", at: "table", help: "write `lynx.records`")
                    return []
                }
                return [Receiver(name: "\(table) at \(configuration.url)", format: rows, queue: configuration.queue)]
            }
        }
    }

    /// Without the newline at its end.
    private static func text(_ name: String, _ folder: ConfigurationFolder, _ faults: ConfigurationFaults) -> String {
        do throws(ParseError) {
            return String(try folder.read(name).text.filter { $0 != "\r" }.trimmingSuffix("\n"))
        } catch {
            faults.report(error.diagnostics)
            return ""
        }
    }

    /// Lines such as `authorization: Bearer ...`.
    private static func headers(_ text: String, _ file: String, _ faults: ConfigurationFaults) -> [(name: String, value: String)] {
        text.split(separator: "\n").compactMap { line in
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2 else {
                faults.report([Diagnostic("`\(file)` has a line that is no header")])
                return nil
            }
            return (parts[0].lowercased(), String(parts[1].drop { $0 == " " }))
        }
    }
}

extension String {
    fileprivate func trimmingSuffix(_ character: Character) -> Substring {
        var rest = self[...]
        while rest.last == character { rest.removeLast() }
        return rest
    }
}
