import ArgumentParser
import FoundationEssentials
import Picture

/// Draws the last drain of a log of ours.
struct PictureCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "picture", abstract: "Draw the last drain in a log of the daemon as a timeline, an SVG file.",
        discussion: """
            Exit status: 0 when the picture was written, 1 when the log cannot be read or holds no drain.
            """)

    @Argument(help: "The daemon's log; /dev/stdin for the standard input.") var log: String
    @Argument(help: "Where the picture goes.") var file: String

    func run() async throws {
        guard let bytes = try? Data(contentsOf: URL(filePath: log)) else {
            throw PictureFile.failure("'\(log)' cannot be read")
        }
        let lines = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
        guard let picture = DrainPicture(log: lines) else { throw PictureFile.failure("'\(log)' holds no drain") }
        try PictureFile.write(picture, to: file)
    }
}

/// Where a picture is written.
enum PictureFile {
    /// Writes the drawing, or throws an exit status when that cannot be done.
    static func write(_ picture: DrainPicture, to file: String) throws {
        do {
            try Data(DrainDrawing(picture).svg.utf8).write(to: URL(filePath: file))
        } catch {
            throw failure("'\(file)' cannot be written")
        }
    }

    /// Tells what is wrong; answers the exit status.
    static func failure(_ words: String) -> ExitCode {
        Terminal.write("interruption-handler: \(words)\n", to: .standardError)
        return ExitCode(1)
    }
}
