extension [UInt32] {
    /// The index of the first element above `bound`, or the end, in an array that ascends. O(log n).
    func firstSortedIndex(above bound: UInt32) -> Int {
        var low = startIndex
        var high = endIndex
        while low < high {
            let middle = low + (high - low) / 2
            if self[middle] > bound {
                high = middle
            } else {
                low = middle + 1
            }
        }
        return low
    }
}
