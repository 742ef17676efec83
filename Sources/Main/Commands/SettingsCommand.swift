import ArgumentParser
import Settings

/// Prints the reference of all settings, from which `docs/settings.md` is made.
struct SettingsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "settings",
        abstract: "Print every setting with its variables and its default, as a Markdown table.")

    func run() {
        print("| flag | variables | default | accepted | meaning |")
        print("|---|---|---|---|---|")
        for setting in Setting.all {
            let flag = setting.form == .toggle ? "`--\(setting.name)`, `--no-\(setting.name)`" : "`--\(setting.name)`"
            let variables = setting.variables.map { "`\($0)`" }.joined(separator: ", ")
            print("| \(flag) | \(variables) | \(setting.fallback) | \(setting.accepts) | \(setting.help) |")
        }
    }
}
