//! What is said of keys, to the letter.

use crate::cli::program::Program;

#[test]
fn a_key_that_is_known() {
    insta::assert_snapshot!(Program::new().tell(&["explain", "connector.ftp.password"]), @"
    exit code 0
    --- stdout
    CONNECTORS: connector.ftp.password
      What it is: The password of the account at the SFTP server. The file shows it encrypted, so that copying it back may not be enough.  (SAP's article 2165346)
      Differs by environment: Yes (encrypted value). A secret is entered in each environment anew.
      Secret: Yes, by its name: it is never shown, counts as encrypted, and is entered rather than copied.
      Changing it: Saving encrypts what was typed, so that it reads otherwise afterwards. That it works, only a connector's run proves.  (inferred)
    ");
}

#[test]
fn a_key_that_nobody_knows() {
    insta::assert_snapshot!(Program::new().tell(&["explain", "CONNECTORS:connector.ftp.serverName"]), @"
    exit code 0
    --- stdout
    CONNECTORS: connector.ftp.serverName
      What it is: Nothing is publicly known of it. What its name suggests:
      Differs by environment: Yes (host). A host serves one environment.
      Secret: Not by its name.
    --- stderr
    hint: did you mean `CONNECTORS:connector.ftp.server`, `CONNECTORS:connector.ftp.userID` or `CONNECTORS:connector.ftp.password`?
    ");
    insta::assert_snapshot!(Program::new().tell(&["explain", "conectors"]), @"
    exit code 0
    --- stdout
    conectors
      What it is: Nothing is publicly known of it. What its name suggests:
      Differs by environment: Its name does not say so; a value such as an address or a directory does.
      Secret: Not by its name.
    --- stderr
    hint: did you mean `CONNECTORS`, `CONNECTORS:connector.ftp.server` or `CONNECTORS:connector.ftp.userID`?
    ");
}

#[test]
fn a_document() {
    insta::assert_snapshot!(Program::new().tell(&["explain", "LMS Admin"]), @"
    exit code 0
    --- stdout
    LMS_ADMIN
      What it is: Settings of the administration and of what learners see.  (seen in public documentation)
      Changing it: Nothing is publicly known of what that sets off.
      Known keys: restrictUserSelfModification, enablePurgeLog, exportExpiration, showItemThumbnailPhotosGlobally, enableHTMLDescriptions
    ");
}

#[test]
fn what_is_no_key() {
    insta::assert_snapshot!(Program::new().tell(&["explain", "connector.ftp.password=S0mmer9"]), @"
    exit code 2
    --- stderr
    error: `connector.ftp.password` is explained without its value: leave out the `=` and what follows.
    hint: lmskeep explain CONNECTORS:connector.ftp.server
    hint: lmskeep explain BIZX
    ");
    insta::assert_snapshot!(Program::new().tell(&["explain", ""]), @"
    exit code 2
    --- stderr
    error: A key is explained, and none was given.
    hint: lmskeep explain CONNECTORS:connector.ftp.server
    hint: lmskeep explain BIZX
    ");
    insta::assert_snapshot!(Program::new().tell(&["explain"]), @"
    exit code 2
    --- stderr
    error: `lmskeep explain` needs `<KEY>`.
    hint: lmskeep explain --help
    ");
}

#[test]
fn as_json() {
    insta::assert_snapshot!(Program::new().tell(&["explain", "BIZX:baseURL", "--json"]), @r#"
    exit code 0
    --- stdout
    {"schema":"lmskeep/explain/1","entries":[{"changing":"A background job starts. Single sign-on and links lead to that suite: with the source's address, stage's learners end up in production.","changingSource":"seen in public documentation","document":"BIZX","environment":"address","key":"baseURL","keys":[],"secret":false,"source":"SAP's public articles","what":"The address of the HCM suite that this LMS belongs to."}],"known":true,"near":[],"word":"BIZX:baseURL"}
    "#);
}
