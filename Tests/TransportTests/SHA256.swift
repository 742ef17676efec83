/// SHA-256 and HMAC-SHA256 (FIPS 180-4, RFC 2104), for checking signatures independently of libcurl and its TLS
/// library.
enum SHA256 {
    static func hash(_ message: [UInt8]) -> [UInt8] {
        var state = initial
        var padded = message + [0x80]
        padded += [UInt8](repeating: 0, count: (120 - padded.count % 64) % 64)
        padded += (0..<8).reversed().map { UInt8(truncatingIfNeeded: (message.count * 8) >> ($0 * 8)) }
        for start in stride(from: 0, to: padded.count, by: 64) {
            compress(padded[start..<start + 64], into: &state)
        }
        return state.flatMap { word in (0..<4).reversed().map { UInt8(truncatingIfNeeded: word >> ($0 * 8)) } }
    }

    static func hmac(key: [UInt8], _ message: [UInt8]) -> [UInt8] {
        let short = key.count > 64 ? hash(key) : key
        let block = short + [UInt8](repeating: 0, count: 64 - short.count)
        return hash(block.map { $0 ^ 0x5C } + hash(block.map { $0 ^ 0x36 } + message))
    }

    static func hex(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef")
        return String(bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    }

    private static func compress(_ block: ArraySlice<UInt8>, into state: inout [UInt32]) {
        func rotated(_ value: UInt32, _ count: UInt32) -> UInt32 { value >> count | value << (32 - count) }
        var words = stride(from: block.startIndex, to: block.endIndex, by: 4).map { index in
            block[index..<index + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        }
        for index in 16..<64 {
            let early = words[index - 15]
            let late = words[index - 2]
            let sigma0 = rotated(early, 7) ^ rotated(early, 18) ^ early >> 3
            let sigma1 = rotated(late, 17) ^ rotated(late, 19) ^ late >> 10
            words.append(words[index - 16] &+ sigma0 &+ words[index - 7] &+ sigma1)
        }
        var v = state
        for index in 0..<64 {
            let sum1 = rotated(v[4], 6) ^ rotated(v[4], 11) ^ rotated(v[4], 25)
            let choice = (v[4] & v[5]) ^ (~v[4] & v[6])
            let first = v[7] &+ sum1 &+ choice &+ constants[index] &+ words[index]
            let sum0 = rotated(v[0], 2) ^ rotated(v[0], 13) ^ rotated(v[0], 22)
            let majority = (v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2])
            v = [first &+ sum0 &+ majority, v[0], v[1], v[2], v[3] &+ first, v[4], v[5], v[6]]
        }
        for index in 0..<8 {
            state[index] &+= v[index]
        }
    }

    private static let initial = primes.prefix(8).map { fraction(of: Double($0).squareRoot()) }
    private static let constants = primes.map { prime in cubeRootFraction(of: UInt64(prime)) }
    private static let primes = Array(
        (2...311).filter { number in !(2..<number).contains { number % $0 == 0 } }.prefix(64))

    private static func fraction(of value: Double) -> UInt32 {
        UInt32((value - value.rounded(.down)) * 4_294_967_296)
    }

    /// The first 32 bits behind the point of the cube root, by bisection in whole numbers.
    private static func cubeRootFraction(of prime: UInt64) -> UInt32 {
        var low: UInt64 = 0
        var high: UInt64 = 8 << 32
        while high - low > 1 {
            let middle = (low + high) / 2
            let (squareHigh, squareLow) = middle.multipliedFullWidth(by: middle)
            // middle³ compared with prime · 2⁹⁶, in 192 bits.
            let lower = squareLow.multipliedFullWidth(by: middle)
            let upper = squareHigh.multipliedFullWidth(by: middle)
            let (word1, carry) = upper.low.addingReportingOverflow(lower.high)
            let word2 = upper.high + (carry ? 1 : 0)
            let target = prime << 32
            let isAbove = word2 > 0 || word1 > target || (word1 == target && lower.low > 0)
            if isAbove { high = middle } else { low = middle }
        }
        return UInt32(truncatingIfNeeded: low)
    }
}
