import LynxTelemetry

/// What became of records that are sent on, in the text format of Prometheus.
enum ExportMetrics {
    static func text(_ exporters: [Exporter]) -> String {
        guard !exporters.isEmpty else { return "" }
        let tallies = exporters.map { ($0.name, $0.tally) }
        let figures: [(String, String, String, (Exporter.Tally) -> Int)] = [
            ("lynxd_export_sent_total", "counter", "Records that a receiver has taken.", \.sent),
            ("lynxd_export_overflowed_total", "counter", "Records that were not sent because too many waited.", \.overflowed),
            ("lynxd_export_refused_total", "counter", "Records that a receiver has refused for good.", \.refused),
            ("lynxd_export_failures_total", "counter", "Attempts that failed.", \.failures),
            ("lynxd_export_waiting", "gauge", "Records that wait.", \.waiting),
        ]
        var lines: [String] = []
        for (name, kind, help, value) in figures {
            lines += ["# HELP \(name) \(help)", "# TYPE \(name) \(kind)"]
            lines += tallies.map { "\(name){receiver=\"\($0.filter { $0 != "\"" && $0 != "\\" })\"} \(value($1))" }
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
