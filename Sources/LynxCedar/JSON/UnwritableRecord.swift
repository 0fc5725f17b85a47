/// A record that Cedar's JSON data format has no way to write: it would be read as the escape that its only attribute is named after.
///
/// Such a record has one attribute, named `__entity`, `__extn` or `__expr`, whose value has the form of that escape. Policies can make
/// one (`{"__entity": {type: "User", id: "alice"}}`), JSON cannot. Attributes and tags of entities are not concerned themselves, only
/// records in them.
public struct UnwritableRecord: Error, Hashable, Sendable, CustomStringConvertible {
    /// The name of the attribute.
    public let name: CedarString

    public var description: String {
        "a record with `\(name)` as its only attribute cannot be written as JSON: it would be read as the escape of that name"
    }
}
