/// A growing list of references in groups: a value, whose copies share the groups that neither has changed since.
///
/// A copy counts one reference more for each group, not for each object, and so does the change of a copy, which takes
/// a group of its own. What is in the list is owned by its group, so an object that nobody else holds counts as shared in two lists
/// as long as these share its group.
struct ReferenceGroups<Object: AnyObject> {
    private final class Group {
        var objects: ContiguousArray<Object>

        init(_ objects: ContiguousArray<Object>) { self.objects = objects }
    }

    private static var groupCapacity: Int { 64 }

    // Invariant: all groups but the last are full.
    private var groups: ContiguousArray<Group> = []
    private(set) var count = 0

    init() {}

    /// - Precondition: `index` is in bounds.
    subscript(index: Int) -> Object {
        get { groups[index / Self.groupCapacity].objects[index % Self.groupCapacity] }
        set { uniqueGroup(index / Self.groupCapacity).objects[index % Self.groupCapacity] = newValue }
    }

    mutating func append(_ object: Object) {
        let group = count / Self.groupCapacity
        if group == groups.count { groups.append(Group([object])) } else { uniqueGroup(group).objects.append(object) }
        count += 1
    }

    /// Whether nobody but this list holds an object, so that it may be changed where it is.
    ///
    /// - Precondition: `index` is in bounds.
    mutating func isUnique(_ index: Int) -> Bool {
        isKnownUniquelyReferenced(&uniqueGroup(index / Self.groupCapacity).objects[index % Self.groupCapacity])
    }

    private mutating func uniqueGroup(_ group: Int) -> Group {
        if !isKnownUniquelyReferenced(&groups[group]) { groups[group] = Group(groups[group].objects) }
        return groups[group]
    }
}
