import LynxAudit
import LynxCedar

/// Makes settings of what the configuration says of records.
enum AuditLoader {
    /// The least size of a key of hashes, in bytes: that of what it makes.
    private static let minimumKey = 32

    /// Reports a key that cannot be used.
    static func settings(_ configuration: AuditConfiguration, _ folder: ConfigurationFolder, _ faults: ConfigurationFaults) -> AuditSettings {
        var key: [UInt8] = []
        if let name = configuration.mask.key {
            do throws(ParseError) {
                key = try folder.bytes(name)
                if key.count < minimumKey { faults.report([Diagnostic("`\(name)` is too short for a key: \(minimumKey) bytes at least")]) }
            } catch {
                faults.report(error.diagnostics)
            }
        }
        var mask = AuditMask(key: key)
        mask.subject = configuration.mask.subject
        mask.actors = configuration.mask.actors
        mask.tokenID = configuration.mask.tokenID
        mask.source = configuration.mask.source
        mask.headers = configuration.mask.headers
        mask.paths = configuration.mask.paths
        return AuditSettings(configuration.durability, unrecorded: configuration.unrecorded, rotation: configuration.rotation, mask: mask)
    }
}
