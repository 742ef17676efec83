import FoundationEssentials
import Simulators

// What a program finds in its file system, changed in a mount namespace of its own: no other program sees it.
extension MatrixFault {
    /// Why no program can have a mount namespace of its own here; `nil` when it can. A machine may refuse user namespaces to everybody,
    /// and root can do without one; a sandbox or a changed root may refuse both.
    static func reasonAgainstMounts() async -> String? {
        do {
            try await MatrixAct.run(
                "/bin/sh", "-c",
                "probe='mount -t tmpfs none /tmp'; unshare -r -m $probe 2>/dev/null || unshare -m $probe")
            return nil
        } catch {
            return "no program may have a mount namespace of its own here: \(error)"
        }
    }

    /// A command line that runs what follows after `steps` in a namespace of its own.
    private static func apart(_ steps: String, log: String = "") -> [String] {
        let choice =
            "user=-r; unshare -r -m true 2>/dev/null || user=; exec unshare $user -m /bin/sh -ec \"$0\" sh \"$@\""
        return ["/bin/sh", "-ec", choice, steps + "; exec \"$@\"" + log]
    }

    /// Names without an address; the program sees the stage's own files in the place of the machine's.
    static let ofNames: [MatrixFault] = [
        names(
            "a channel's name never has an address", "127.0.0.1 cloud.test\n",
            impossible: Dictionary(
                uniqueKeysWithValues: Phase.allCases.filter { $0 != .start }.map {
                    ($0, alwaysSo)
                })),
        names("names lose their addresses", "127.0.0.1 channels.test cloud.test\n"),
    ]

    private static func names(_ name: String, _ hosts: String, impossible: [Phase: String] = [:]) -> MatrixFault {
        MatrixFault(
            dependency: "DNS", name: name, lasting: .drain,
            prepare: { act in
                try act.stage.write(hosts, to: "hosts")
                try act.stage.write("nameserver 127.0.0.1\n", to: "resolv.conf")
            },
            environment: { act in
                func named(_ server: LabServerName, _ host: String) -> String {
                    (act.stage.lab.address(of: server) ?? "").replacing("127.0.0.1", with: host)
                }
                return [
                    "SLACK_URL": named(.webhooks, "channels.test") + "/slack/services/\(MatrixAct.secret)",
                    "AWS_ENDPOINT_URL_AUTO_SCALING": named(.aws, "cloud.test"),
                ]
            },
            launcher: { act in
                let folder = act.stage.folder
                return apart(
                    "mount --bind \(folder)/hosts /etc/hosts; mount --bind \(folder)/resolv.conf /etc/resolv.conf")
            },
            // Written in place: what is mounted is the file and not its name.
            begin: { act in
                if act.phase == .start { return }
                try await MatrixAct.run("/bin/sh", "-c", ": > \(act.stage.folder)/hosts")
            },
            end: { act in
                let text = "127.0.0.1 channels.test cloud.test"
                try await MatrixAct.run("/bin/sh", "-c", "echo \(text) > \(act.stage.folder)/hosts")
            },
            channels: ["mattermost", "sematext"], impossible: impossible, needsMounts: true)
    }

    /// The disk on which the program's folder, its home, its temporary files and perhaps its log are.
    static let ofDisk: [MatrixFault] = [
        disk("full", "cat /dev/zero > fill 2>/dev/null || true"),
        disk("read-only", "mount -o remount,ro $PWD"),
        disk("full, and the log is on it", "cat /dev/zero > fill 2>/dev/null || true", log: " 2> log"),
        MatrixFault(
            dependency: "disk", name: "the log file is at its size limit", lasting: .drain,
            launcher: { act in
                apart("cd \(act.stage.folder)", log: " 2> log")
            },
            begin: { act in
                guard let program = act.program else { return }
                try await MatrixAct.run("/usr/bin/prlimit", "--pid", "\(program.processID)", "--fsize=0:0")
            }, needsProgram: true, isLogged: false, needsMounts: true),
    ]

    private static func disk(_ name: String, _ step: String, log: String = "") -> MatrixFault {
        MatrixFault(
            dependency: "disk", name: name, lasting: .drain,
            prepare: { act in
                try FileManager.default.createDirectory(
                    atPath: act.stage.folder + "/disk", withIntermediateDirectories: true)
            },
            environment: { act in ["HOME": act.stage.folder + "/disk", "TMPDIR": act.stage.folder + "/disk"] },
            launcher: { act in
                let folder = act.stage.folder + "/disk"
                let mount = "mount -t tmpfs -o size=64k none \(folder); cd \(folder)"
                return apart(act.phase == .start ? "\(mount); \(step)" : mount, log: log)
            },
            begin: { act in
                guard let program = act.program else { return }
                let folder = act.stage.folder + "/disk"
                let target = "-t \(program.processID) -m"
                let choice =
                    "user='-U --preserve-credentials'; nsenter \(target) $user true 2>/dev/null || user=; exec nsenter \(target) $user"
                try await MatrixAct.run("/bin/sh", "-c", "\(choice) /bin/sh -c 'cd \(folder); \(step)'")
            }, isLogged: log.isEmpty, needsMounts: true)
    }
}
