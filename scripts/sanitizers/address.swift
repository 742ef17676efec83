/// Leaks on purpose; several, because a pointer that is left in a register or on the stack hides its block.
@main
struct Mistake {
    static func main() {
        for _ in 0..<100 { lose() }
    }

    @inline(never)
    static func lose() {
        let pointer = UnsafeMutablePointer<Int>.allocate(capacity: 10)
        unsafe pointer.initialize(repeating: Int.random(in: 1...9), count: 10)
        print(unsafe pointer[7])
    }
}
