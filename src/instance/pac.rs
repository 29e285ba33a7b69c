//! PAC files: whether the operating system's settings name one. They are scripts, and are not run.

use std::process::Stdio;
use std::time::Duration;

use tokio::process::Command;

/// How long the operating system's own program may take.
const PATIENCE: Duration = Duration::from_secs(3);

/// The operating system's own program that prints the settings, with its words.
#[cfg(windows)]
const ASK: (&str, &[&str]) = (
    "reg",
    &[
        "query",
        r"HKCU\Software\Microsoft\Windows\CurrentVersion\Internet Settings",
        "/v",
        "AutoConfigURL",
    ],
);
#[cfg(target_vendor = "apple")]
const ASK: (&str, &[&str]) = ("scutil", &["--proxy"]);
#[cfg(not(any(windows, target_vendor = "apple")))]
const ASK: (&str, &[&str]) = ("gsettings", &["list-recursively", "org.gnome.system.proxy"]);

/// The address of the PAC file that this computer's settings name; none where they name none or cannot be asked.
pub async fn pac_of_this_computer() -> Option<String> {
    let (program, words) = ASK;
    let mut command = Command::new(program);
    command
        .args(words)
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true);
    let output = tokio::time::timeout(PATIENCE, command.output())
        .await
        .ok()?
        .ok()?;
    pac_in_settings(&String::from_utf8_lossy(&output.stdout))
}

/// Finds it in what the three programs print.
fn pac_in_settings(said: &str) -> Option<String> {
    let value = |key: &str| {
        let lines = said.lines().map(str::trim);
        lines
            .filter_map(|line| line.split_once(key))
            .map(|(_, rest)| rest.trim())
            .next()
    };
    let registry = value("AutoConfigURL").and_then(|rest| rest.strip_prefix("REG_SZ"));
    let apple = value("ProxyAutoConfigURLString :").filter(|_| value("ProxyAutoConfigEnable :") == Some("1"));
    let gnome = value(".proxy autoconfig-url").filter(|_| value(".proxy mode") == Some("'auto'"));
    let found = registry.or(apple).or(gnome)?.trim().trim_matches('\'');
    // GNOME without an address looks for one by itself.
    Some(match found {
        "" => "wpad.dat, found by itself".to_owned(),
        found => found.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_file_in_what_each_system_prints() {
        let windows = "\r\nHKEY_CURRENT_USER\\Software\\Microsoft\\Windows\\CurrentVersion\\Internet Settings\r\n    \
                       AutoConfigURL    REG_SZ    http://wpad.example.com/wpad.dat\r\n\r\n";
        let apple = "<dictionary> {\n  ProxyAutoConfigEnable : 1\n  ProxyAutoConfigURLString : http://wpad.example.com/wpad.dat\n}\n";
        let gnome = "org.gnome.system.proxy autoconfig-url 'http://wpad.example.com/wpad.dat'\n\
                     org.gnome.system.proxy mode 'auto'\norg.gnome.system.proxy.http port 0\n";
        for said in [windows, apple, gnome] {
            assert_eq!(
                pac_in_settings(said).as_deref(),
                Some("http://wpad.example.com/wpad.dat"),
                "{said}"
            );
        }
        for said in [
            "",
            &apple.replace("Enable : 1", "Enable : 0"),
            &gnome.replace("'auto'", "'none'"),
            "ERROR: The system was unable to find the specified registry key or value.",
        ] {
            assert_eq!(pac_in_settings(said), None, "{said}");
        }
    }
}
