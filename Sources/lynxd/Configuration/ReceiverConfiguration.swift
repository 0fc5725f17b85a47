/// Who gets records after they are in the file.
struct ReceiverConfiguration {
    let url: String
    let kind: Kind
    /// How many records may wait for it.
    let queue: Int
    let section: ConfigurationSection

    enum Kind {
        /// An OpenTelemetry collector: records as logs, decisions as spans. Headers are in a file, because there may be a secret among them.
        case openTelemetry(logs: Bool, traces: Bool, headers: String?)
        case clickHouse(table: String, user: String?, passwordFile: String?)
    }

    static func all(_ audit: ConfigurationSection) -> [ReceiverConfiguration] {
        audit.sections("send").compactMap { ReceiverConfiguration($0) }
    }

    private init?(_ section: ConfigurationSection) {
        self.section = section
        guard section.has("otlp") != section.has("clickhouse") else {
            section.faults.report("`\(section.name)` must have one of `otlp` and `clickhouse`", at: section.mark)
            return nil
        }
        let key = section.has("otlp") ? "otlp" : "clickhouse"
        var url = section.required(key)
        while url.hasSuffix("/") { url.removeLast() }
        self.url = url
        if key == "otlp" {
            let (logs, traces) = (section.flag("logs", default: true), section.flag("traces", default: true))
            if !logs && !traces { section.report("`\(section.name)` sends neither `logs` nor `traces`", at: key) }
            kind = .openTelemetry(logs: logs, traces: traces, headers: section.text("headers-file"))
        } else {
            kind = .clickHouse(table: section.required("table"), user: section.text("user"), passwordFile: section.text("password-file"))
        }
        queue = section.number("queue", default: 10_000, in: 100...1_000_000)
        // Records tell who does what: not for others on the network to read.
        let isOpen = section.flag("insecure", default: false)
        if !url.hasPrefix("https://"), !(url.hasPrefix("http://") && (isOpen || ReceiverConfiguration.isLoopback(url))) {
            section.report("`\(section.name).\(key)` must be an HTTPS URL", at: key, help: "write `insecure: true` to send records unencrypted")
        }
        section.finish()
    }

    private static func isLoopback(_ url: String) -> Bool {
        let authority = url.dropFirst("http://".count).prefix { $0 != "/" }
        let host = authority.hasPrefix("[") ? authority.prefix { $0 != "]" } + "]" : authority.prefix { $0 != ":" }
        return ["127.0.0.1", "localhost", "[::1]"].contains(String(host))
    }
}
