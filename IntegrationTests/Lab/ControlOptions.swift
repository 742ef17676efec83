import ArgumentParser
import FoundationEssentials
import Simulators

/// Which lab an order is for.
struct ControlOptions: ParsableArguments {
    @Option(help: "Address of the lab's control API; $INTERRUPTION_LAB_CONTROL if not given.")
    var control: String?

    /// Sends an order, and prints what the lab says; throws when the lab refuses it.
    func send(_ method: String, _ path: String, _ query: [(String, String?)] = [], body: [UInt8] = []) async throws {
        guard let text = control ?? ProcessInfo.processInfo.environment["INTERRUPTION_LAB_CONTROL"] else {
            throw ValidationError("Which lab? Give --control or set INTERRUPTION_LAB_CONTROL.")
        }
        guard let address = ListenAddress(argument: String(text.trimmingPrefix("http://").prefix { $0 != "/" })) else {
            throw ValidationError("'\(text)' is not the address of a control API such as http://127.0.0.1:1339.")
        }
        let pairs = query.compactMap { name, value in value.map { "\(name)=\(Self.encoded($0))" } }
        let target = pairs.isEmpty ? path : path + "?" + pairs.joined(separator: "&")
        let answer = try await LabClient(host: address.host, port: address.port).send(method, target, body: body)
        announceText(answer.text)
        if answer.status != 200 { throw ExitCode.failure }
    }

    private static func encoded(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF")
        var result = ""
        for byte in text.utf8 {
            let scalar = Unicode.Scalar(byte)
            if byte < 0x80,
                scalar.properties.isAlphabetic || scalar.properties.numericType != nil
                    || "-._~".contains(Character(scalar))
            {
                result.unicodeScalars.append(scalar)
            } else {
                result += "%\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
            }
        }
        return result
    }
}
