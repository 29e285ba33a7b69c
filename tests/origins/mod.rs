//! Where what differs comes from, and since when: the source of a refresh, a person, a release.

mod history;
mod sides;
mod source;

use crate::rehearsal::Rehearsal;

/// After a refresh, with complete backups of both instances from before, and what a person and a release have done since:
/// one key of `SSO` changed and one taken away, one key of `UI` new.
pub(crate) fn changed_since() -> Rehearsal {
    let rehearsal = Rehearsal::with_backup(&[]);
    rehearsal.run(&["backup", "prod"]).ends(0);
    rehearsal.refresh();
    let state = rehearsal.state();
    let sso = state.text("SSO");
    let login = "sso.idp.loginURL=https://sso.example.com/idp/prod/login?RelayState=\n";
    let gone = "sso.logout.enabled=true\n";
    assert!(sso.contains(login) && sso.contains(gone), "{sso}");
    let sso = sso
        .replace(login, "sso.idp.loginURL=https://sso.example.com/idp/pilot\n")
        .replace(gone, "");
    rehearsal.save("stage", "SSO", &sso);
    rehearsal.save("stage", "UI", &format!("{}ui.newFlag=true\n", state.text("UI")));
    rehearsal
}
