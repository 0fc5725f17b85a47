import LynxAudit

extension AuditLog {
    /// Opens a file that another log has just had. That one lets go of it when its last write returns, a moment after it has answered.
    static func reopened(path: String, _ settings: AuditSettings) async throws -> AuditLog {
        for _ in 0..<200 {
            if let log = try? AuditLog(path: path, settings) { return log }
            try await Task.sleep(for: .milliseconds(50))
        }
        return try AuditLog(path: path, settings)
    }
}
