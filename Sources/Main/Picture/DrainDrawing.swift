/// Draws a picture as SVG: time to the right, one row a pod.
public struct DrainDrawing: Sendable {
    private static let width = 1180.0
    private static let left = 300.0
    private static let right = 240.0
    private static let top = 92.0
    private static let rowHeight = 18.0
    private static let names = 44

    private let picture: DrainPicture
    private var elements: [String] = []

    /// A drawing of that drain.
    public init(_ picture: DrainPicture) {
        self.picture = picture
    }

    /// The drawing as the text of an SVG file.
    public var svg: String {
        var drawing = self
        drawing.drawAxis()
        drawing.drawMarks()
        drawing.drawRows()
        drawing.drawLegend()
        let height = drawing.bottom + 64
        return """
            <svg xmlns="http://www.w3.org/2000/svg" width="\(Int(Self.width))" height="\(Int(height))" \
            viewBox="0 0 \(Int(Self.width)) \(Int(height))" font-family="sans-serif" font-size="11">
            <rect width="100%" height="100%" fill="#ffffff"/>
            <text x="16" y="26" font-size="16" font-weight="bold" fill="#222222">\(Self.escaped(picture.title))</text>
            <text x="16" y="46" fill="#555555">\(Self.escaped(drawing.subtitle))</text>
            \(drawing.elements.joined(separator: "\n"))
            </svg>

            """
    }

    private var bottom: Double { Self.top + Double(max(1, picture.rows.count)) * Self.rowHeight + 8 }

    private var subtitle: String {
        let out = picture.rows.count { $0.out != nil }
        let words = [
            "\(out) of \(picture.rows.count) pods out", picture.ending.map { "ended: \($0)" },
            picture.ended.map { "after \(Self.seconds($0))" },
        ]
        return words.compactMap(\.self).joined(separator: ", ")
    }

    private func x(_ seconds: Double) -> Double {
        Self.left + max(0, min(seconds, picture.end)) / picture.end * (Self.width - Self.left - Self.right)
    }

    // MARK: Parts

    private mutating func drawAxis() {
        let steps: [Double] = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600, 7200, 21_600]
        let step = steps.first { picture.end / $0 <= 10 } ?? 43_200
        var at = 0.0
        while at <= picture.end {
            line(x(at), Self.top - 6, x(at), bottom, "#e4e4e4")
            text(x(at), Self.top - 12, Self.seconds(at), "#777777", anchor: "middle")
            at += step
        }
    }

    private mutating func drawRows() {
        for (index, row) in picture.rows.enumerated() {
            let y = Self.top + Double(index) * Self.rowHeight
            text(Self.left - 8, y + 12, Self.cut(row.name), "#222222", anchor: "end")
            let over = row.out ?? picture.ended ?? picture.end
            let asked = row.asked ?? (row.out == nil ? over : row.out ?? over)
            let refused = min(row.refused ?? asked, asked)
            bar(0, refused, y, Colour.waiting)
            bar(refused, asked, y, Colour.refused)
            if row.asked != nil { bar(asked, over, y, row.isEscalated ? Colour.deleted : Colour.terminating) }
            if let ownTime = picture.ownTime(of: row), ownTime <= picture.end {
                line(x(ownTime), y + 1, x(ownTime), y + 15, "#222222", width: 1.5)
            }
            if row.out != nil {
                elements.append(
                    "<circle cx=\"\(Self.number(x(over)))\" cy=\"\(Self.number(y + 8))\" r=\"3.5\" fill=\"#222222\"/>")
            }
            text(x(max(over, asked)) + 8, y + 12, Self.cut(words(for: row)), "#777777", anchor: "start")
        }
    }

    private func words(for row: DrainPicture.Row) -> String {
        let fate = row.isEscalated ? "\(row.fate), overruled" : row.fate
        return row.detail.map { "\(fate): \($0)" } ?? (row.out == nil || row.isEscalated ? fate : "")
    }

    private mutating func drawMarks() {
        if let cordoned = picture.cordoned { mark(cordoned, "cordon", Colour.cordon) }
        guard let deadline = picture.deadline else { return }
        if deadline > picture.end {
            text(
                Self.width - 16, Self.top - 30, "deadline at \(Self.seconds(deadline))", Colour.deadline, anchor: "end")
        } else {
            if picture.margin > 0 {
                line(
                    x(deadline - picture.margin), Self.top - 6, x(deadline - picture.margin), bottom, Colour.deadline,
                    dashes: "3 3")
            }
            mark(deadline, "deadline", Colour.deadline)
        }
    }

    private mutating func mark(_ seconds: Double, _ words: String, _ colour: String) {
        line(x(seconds), Self.top - 6, x(seconds), bottom, colour, width: 1.5)
        text(x(seconds), Self.top - 30, "\(words) \(Self.seconds(seconds))", colour, anchor: "middle")
    }

    private mutating func drawLegend() {
        let y = bottom + 26
        let entries = [
            (Colour.waiting, "waits for its turn"), (Colour.refused, "refused, asked again"),
            (Colour.terminating, "stopping"), (Colour.deleted, "stopping, its budget or wish overruled"),
        ]
        var at = Self.left - 240
        for (colour, words) in entries {
            elements.append(
                "<rect x=\"\(Self.number(at))\" y=\"\(Self.number(y))\" width=\"18\" height=\"10\" fill=\"\(colour)\"/>"
            )
            text(at + 24, y + 9, words, "#444444", anchor: "start")
            at += 44 + Double(words.count) * 6.2
        }
        elements.append(
            "<circle cx=\"\(Self.number(at + 6))\" cy=\"\(Self.number(y + 5))\" r=\"3.5\" fill=\"#222222\"/>")
        text(at + 16, y + 9, "out", "#444444", anchor: "start")
        line(at + 56, y - 2, at + 56, y + 12, "#222222", width: 1.5)
        text(at + 64, y + 9, "its own time", "#444444", anchor: "start")
        line(at + 150, y - 2, at + 150, y + 12, Colour.deadline, dashes: "3 3")
        text(at + 158, y + 9, "margin", "#444444", anchor: "start")
    }

    // MARK: Elements

    private enum Colour {
        static let waiting = "#d9d9d9"
        static let refused = "#f2b04b"
        static let terminating = "#5b8fd0"
        static let deleted = "#c05a7c"
        static let cordon = "#2e8b57"
        static let deadline = "#c03030"
    }

    private mutating func bar(_ from: Double, _ to: Double, _ y: Double, _ colour: String) {
        let width = x(to) - x(from)
        guard width > 0.2 else { return }
        elements.append(
            "<rect x=\"\(Self.number(x(from)))\" y=\"\(Self.number(y + 3))\" width=\"\(Self.number(width))\" height=\"11\" fill=\"\(colour)\"/>"
        )
    }

    private mutating func line(
        _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ colour: String, width: Double = 1,
        dashes: String? = nil
    ) {
        let dash = dashes.map { " stroke-dasharray=\"\($0)\"" } ?? ""
        elements.append(
            "<line x1=\"\(Self.number(x1))\" y1=\"\(Self.number(y1))\" x2=\"\(Self.number(x2))\" y2=\"\(Self.number(y2))\" "
                + "stroke=\"\(colour)\" stroke-width=\"\(Self.number(width))\"\(dash)/>")
    }

    private mutating func text(_ x: Double, _ y: Double, _ words: String, _ colour: String, anchor: String) {
        guard !words.isEmpty else { return }
        elements.append(
            "<text x=\"\(Self.number(x))\" y=\"\(Self.number(y))\" fill=\"\(colour)\" text-anchor=\"\(anchor)\" "
                + "paint-order=\"stroke\" stroke=\"#ffffff\" stroke-width=\"3\">\(Self.escaped(words))</text>"
        )
    }

    /// Names and words as long as there is room.
    private static func cut(_ words: String) -> String {
        words.count <= names ? words : words.prefix(names - 1) + "\u{2026}"
    }

    /// With one decimal, which is a tenth of a point.
    private static func number(_ value: Double) -> String {
        "\((value * 10).rounded() / 10)"
    }

    private static func seconds(_ value: Double) -> String {
        let tenths = (value * 10).rounded() / 10
        return tenths == tenths.rounded() ? "\(Int(tenths)) s" : "\(tenths) s"
    }

    /// What a log says must not become part of the drawing.
    private static func escaped(_ words: String) -> String {
        var text = ""
        for character in words {
            switch character {
            case "&": text += "&amp;"
            case "<": text += "&lt;"
            case ">": text += "&gt;"
            case "\"": text += "&quot;"
            case _ where character.unicodeScalars.contains { $0.value < 32 }: text += " "
            default: text.append(character)
            }
        }
        return text
    }
}
