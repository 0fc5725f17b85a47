import LynxCedar

/// A value with one of the ways to write it in Cedar's JSON data format.
struct Datum {
    let value: Value
    let json: JSONValue

    /// The record of the named data, written in that order.
    static func record(_ members: [(name: CedarString, datum: Datum)]) -> Datum {
        var record = Record()
        for member in members { record[member.name] = member.datum.value }
        return Datum(value: .record(record), json: JSONValue(.object(members.map { .init($0.name, $0.datum.json) })))
    }

    static func entity(_ uid: EntityUID) -> Datum {
        Datum(value: .entity(uid), json: ["__entity": uid.json])
    }
}
