// Attributes, tags and contexts of which a schema says what types they should have.

extension DataReader {
    /// Reads attributes or a context.
    mutating func record(_ json: JSONValue, of what: String, as type: RecordType) -> Record? {
        guard let members = members(of: json, as: what) else { return nil }
        return record(members) { (reader, member) in reader.value(member.value, as: type[member.name]?.type) }
    }

    /// Reads tags, which are all of one type.
    mutating func tags(_ json: JSONValue, as type: SchemaType) -> Record? {
        guard let members = members(of: json, as: "`tags`") else { return nil }
        return record(members) { (reader, member) in reader.value(member.value, as: type) }
    }
}
