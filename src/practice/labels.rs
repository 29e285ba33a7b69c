//! The German words of the pages; English ones stand where they are used, and so do those of `operation`.

use crate::practice::operation::PARTS;

/// The German label for an English one; a label without one stays English.
pub(super) fn german(english: &'static str) -> &'static str {
    let of_parts = PARTS.iter().flat_map(|part| part.labels);
    GERMAN
        .iter()
        .chain(of_parts)
        .find(|(known, _)| *known == english)
        .map_or(english, |(_, german)| german)
}

/// Every label that has a German one and is no part's own.
pub(super) const GERMAN: &[(&str, &str)] = &[
    ("Log In", "Anmelden"),
    ("Admin Login", "Administratoranmeldung"),
    ("User Name", "Benutzername"),
    ("Password", "Kennwort"),
    ("Language", "Sprache"),
    ("Forgot your password?", "Kennwort vergessen?"),
    (
        "Your user name or password is incorrect.",
        "Benutzername oder Kennwort ist falsch.",
    ),
    (
        "Your account is locked. Contact your administrator.",
        "Ihr Konto ist gesperrt. Wenden Sie sich an Ihren Administrator.",
    ),
    ("The request was incomplete.", "Die Anfrage war unvollständig."),
    (
        "Native sign-in is not available. Sign in through SAP SuccessFactors HCM.",
        "Die direkte Anmeldung ist nicht verfügbar. Melden Sie sich über SAP SuccessFactors HCM an.",
    ),
    ("Change Password", "Kennwort ändern"),
    (
        "You must change your password before you continue.",
        "Sie müssen Ihr Kennwort ändern, bevor Sie fortfahren.",
    ),
    ("New Password", "Neues Kennwort"),
    ("Confirm Password", "Kennwort bestätigen"),
    (
        "This password cannot be used.",
        "Dieses Kennwort kann nicht verwendet werden.",
    ),
    ("Learning Administration", "Lernadministration"),
    ("Home", "Startseite"),
    ("Welcome", "Willkommen"),
    ("Search", "Suchen"),
    ("Help", "Hilfe"),
    ("Sign Out", "Abmelden"),
    ("System Administration", "Systemverwaltung"),
    ("Configuration", "Konfiguration"),
    ("System Configuration", "Systemkonfiguration"),
    ("Global Application Settings", "Globale Anwendungseinstellungen"),
    ("Images", "Bilder"),
    ("Labels", "Beschriftungen"),
    ("Locales", "Gebietsschemas"),
    ("Tools", "Werkzeuge"),
    ("Manage Unsent Emails", "Nicht gesendete E-Mails verwalten"),
    ("Automatic Processes", "Automatische Prozesse"),
    ("Connectors", "Konnektoren"),
    ("Security", "Sicherheit"),
    ("Role Management", "Rollenverwaltung"),
    ("Admin Management", "Administratorverwaltung"),
    ("People", "Personen"),
    ("Users", "Benutzer"),
    ("Organizations", "Organisationen"),
    ("Learning Activities", "Lernaktivitäten"),
    ("Items", "Lerneinheiten"),
    ("Classes", "Kurse"),
    ("Reports", "Berichte"),
    ("Report Jobs", "Berichtsjobs"),
    ("Nothing is shown here.", "Hier wird nichts angezeigt."),
    (
        "You do not have permission to view this page.",
        "Sie haben keine Berechtigung, diese Seite anzuzeigen.",
    ),
    ("Page not found", "Seite nicht gefunden"),
    ("Error", "Fehler"),
    (
        "The request could not be verified.",
        "Die Anfrage konnte nicht überprüft werden.",
    ),
    (
        "Your browser must support frames.",
        "Ihr Browser muss Frames unterstützen.",
    ),
    (
        "Your browser must run scripts.",
        "Ihr Browser muss Skripte ausführen.",
    ),
    ("Name", "Name"),
    ("Description", "Beschreibung"),
    ("Last Changed", "Letzte Änderung"),
    ("Edit", "Bearbeiten"),
    ("Next", "Weiter"),
    ("Previous", "Zurück"),
    ("records", "Datensätze"),
    ("Edit System Configuration", "Systemkonfiguration bearbeiten"),
    ("Configuration File", "Konfigurationsdatei"),
    ("Apply Changes", "Änderungen übernehmen"),
    ("Reset", "Zurücksetzen"),
    ("Cancel", "Abbrechen"),
    ("Line Wrap", "Zeilenumbruch"),
    ("Off", "Aus"),
    ("On", "Ein"),
    ("Comment", "Kommentar"),
    ("Back to the list", "Zurück zur Liste"),
    (
        "This file can only be viewed.",
        "Diese Datei kann nur angezeigt werden.",
    ),
    ("The changes were applied.", "Die Änderungen wurden übernommen."),
    (
        "The changes could not be applied.",
        "Die Änderungen konnten nicht übernommen werden.",
    ),
    (
        "The value of {key} cannot be changed.",
        "Der Wert von {key} kann nicht geändert werden.",
    ),
    (
        "The file was changed in the meantime. Open it again.",
        "Die Datei wurde inzwischen geändert. Öffnen Sie sie erneut.",
    ),
    (
        "The sign-in could not be verified.",
        "Die Anmeldung konnte nicht überprüft werden.",
    ),
    (
        "This sign-in was used before. Sign in again.",
        "Diese Anmeldung wurde bereits verwendet. Melden Sie sich erneut an.",
    ),
    (
        "This sign-in is not for this system.",
        "Diese Anmeldung gilt nicht für dieses System.",
    ),
    (
        "You have no admin account here.",
        "Sie haben hier kein Administratorkonto.",
    ),
    ("This file does not exist.", "Diese Datei existiert nicht."),
];
