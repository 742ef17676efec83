import Simulators

/// What must not grow while notices come and go.
enum Quantity: String, CaseIterable, Sendable {
    /// Anonymous resident memory, in KiB.
    case anonymous = "anonymous RSS"
    /// Open file descriptors.
    case descriptors = "descriptors"
    /// Threads.
    case threads = "threads"
    /// Sockets of the handler.
    case sockets = "sockets"
    /// Connections that the lab's servers hold open.
    case connections = "connections"

    /// Its unit in the table.
    var unit: String { self == .anonymous ? "KiB" : "" }

    /// What one reading says of it.
    func value(in reading: Reading) -> Double {
        switch self {
        case .anonymous: Double(reading.process.anonymous)
        case .descriptors: Double(reading.process.descriptors)
        case .threads: Double(reading.process.threads)
        case .sockets: Double(reading.process.sockets)
        case .connections: Double(reading.connections)
        }
    }

    /// The most that it may grow in an hour at the soak's pace.
    var hourlyLimit: Double { self == .anonymous ? 1024 : 6 }

    /// What it may differ by without any growth: pools keep a connection more or less, and memory rises by steps of some 200 KiB, when
    /// another thread gets its part of the heap.
    var play: Double { self == .anonymous ? 1024 : 3 }

    /// The most that it may grow with 1,000 notices: of memory half a kilobyte each, of the others one in all.
    var limitPerThousand: Double { self == .anonymous ? 512 : 2 }
}

/// The handler at rest, after so many seconds and notices.
struct Reading: Sendable {
    /// Seconds since the soak began.
    var seconds: Double
    /// Notices that were handled by then.
    var notices: Int
    /// The process.
    var process: ProcessSample
    /// Connections that are open at the lab's servers.
    var connections: Int
}

/// Whether one quantity grew.
struct Growth: Sendable {
    /// What was judged.
    let quantity: Quantity
    /// By how much it grew in an hour.
    let hourly: Double
    /// By how much it grew with 1,000 notices.
    let perThousand: Double
    /// By how much it grew while it was judged.
    let total: Double
    /// How surely it rises, -1…1.
    let rise: Double

    /// From this correlation on a rise is no chance: white noise of a hundred points stays below 0.2.
    static let sureRise = 0.3
    /// Fewer readings after the warm-up prove nothing.
    static let leastReadings = 20

    /// Whether it fails the soak: it grows faster than both limits allow, surely, and by more than its play.
    ///
    /// Both, because the pace is the machine's: few notices in an hour make the slope per notice steep, many make the hour's.
    var isTooMuch: Bool {
        rise >= Self.sureRise && total > quantity.play && hourly > quantity.hourlyLimit
            && perThousand > quantity.limitPerThousand
    }

    /// Judges each quantity by the readings behind the warm-up; `nil` when there are too few to tell.
    static func judged(_ readings: [Reading], warmUp: Double) -> [Growth]? {
        let steady = readings.filter { $0.seconds >= warmUp }
        guard steady.count >= leastReadings, let first = steady.first, let last = steady.last else { return nil }
        return Quantity.allCases.compactMap { quantity in
            func slope(over x: (Reading) -> Double) -> Slope? {
                Slope(through: steady.map { Slope.Point(x: x($0), y: quantity.value(in: $0)) })
            }
            guard let overTime = slope(over: \.seconds), let overNotices = slope(over: { Double($0.notices) })
            else { return nil }
            return Growth(
                quantity: quantity, hourly: overTime.perUnit * 3600, perThousand: overNotices.perUnit * 1000,
                total: overTime.perUnit * (last.seconds - first.seconds), rise: overTime.rise)
        }
    }
}
