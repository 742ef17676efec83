/// A line through measured points by the method of Theil and Sen: the median of the slopes between all pairs. Nearly three tenths of
/// the points may be nonsense before it is led astray, so that a moment with many open connections is no growth.
///
/// Source: https://en.wikipedia.org/wiki/Theil%E2%80%93Sen_estimator
struct Slope: Equatable {
    /// One measurement.
    struct Point: Equatable {
        /// What it is drawn over: seconds, or notices.
        var x: Double
        /// What was measured.
        var y: Double
    }

    /// More points than these are thinned out evenly: the pairs are their square.
    static let mostPoints = 1500

    /// By how much the value grows with each unit of x.
    let perUnit: Double
    /// How surely the points rise, from -1 (each is lower than all before it) to 1: Kendall's rank correlation.
    let rise: Double

    /// The line through `points`; `nil` when there are fewer than two different x.
    init?(through points: [Point]) {
        let points = Self.thinned(points)
        var slopes: [Double] = []
        slopes.reserveCapacity(points.count * max(0, points.count - 1) / 2)
        var signs = 0
        for later in points.indices.dropFirst() {
            for earlier in 0..<later where points[later].x != points[earlier].x {
                let slope = (points[later].y - points[earlier].y) / (points[later].x - points[earlier].x)
                slopes.append(slope)
                signs += slope > 0 ? 1 : slope < 0 ? -1 : 0
            }
        }
        guard !slopes.isEmpty else { return nil }
        rise = Double(signs) / Double(slopes.count)
        slopes.sort()
        let middle = slopes.count / 2
        perUnit = slopes.count.isMultiple(of: 2) ? (slopes[middle - 1] + slopes[middle]) / 2 : slopes[middle]
    }

    private static func thinned(_ points: [Point]) -> [Point] {
        guard points.count > mostPoints else { return points }
        return (0..<mostPoints).map { points[$0 * (points.count - 1) / (mostPoints - 1)] }
    }
}
