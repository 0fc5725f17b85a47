/// A growing list of references in groups: a value, whose copies share the groups that neither has changed since.
///
/// A copy counts one reference more for all groups, not one for each object, and the change of a copy takes a group of its own. What is in
/// the list is owned by its group, so an object that nobody else holds counts as shared in two lists as long as these share its group.
struct ReferenceGroups<Object: AnyObject> {
    private static var groupCapacity: Int { 64 }

    // Invariant: all groups but the last are full.
    private var groups: ContiguousArray<Group> = []
    private(set) var count = 0

    init() {}

    /// - Precondition: `index` is in bounds.
    subscript(index: Int) -> Object {
        get { groups[index / Self.groupCapacity].objects[index % Self.groupCapacity] }
        set { uniqueGroup(index / Self.groupCapacity)[index % Self.groupCapacity] = newValue }
    }

    mutating func append(_ object: Object) {
        let group = count / Self.groupCapacity
        if group == groups.count { groups.append(Group(capacity: Self.groupCapacity)) }
        _ = uniqueGroup(group)
        groups[group].append(object)
        count += 1
    }

    /// Whether nobody but this list holds an object, so that it may be changed where it is.
    ///
    /// - Precondition: `index` is in bounds.
    mutating func isUnique(_ index: Int) -> Bool {
        isKnownUniquelyReferenced(&uniqueGroup(index / Self.groupCapacity)[index % Self.groupCapacity])
    }

    /// The objects of a group that only this list has, for as long as the list does not change.
    private mutating func uniqueGroup(_ group: Int) -> UnsafeMutablePointer<Object> {
        if !isKnownUniquelyReferenced(&groups[group]) { groups[group] = Group(copying: groups[group], capacity: Self.groupCapacity) }
        return groups[group].objects
    }

    /// Objects in memory of their own. Every change of a page asks whether the page is shared: what is behind an address, the
    /// asking has no access to a class's property to check at run time.
    private final class Group {
        // Invariant: of the room for a group, the first `count` are initialised.
        let objects: UnsafeMutablePointer<Object>
        private var count = 0

        init(capacity: Int) { objects = .allocate(capacity: capacity) }

        init(copying other: Group, capacity: Int) {
            objects = .allocate(capacity: capacity)
            objects.initialize(from: other.objects, count: other.count)
            count = other.count
        }

        deinit {
            objects.deinitialize(count: count)
            objects.deallocate()
        }

        /// - Precondition: there is room for one more.
        func append(_ object: Object) {
            (objects + count).initialize(to: object)
            count += 1
        }
    }
}
