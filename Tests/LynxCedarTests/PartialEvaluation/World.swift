@testable import LynxCedar

/// The request and the entities that the tables of expressions speak of.
struct World {
    let request: Request
    let entities: Entities

    init() throws {
        let geo: Record = ["latitude": 59]
        entities = try Entities([
            Entity(
                uid: "User::\"alice\"",
                attributes: [
                    "name": "alice",
                    "age": 30,
                    "manager": .entity("User::\"bob\""),
                    "colours": ["red", "blue"],
                    "address": ["city": "Oslo", "geo": .record(geo)],
                    "joined": try ExtensionFunction.datetime.apply(["2024-01-01"]),
                ],
                tags: ["role": "admin", "level": 3],
                parents: ["Group::\"staff\""]),
            Entity(uid: "User::\"bob\"", parents: ["Group::\"bosses\""]),
            Entity(uid: "Group::\"staff\"", parents: ["Group::\"everyone\""]),
            Entity(uid: "Group::\"bosses\""),
            Entity(uid: "Group::\"everyone\""),
            Entity(
                uid: "Photo::\"cat\"",
                attributes: ["owner": .entity("User::\"alice\""), "isPublic": false],
                parents: ["Album::\"pets\""]),
            Entity(uid: "Album::\"pets\""),
            Entity(uid: "Action::\"view\"", parents: ["Action::\"read\""]),
            Entity(uid: "Action::\"read\""),
        ])
        request = Request(
            principal: "User::\"alice\"", action: "Action::\"view\"", resource: "Photo::\"cat\"",
            context: [
                "hour": 14,
                "address": try ExtensionFunction.ip.apply(["10.0.0.1"]),
                "nested": ["a": ["b": 1]],
                "groups": [.entity("Group::\"staff\""), .entity("Group::\"bosses\"")],
            ])
    }
}
