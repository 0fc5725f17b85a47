/// Writes Cedar values in the JSON data format, with a list of the sets and records around the current one in place of recursion.
enum DataWriter {
    /// A set or record whose parts are being written.
    private struct Composite {
        enum Kind {
            case set([Value])
            case record([Record.Attribute])
        }

        let kind: Kind
        var written: [JSONValue] = []

        var nextPart: Value? {
            switch kind {
            case .set(let elements): written.count < elements.count ? elements[written.count] : nil
            case .record(let attributes): written.count < attributes.count ? attributes[written.count].value : nil
            }
        }

        /// - Throws: for a record that reading would take for an escape.
        var json: JSONValue {
            get throws(UnwritableRecord) {
                switch kind {
                case .set: return JSONValue(.array(written))
                case .record(let attributes):
                    let members = zip(attributes, written).map { JSONValue.Member($0.name, $1) }
                    if let name = members.first?.name, DataReader.escape(members) != nil { throw UnwritableRecord(name: name) }
                    return JSONValue(.object(members))
                }
            }
        }
    }

    /// Writes the attributes or tags of an entity: here no name has a special meaning.
    static func attributes(_ record: Record) throws(UnwritableRecord) -> JSONValue {
        var members: [JSONValue.Member] = []
        members.reserveCapacity(record.count)
        for attribute in record.attributes {
            members.append(JSONValue.Member(attribute.name, try json(attribute.value)))
        }
        return JSONValue(.object(members))
    }

    static func json(_ value: Value) throws(UnwritableRecord) -> JSONValue {
        var open: [Composite] = []
        var json = begin(value, &open)
        while let last = open.indices.last {
            if let part = open[last].nextPart {
                if let written = begin(part, &open) { open[last].written.append(written) }
            } else {
                let written = try open.removeLast().json
                if let parent = open.indices.last { open[parent].written.append(written) }
                json = written
            }
        }
        return json ?? JSONValue(.null)
    }

    /// Writes a value without parts, or adds the beginning of another one to `open`.
    private static func begin(_ value: Value, _ open: inout [Composite]) -> JSONValue? {
        switch value {
        case .bool(let bool): return JSONValue(.bool(bool))
        case .long(let long): return JSONValue(.integer(long))
        case .string(let string): return JSONValue(.string(string))
        case .entity(let uid): return ["__entity": uid.json]
        case .set(let set): open.append(Composite(kind: .set(set.elements)))
        case .record(let record): open.append(Composite(kind: .record(record.attributes)))
        case .decimal(let decimal): return call(.decimal, "\(decimal)")
        case .ip(let address): return call(.ip, "\(address)")
        case .datetime(let datetime): return json(datetime)
        case .duration(let duration): return call(.duration, "\(duration.milliseconds)ms")
        }
        return nil
    }

    /// As the reference implementation writes computed instants; so it reaches those that no date text does.
    private static func json(_ datetime: Datetime) -> JSONValue {
        let arguments: JSONValue = [
            call(.datetime, "1970-01-01"), call(.duration, "\(datetime.millisecondsSinceEpoch)ms"),
        ]
        return ["__extn": ["fn": "offset", "args": arguments]]
    }

    private static func call(_ function: ExtensionFunction, _ argument: String) -> JSONValue {
        ["__extn": ["fn": "\(function)", "arg": JSONValue(.string(CedarString(argument)))]]
    }
}
