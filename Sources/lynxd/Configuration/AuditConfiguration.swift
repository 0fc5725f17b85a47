import LynxAudit

/// Where records go, and what they must not tell.
struct AuditConfiguration {
    let file: String
    let durability: AuditSettings.Durability
    /// What becomes of decisions that cannot be recorded.
    let unrecorded: AuditSettings.Unrecorded
    /// In bytes.
    let rotation: Int64?
    let mask: Mask
    let receivers: [ReceiverConfiguration]

    /// As ``AuditMask``, with the name of a file in place of the key.
    struct Mask {
        var subject = AuditMask.Treatment.keep
        var actors = AuditMask.Treatment.keep
        var tokenID = AuditMask.Treatment.keep
        var source = AuditMask.Treatment.keep
        var headers: [String: AuditMask.Treatment] = [:]
        var paths: [AuditMask.PathPattern] = []
        var key: String?
    }

    /// Headers that tell who one is to whoever reads them.
    private static let secretHeaders: Set<String> = ["authorization", "proxy-authorization", "cookie", "set-cookie", "x-api-key", "x-forwarded-client-cert"]

    init(_ file: ConfigurationSection) {
        guard let section = file.section("audit") else {
            file.report("`audit` is missing: decisions must be recorded", at: "audit", help: "write `audit: {file: audit.jsonl}`")
            self.file = ""
            (durability, unrecorded, rotation, mask, receivers) = (.always, .deny, nil, Mask(), [])
            return
        }
        self.file = section.required("file")
        switch section.text("sync") {
        case "always"?: durability = .always
        case nil: durability = .interval(1000)
        default: durability = .interval(Int(section.seconds("sync", default: 1, in: 1...60)) * 1000)
        }
        unrecorded = section.choice("unrecorded", default: .deny)
        rotation = section.has("rotate-at") ? section.bytes("rotate-at", default: 1 << 30, in: 4096...(1 << 40)) : nil
        mask = AuditConfiguration.mask(section)
        receivers = ReceiverConfiguration.all(section)
        section.finish()
    }

    private static func mask(_ audit: ConfigurationSection) -> Mask {
        var mask = Mask()
        if let headers = audit.section("headers") {
            for name in headers.keys {
                if secretHeaders.contains(name.lowercased()) { headers.report("`\(name)` is never recorded", at: name) }
                mask.headers[name.lowercased()] = headers.choice(name, default: .remove)
            }
        }
        guard let section = audit.section("mask") else {
            if mask.headers.values.contains(.hash) { audit.report("`audit.mask.key` is missing: without a secret key, hashes tell what was hashed", at: "headers") }
            return mask
        }
        if let claims = section.section("claims") {
            mask.subject = claims.choice("sub", default: .keep)
            mask.actors = claims.choice("act", default: .keep)
            mask.tokenID = claims.choice("jti", default: .keep)
            claims.finish()
        }
        mask.source = section.choice("source", default: .keep)
        for text in section.texts("paths") {
            if let pattern = AuditMask.PathPattern(text) {
                mask.paths.append(pattern)
            } else {
                section.report("`\(text)` is no path that can be hidden", at: "paths", help: "write `/users/*/files` or `/users/**`")
            }
        }
        mask.key = section.text("key")
        let hashes = [mask.subject, mask.actors, mask.tokenID, mask.source] + mask.headers.values
        if mask.key == nil, hashes.contains(.hash) {
            section.faults.report(
                "`audit.mask.key` is missing: without a secret key, hashes tell what was hashed", at: section.mark,
                help: "name a file with 32 random bytes or more")
        }
        section.finish()
        return mask
    }
}
