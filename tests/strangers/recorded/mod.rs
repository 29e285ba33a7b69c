//! Applications that nobody named, of quite different makes: recorded with a real browser while somebody opens the
//! list, opens one text and saves it unchanged; learned; and then kept and put back like any other.

mod admin;
mod cards;
mod framed;
mod odata;
mod records;
mod xsrf;

use serde_json::Value;

use super::kit::{Ask, PASSWORD, Reply, Stage, Tenant, USER, World};
use crate::recordings::learned::secrets;
use crate::recordings::recorder::{self, fill};

/// An application and the way through it.
struct Stranger {
    tenant: Tenant,
    /// What a person does, after the address of the application.
    journey: fn(&str) -> Vec<Value>,
    /// What somebody would write who knows it: proof that the engine can keep it at all.
    by_hand: &'static str,
}

/// Names as people give them, and texts with what is easily lost.
fn texts() -> Vec<(String, String)> {
    let files = [
        (
            "BIZX",
            "baseURL=https://stage.example.com/\nnote=a < b && c > d \"quoted\"\n",
        ),
        (
            "Über uns",
            "umlauts=Größe für façade\nentity=&lt;b&gt;&amp;nbsp;\n",
        ),
        (
            "Mail & more",
            "path=C:\\\\temp\\\\\nplus=1+1%3D2\nempty=\n\n\nlast=no line end",
        ),
        ("LMS_ADMIN", "a=1\n#b=2\n\ttab=\t\n"),
        ("start page", "<h1>Hello</h1>\n</textarea > is no end\n"),
        ("z-9", "only=one line\n"),
    ];
    files
        .map(|(name, text)| (name.to_owned(), text.repeat(3)))
        .to_vec()
}

/// Somebody is inside who holds a cookie of this name.
fn is_inside(world: &World, ask: &Ask, cookie: &str) -> bool {
    ask.cookies
        .get(cookie)
        .is_some_and(|id| world.inside.contains(id))
}

/// Lets somebody in: a new cookie of this name.
fn enter(world: &mut World, cookie: &str, to: &str) -> Reply {
    let id = format!("inside-{}-4711", world.number());
    world.inside.insert(id.clone());
    Reply::redirect(to).header("Set-Cookie", format!("{cookie}={id}; Path=/; HttpOnly"))
}

/// The steps of signing in with these two fields.
fn sign_in(user: &str, password: &str) -> Vec<Value> {
    vec![
        fill(&format!("[name='{user}']"), USER),
        fill(&format!("[name='{password}']"), PASSWORD),
        recorder::click("form [type=submit]"),
    ]
}

/// The place of a text, by the number that the application gave it.
fn place(world: &World, number: &str, first: usize) -> Option<usize> {
    let place = number.parse::<usize>().ok()?.checked_sub(first)?;
    (place < world.files.len()).then_some(place)
}

/// Serves an application and records the way through it.
fn recorded(stranger: &Stranger) -> Option<(Stage, Value)> {
    if !recorder::is_here() {
        return None;
    }
    let stage = Stage::of(stranger.tenant);
    let before = stage.world(|world| world.files.clone());
    let har = recorder::record(&(stranger.journey)(&stage.url()));
    assert_eq!(
        stage.world(|world| world.files.clone()),
        before,
        "saved unchanged"
    );
    stage.proper();
    let saved = stage.world(|world| world.notes.contains_key("saved"));
    assert!(saved, "{:#?}", stage.world(|world| world.log.clone()));
    Some((stage, har))
}

/// Notes that a text was saved, as a script sends it: with LF.
fn keep(world: &mut World, place: usize, text: &str) {
    world.notes.insert("saved".into(), "yes".into());
    world.files[place].1 = text.replace("\r\n", "\n");
}

/// Backs up, changes three texts, has them put back, and sees that nothing was sent that a browser would not send.
fn there_and_back(stage: &Stage) {
    stage.back_up();
    let before = stage.world(|world| {
        let before = world.files.clone();
        for place in [0, 1, 4] {
            world.files[place].1.push_str("added=by somebody\n");
        }
        world.notes.remove("saved");
        before
    });
    let told = stage.run(&["restore", "stage", "--yes"]);
    assert_eq!(
        told.code,
        0,
        "{}\n{:#?}",
        told.text,
        stage.world(|world| world.wrong.clone())
    );
    assert_eq!(stage.world(|world| world.files.clone()), before, "{}", told.text);
    stage.run(&["diff", "stage"]).says(0, &[]);
    stage.run(&["undo", "stage", "--yes"]).says(0, &[]);
    stage.world(|world| assert!(world.files[1].1.ends_with("added=by somebody\n")));
    stage.proper();
}

fn by_hand(stranger: &Stranger) {
    let stage = Stage::of(stranger.tenant);
    stage.use_profile(stranger.by_hand);
    there_and_back(&stage);
}

#[test]
fn admin_by_hand() {
    by_hand(&admin::ADMIN);
}

#[test]
fn cards_by_hand() {
    by_hand(&cards::CARDS);
}

#[test]
fn framed_by_hand() {
    by_hand(&framed::FRAMED);
}

#[test]
fn odata_by_hand() {
    by_hand(&odata::ODATA);
}

#[test]
fn records_by_hand() {
    by_hand(&records::RECORDS);
}

#[test]
fn xsrf_by_hand() {
    by_hand(&xsrf::XSRF);
}

/// Learns from a recording of the application, and keeps it with what was learned.
fn learned(stranger: &Stranger) {
    let Some((stage, har)) = recorded(stranger) else {
        return;
    };
    let text = stage.world(|world| world.text("LMS_ADMIN").unwrap());
    let secrets = secrets(&har, &[USER, PASSWORD], &text);
    stage.learn(&har.to_string(), &secrets);
    there_and_back(&stage);
}

#[test]
fn admin_learned() {
    learned(&admin::ADMIN);
}

#[test]
fn cards_learned() {
    learned(&cards::CARDS);
}

#[test]
fn framed_learned() {
    learned(&framed::FRAMED);
}

#[test]
fn odata_learned() {
    learned(&odata::ODATA);
}

#[test]
fn records_learned() {
    learned(&records::RECORDS);
}

#[test]
fn xsrf_learned() {
    learned(&xsrf::XSRF);
}
