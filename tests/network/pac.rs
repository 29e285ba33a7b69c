//! PAC files: not read, and named wherever one is set.

use super::{check, knowing, put, run};

const FILE: &str = "http://wpad.example.test/wpad.dat";

#[test]
fn one_that_is_named_is_refused() {
    let program = knowing("https://lms.example.test");
    for named in [
        FILE,
        "http://intranet.example.test/proxy.pac",
        "file:///etc/proxy.pac",
    ] {
        check(&program, &["--proxy", named])
            .ends(2)
            .says("names a PAC file")
            .says("not supported");
        run(&program, &["instance", "set", "stage", "proxy", named])
            .ends(2)
            .says("names a PAC file");
    }
}

#[test]
fn one_in_the_environment_is_named_where_the_instance_is_not_reached() {
    for variable in ["HTTPS_PROXY", "auto_proxy"] {
        let program = knowing("https://lms.example.test").with(variable, FILE);
        check(&program, &[])
            .ends(4)
            .says(&format!("set to a PAC file, `{FILE}`, which is not supported"));
    }
}

#[cfg(target_os = "linux")]
#[test]
fn one_in_the_settings_of_the_desktop_is_named_where_the_instance_is_not_reached() {
    use std::os::unix::fs::PermissionsExt;
    let program = knowing("https://lms.example.test");
    let asked = put(
        &program,
        "gsettings",
        format!(
            "#!/bin/sh\n[ \"$1 $2\" = 'list-recursively org.gnome.system.proxy' ] || exit 1\n\
             echo \"org.gnome.system.proxy autoconfig-url '{FILE}'\"\necho \"org.gnome.system.proxy mode 'auto'\"\n"
        ),
    );
    std::fs::set_permissions(&asked, std::fs::Permissions::from_mode(0o755)).unwrap();
    let path = format!("{}:/usr/bin:/bin", program.home().display());
    let program = program.with("PATH", &path);
    check(&program, &[])
        .ends(4)
        .says(&format!("set to a PAC file, `{FILE}`, which is not supported"));
}
