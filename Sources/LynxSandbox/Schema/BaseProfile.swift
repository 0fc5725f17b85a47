import LynxCedar

/// The policies that let ordinary dynamically linked programs start. One annotation brings them in: `@include("base")`.
public enum BaseProfile {
    /// The profile as Cedar text.
    public static let text = String(decoding: PackageResources.base_cedar, as: UTF8.self)

    private static let annotation = "include"

    /// The policies with those of the profile, if one of them asks for it.
    static func included(in policies: PolicySet) throws(SandboxError) -> (policies: PolicySet, isIncluded: Bool) {
        var asks = false
        var faults: [Diagnostic] = []
        for policy in policies.policies {
            guard let annotation = policy.annotations.first(where: { $0.key == BaseProfile.annotation }) else { continue }
            if annotation.value == "base" {
                asks = true
            } else {
                faults.append(
                    Diagnostic(
                        "there is no profile `\(annotation.value?.string ?? "")` to include", span: annotation.span ?? policy.span,
                        help: "write `@include(\"base\")`", source: policy.source, code: "sandbox-refusal"))
            }
        }
        guard faults.isEmpty else { throw SandboxError(faults, isValidation: false) }
        guard asks else { return (policies, false) }
        do {
            var base = try PolicySet(cedar: SourceText(text, name: "base.cedar"))
            try base.rename { annotations in annotations.first { $0.key == "id" }.map { PolicyID($0.value ?? "") } }
            return (try PolicySet(Array(policies.policies) + Array(base.policies), templates: Array(policies.templates)), true)
        } catch {
            throw SandboxError([Diagnostic("the base profile cannot be included: \(error)")], isValidation: false)
        }
    }
}
