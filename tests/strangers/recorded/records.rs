//! A service of records: rows have a number and a code, a record has an entity tag, and three members are posted back.

use encoding_rs::UTF_8;
use serde_json::{Value, json};

use super::{Stranger, enter, is_inside, keep, place, sign_in, texts};
use crate::recordings::recorder::{click, goto, wait};
use crate::strangers::kit::{Ask, Reply, Tenant, World};

const BY_HAND: &str = r#"
[sign-in]
page = "desk"
start = "desk"
user = ["account"]
password = ["passphrase"]
button = []

[[part]]
id = "system-configuration"
address = "api/v2/texts"

[part.service.list]
rows = ""
name = "/code"
key = "/id"

[part.service.document]
address = "api/v2/texts/{name}"
text = "/body"
name = "/code"
etag = true

[part.service.save]
method = "POST"
version-header = "If-Match"
body = { id = "/id", code = "/code", body = "/body" }
"#;

pub(super) const RECORDS: Stranger = Stranger {
    tenant: Tenant {
        gate,
        page,
        charset: UTF_8,
        files: texts,
    },
    journey,
    by_hand: BY_HAND,
};

const APP: &str = r##"
const main = document.querySelector('main');
async function list() {
  const rows = await (await fetch('/api/v2/texts', {headers: {Accept: 'application/json'}})).json();
  main.innerHTML = '<h1>Texts</h1><ol></ol>';
  for (const row of rows) {
    const line = document.createElement('li');
    const button = document.createElement('button');
    button.textContent = row.code;
    button.onclick = () => open(row.id);
    line.append(button);
    main.querySelector('ol').append(line);
  }
}
async function open(id) {
  const address = '/api/v2/texts/' + id;
  const answer = await fetch(address, {headers: {Accept: 'application/json'}});
  const tag = answer.headers.get('ETag');
  const record = await answer.json();
  main.innerHTML = '<h1></h1><textarea rows=20 cols=100></textarea><p><button id=store>Store</button><p id=said>';
  main.querySelector('h1').textContent = record.code;
  main.querySelector('textarea').value = record.body;
  main.querySelector('#store').onclick = async () => {
    const sent = {id: record.id, code: record.code, body: main.querySelector('textarea').value};
    const stored = await fetch(address, {method: 'POST', body: JSON.stringify(sent),
      headers: {'Content-Type': 'application/json', 'If-Match': tag}});
    main.querySelector('#said').textContent = stored.ok ? 'Stored.' : 'Not stored.';
  };
}
document.querySelector('#texts').onclick = (event) => { event.preventDefault(); list(); };
fetch('/api/v2/me').then((answer) => answer.json()).then((me) => {
  document.querySelector('#me').textContent = me.name;
});
"##;

fn journey(root: &str) -> Vec<Value> {
    let mut steps = vec![goto(&format!("{root}/desk"))];
    steps.extend(sign_in("account", "passphrase"));
    steps.extend([
        click("#texts"),
        click("button:has-text('LMS_ADMIN')"),
        click("#store"),
        wait("text=Stored."),
    ]);
    steps
}

fn gate(world: &mut World, ask: &Ask) -> Option<Reply> {
    let form = "<form method=post action=/enter><input type=hidden name=next value=/desk>
        <label>Account <input name=account></label>
        <label>Passphrase <input type=password name=passphrase></label><button type=submit>Enter</button></form>";
    match (ask.method.as_str(), ask.path.as_str()) {
        ("POST", "/enter") => match world.admits(ask.field("account"), ask.field("passphrase")) {
            true => Some(enter(world, "desk", "/desk")),
            false => Some(Reply::titled("Enter", &format!("<p role=alert>No.</p>{form}"))),
        },
        _ if is_inside(world, ask, "desk") => None,
        (_, path) if path.starts_with("/api/") => Some(Reply::json(&json!({"error": "who?"})).status(401)),
        _ => Some(Reply::titled("Enter", form)),
    }
}

fn page(world: &mut World, ask: &Ask) -> Reply {
    let number = ask.path.strip_prefix("/api/v2/texts/").unwrap_or_default();
    let tag = |world: &World| format!("\"r{}\"", world.notes.get("revision").map_or("1", String::as_str));
    match (ask.method.as_str(), ask.path.as_str(), place(world, number, 501)) {
        ("GET", "/desk", _) => Reply::titled(
            "Desk",
            "<p>Hello <b id=me></b> <a id=texts href='#texts'>Texts</a> <a href=/bye>Leave</a></p><main></main>
             <script src=/desk.js></script>",
        ),
        ("GET", "/desk.js", _) => Reply::html(APP).header("Content-Type", "application/javascript"),
        ("GET", "/api/v2/me", _) => Reply::json(&json!({"name": "Keeper", "roles": ["admin", "text"]})),
        ("GET", "/api/v2/texts", _) => {
            let rows = world.files.iter().enumerate();
            let rows: Vec<Value> = rows
                .map(|(at, (name, text))| json!({"id": at + 501, "code": name, "size": text.len(), "locked": false}))
                .collect();
            Reply::json(&json!(rows))
        }
        ("GET", _, Some(at)) => {
            let (name, text) = &world.files[at];
            let record = json!({"id": at + 501, "code": name, "language": "en", "body": text, "tags": []});
            Reply::json(&record).header("ETag", tag(world))
        }
        ("POST", _, Some(at)) => {
            let sent: Value = serde_json::from_str(&ask.body).unwrap_or_default();
            let text = sent["body"].as_str().unwrap_or_default().to_owned();
            let wanted = json!({"id": at + 501, "code": world.files[at].0, "body": text});
            if sent != wanted || ask.header("if-match") != tag(world) {
                world.wrong.push(format!("{} was sent {sent} {:?}", ask.path, ask.headers));
                return Reply::json(&json!({"error": "changed"})).status(412);
            }
            keep(world, at, &text);
            let next = world.number() + 100;
            world.notes.insert("revision".into(), next.to_string());
            Reply::json(&json!({"revision": next}))
        }
        _ => Reply::missing(),
    }
}
