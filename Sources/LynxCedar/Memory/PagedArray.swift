/// A growing array of trivial elements in pages: a value, whose copies share the pages that neither has changed since.
///
/// A change of a shared array copies one page and the list of where pages begin, so that a snapshot of a million elements can be kept while
/// a new one comes into being in microseconds. Elements are read without counting references.
struct PagedArray<Element: BitwiseCopyable>: @unchecked Sendable {
    // Sendable: pages are written only while a single array owns them, which `isKnownUniquelyReferenced` tells.

    /// A page is of about 4 KiB.
    static var shift: Int { max(4, 12 - (Int.bitWidth - (MemoryLayout<Element>.stride - 1).leadingZeroBitCount)) }
    private static var pageCapacity: Int { 1 << shift }
    private static var mask: Int { pageCapacity - 1 }

    private(set) var count = 0
    private var owners = ReferenceGroups<Page<Element>>()
    /// Where the pages of `owners` begin.
    private var pages = AddressList<UnsafeMutablePointer<Element>>(capacity: 4)

    /// - Precondition: `index` is in bounds. Indices come from the structures that the array is part of, never from outside.
    subscript(index: Int) -> Element {
        get {
            assert(index >= 0 && index < count)
            return pages.base[index >> Self.shift][index & Self.mask]
        }
        set {
            assert(index >= 0 && index < count)
            makeUnique(page: index >> Self.shift)
            pages.base[index >> Self.shift][index & Self.mask] = newValue
        }
    }

    subscript(index: UInt32) -> Element {
        get { self[Int(index)] }
        set { self[Int(index)] = newValue }
    }

    mutating func append(_ element: Element) {
        let page = count >> Self.shift
        if page == owners.count { addPage() } else { makeUnique(page: page) }
        pages.base[page][count & Self.mask] = element
        count += 1
    }

    /// The elements as addresses, for as long as this value or a copy of it lives and does not change.
    struct View {
        fileprivate let base: UnsafePointer<UnsafeMutablePointer<Element>>
        let count: UInt32

        /// - Precondition: `index` is in bounds.
        @inline(__always)
        subscript(index: UInt32) -> Element {
            assert(index < count)
            return base[Int(index) >> shift][Int(index) & mask]
        }

        /// Where an element is, for those of which only a part is asked for.
        @inline(__always)
        func address(_ index: UInt32) -> UnsafePointer<Element> {
            assert(index < count)
            return UnsafePointer(base[Int(index) >> shift] + Int(index) & mask)
        }
    }

    var view: View { View(base: UnsafePointer(pages.base), count: UInt32(truncatingIfNeeded: count)) }

    /// Size in memory, in bytes.
    var size: Int { owners.count * (Self.pageCapacity * MemoryLayout<Element>.stride + 16) }

    private mutating func addPage() {
        let page = Page<Element>(capacity: Self.pageCapacity)
        if !isKnownUniquelyReferenced(&pages) || owners.count == pages.capacity {
            pages = AddressList(copying: pages, count: owners.count, capacity: max(4, owners.count * 2))
        }
        (pages.base + owners.count).initialize(to: page.elements)
        owners.append(page)
    }

    private mutating func makeUnique(page: Int) {
        if !isKnownUniquelyReferenced(&pages) {
            pages = AddressList(copying: pages, count: owners.count, capacity: owners.count + owners.count / 8 + 4)
        }
        guard !owners.isUnique(page) else { return }
        let copy = Page(copying: owners[page], capacity: Self.pageCapacity)
        owners[page] = copy
        pages.base[page] = copy.elements
    }
}

private final class Page<Element: BitwiseCopyable> {
    let elements: UnsafeMutablePointer<Element>

    init(capacity: Int) {
        // Zeroed: a page is copied whole, however much of it has been written.
        let bytes = UnsafeMutableRawPointer.allocate(
            byteCount: capacity * MemoryLayout<Element>.stride, alignment: max(16, MemoryLayout<Element>.alignment))
        bytes.initializeMemory(as: UInt8.self, repeating: 0, count: capacity * MemoryLayout<Element>.stride)
        elements = bytes.bindMemory(to: Element.self, capacity: capacity)
    }

    init(copying other: Page, capacity: Int) {
        let bytes = UnsafeMutableRawPointer.allocate(
            byteCount: capacity * MemoryLayout<Element>.stride, alignment: max(16, MemoryLayout<Element>.alignment))
        bytes.copyMemory(from: other.elements, byteCount: capacity * MemoryLayout<Element>.stride)
        elements = bytes.bindMemory(to: Element.self, capacity: capacity)
    }

    deinit { elements.deallocate() }
}
