//! Pages as one framework of scripts makes them: the token is a cookie that comes back as a header, every address ends
//! in the time, and the list has several pages.

use encoding_rs::UTF_8;
use serde_json::{Value, json};

use super::{Stranger, enter, is_inside, keep, sign_in, texts};
use crate::recordings::recorder::{click, goto, wait};
use crate::strangers::kit::{Ask, Reply, Tenant, World};

const TOKEN: &str = "b7e1-cookie-9c";

const ROWS: usize = 4;

const BY_HAND: &str = r#"
[sign-in]
page = "ui/"
start = "ui/"
user = ["username"]
password = ["password"]
button = []

[[part]]
id = "system-configuration"
address = "rest/items?page=1"

[part.service.list]
rows = "/content"
name = "/title"
total = "/totalElements"
next = "/next"

[part.service.document]
address = "rest/items/detail?title={name}"
text = "/item/text"
name = "/item/title"

[part.service.save]
method = "PUT"
body = { title = "/item/title", modified = "/item/modified", text = "/item/text", owner = "/item/owner", ratio = "/item/ratio" }

[part.service.token]
header = "X-XSRF-TOKEN"
cookie = "XSRF-TOKEN"
"#;

pub(super) const XSRF: Stranger = Stranger {
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
const stamp = (address) => address + (address.includes('?') ? '&' : '?') + '_=' + Date.now();
const token = () => decodeURIComponent(/XSRF-TOKEN=([^;]*)/.exec(document.cookie)[1]);
async function call(method, address, body) {
  const headers = {Accept: 'application/json, text/plain, */*'};
  if (body) Object.assign(headers, {'Content-Type': 'application/json', 'X-XSRF-TOKEN': token()});
  const answer = await fetch(method === 'GET' ? stamp(address) : address, {method, headers, body: body && JSON.stringify(body)});
  return answer.json();
}
async function list(address) {
  const page = await call('GET', address);
  const table = document.querySelector('table') || main.appendChild(document.createElement('table'));
  for (const item of page.content) {
    const row = table.insertRow();
    row.insertCell().textContent = item.title;
    row.insertCell().textContent = item.modified;
    row.onclick = () => detail(item.title);
  }
  const more = document.querySelector('#more');
  more.hidden = !page.next;
  more.onclick = () => list(page.next);
}
async function detail(title) {
  const address = '/rest/items/detail?title=' + encodeURIComponent(title);
  const item = (await call('GET', address)).item;
  main.innerHTML = '<h2></h2><textarea rows=20 cols=100></textarea><p><button id=keep>Keep</button> <span id=toast></span>';
  main.querySelector('h2').textContent = item.title;
  main.querySelector('textarea').value = item.text;
  main.querySelector('#keep').onclick = async () => {
    item.text = main.querySelector('textarea').value;
    const done = await call('PUT', address, item);
    main.querySelector('#toast').textContent = done.success ? 'All changes kept' : 'Failed';
  };
}
document.querySelector('#settings').onclick = (event) => {
  event.preventDefault();
  main.innerHTML = '<h2>Settings</h2><button id=more hidden>More</button>';
  list('/rest/items?page=1');
};
call('GET', '/rest/menu');
"##;

fn journey(root: &str) -> Vec<Value> {
    let mut steps = vec![goto(&format!("{root}/ui/"))];
    steps.extend(sign_in("username", "password"));
    steps.extend([
        click("#settings"),
        click("#more"),
        click("td:has-text('LMS_ADMIN')"),
        click("#keep"),
        wait("text=All changes kept"),
    ]);
    steps
}

fn gate(world: &mut World, ask: &Ask) -> Option<Reply> {
    let form = "<form method=post action=/ui/login><input name=username placeholder=User>
        <input type=password name=password placeholder=Password><input type=submit value='Sign in'></form>";
    match (ask.method.as_str(), ask.path.as_str()) {
        ("POST", "/ui/login") => match world.admits(ask.field("username"), ask.field("password")) {
            true => {
                let reply = enter(world, "SESSION", "/ui/");
                Some(reply.header("Set-Cookie", format!("XSRF-TOKEN={TOKEN}; Path=/")))
            }
            false => Some(Reply::titled("Sign in", &format!("<p>Bad credentials</p>{form}"))),
        },
        _ if is_inside(world, ask, "SESSION") => None,
        (_, path) if path.starts_with("/rest/") => Some(Reply::json(&json!({"status": 401})).status(401)),
        _ => Some(Reply::titled("Sign in", form)),
    }
}

/// An item as it is read, and as it must come back but for its text.
fn item(world: &World, at: usize) -> Value {
    let (name, text) = &world.files[at];
    json!({"title": name, "modified": "2026-11-03T10:00:00Z", "text": text, "owner": {"id": 7, "name": null}, "ratio": 0.5})
}

fn page(world: &mut World, ask: &Ask) -> Reply {
    let at = world.files.iter().position(|(name, _)| name == ask.q("title"));
    match (ask.method.as_str(), ask.path.as_str(), at) {
        ("GET", "/ui/", _) => Reply::titled(
            "Console",
            "<header><a id=settings href='#'>Settings</a> <a href=/ui/logout>Sign out</a></header><main></main>
             <script src=/ui/app.js></script>",
        ),
        ("GET", "/ui/app.js", _) => Reply::html(APP).header("Content-Type", "text/javascript"),
        ("GET", "/rest/menu", _) => Reply::json(&json!([{"id": "settings", "label": "Settings"}])),
        ("GET", "/rest/items", _) => {
            let page: usize = ask.q("page").parse().unwrap_or(1);
            let (from, total) = ((page - 1) * ROWS, world.files.len());
            let rows = world.files.iter().skip(from).take(ROWS);
            let rows: Vec<Value> = rows.map(|(name, _)| json!({"title": name, "modified": "2026-11-03"})).collect();
            let next = (from + ROWS < total).then(|| format!("/rest/items?page={}", page + 1));
            Reply::json(&json!({"content": rows, "totalElements": total, "next": next}))
        }
        ("GET", "/rest/items/detail", Some(at)) => Reply::json(&json!({"item": item(world, at), "rights": ["read", "write"]})),
        ("PUT", "/rest/items/detail", Some(at)) => {
            let sent: Value = serde_json::from_str(&ask.body).unwrap_or_default();
            let mut wanted = item(world, at);
            let text = sent["text"].as_str().unwrap_or_default().to_owned();
            wanted["text"] = json!(text);
            if sent != wanted || ask.header("x-xsrf-token") != TOKEN {
                world.wrong.push(format!("{} was sent {sent} {:?}", ask.path, ask.headers));
                return Reply::json(&json!({"success": false})).status(403);
            }
            keep(world, at, &text);
            Reply::json(&json!({"success": true}))
        }
        _ => Reply::missing(),
    }
}
