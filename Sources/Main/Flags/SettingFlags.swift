import ArgumentParser
import Settings

/// A group of flags that are settings. Each is read as text here and checked later, so that all problems are told at once.
protocol SettingFlags: ParsableArguments {}

extension SettingFlags {
    /// What was given, by the setting's name.
    func given() -> [String: [String]] {
        var given: [String: [String]] = [:]
        for child in Mirror(reflecting: self).children {
            guard let label = child.label else { continue }
            given[Self.settingName(of: label)] = Self.texts(in: child.value)
        }
        return given
    }

    private static func texts(in property: Any) -> [String]? {
        switch property {
        case let option as Option<String?>: option.wrappedValue.map { [$0] }
        case let option as Option<[String]>: option.wrappedValue.isEmpty ? nil : option.wrappedValue
        case let flag as Flag<Bool?>: flag.wrappedValue.map { ["\($0)"] }
        default: nil
        }
    }

    /// `_detachAsg` is the wrapper of the setting `detach-asg`.
    private static func settingName(of label: String) -> String {
        label.drop { $0 == "_" }.reduce(into: "") { name, character in
            name += character.isUppercase ? "-" + character.lowercased() : String(character)
        }
    }
}

extension ArgumentHelp {
    /// The help of a setting, with its default and its variables.
    static func setting(_ setting: Setting) -> ArgumentHelp {
        ArgumentHelp(
            "\(setting.help) (default: \(setting.fallback); \(setting.variables.joined(separator: ", ")))",
            valueName: setting.form == .toggle ? nil : "value")
    }
}
