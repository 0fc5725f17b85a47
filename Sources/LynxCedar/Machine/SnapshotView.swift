/// What the machine reads of a snapshot, as addresses.
struct SnapshotView {
    let program: ProgramView
    let entities: EntityView
    let numbers: RequestNumbers
}
