//! A service of the OData sort: the token is fetched by a header, rows say where their records are, and the entity tag
//! stands in the record.

use encoding_rs::UTF_8;
use serde_json::{Value, json};

use super::{Stranger, enter, is_inside, keep, place, sign_in, texts};
use crate::recordings::recorder::{click, goto, wait};
use crate::strangers::kit::{Ask, Reply, Tenant, World};

const TOKEN: &str = "Zf3tch3d-token==";

const ROOT: &str = "/odata/TextService/";

const BY_HAND: &str = r#"
[sign-in]
page = "launchpad"
start = "launchpad"
user = ["j_username"]
password = ["j_password"]
button = []

[[part]]
id = "system-configuration"
address = "odata/TextService/Texts?$select=TextId,Name&$orderby=Name"

[part.service.headers]
Accept = "application/json"

[part.service.list]
rows = "/d/results"
name = "/Name"
link = "/__metadata/uri"

[part.service.document]
text = "/d/Content"
name = "/d/Name"
version = "/d/__metadata/etag"

[part.service.save]
method = "PUT"
version-header = "If-Match"
body = { TextId = "/d/TextId", Name = "/d/Name", Content = "/d/Content" }

[part.service.token]
header = "X-CSRF-Token"
address = "odata/TextService/"
request-headers = { X-CSRF-Token = "Fetch" }
response-header = "X-CSRF-Token"
"#;

pub(super) const ODATA: Stranger = Stranger {
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
const root = '/odata/TextService/';
const main = document.querySelector('main');
let token = null;
function call(method, address, headers, body) {
  return new Promise((done) => {
    const request = new XMLHttpRequest();
    request.open(method, address);
    request.setRequestHeader('Accept', 'application/json');
    for (const name of Object.keys(headers)) request.setRequestHeader(name, headers[name]);
    request.onload = () => done(request);
    request.send(body ? JSON.stringify(body) : null);
  });
}
async function list() {
  const answer = JSON.parse((await call('GET', root + 'Texts?$select=TextId,Name&$orderby=Name', {})).responseText);
  main.innerHTML = '<h3>Texts</h3>';
  for (const row of answer.d.results) {
    const item = document.createElement('div');
    item.setAttribute('role', 'row');
    item.textContent = row.Name;
    item.onclick = () => open(row.__metadata.uri);
    main.append(item);
  }
}
async function open(address) {
  const record = JSON.parse((await call('GET', address, {})).responseText).d;
  main.innerHTML = '<h3></h3><textarea rows=20 cols=100></textarea><button id=save>Save</button><span id=toast></span>';
  main.querySelector('h3').textContent = record.Name;
  main.querySelector('textarea').value = record.Content;
  main.querySelector('#save').onclick = async () => {
    const body = {TextId: record.TextId, Name: record.Name, Content: main.querySelector('textarea').value};
    const headers = {'Content-Type': 'application/json', 'If-Match': record.__metadata.etag, 'X-CSRF-Token': token};
    const saved = await call('PUT', address, headers, body);
    main.querySelector('#toast').textContent = saved.status === 204 ? 'Saved' : 'Error ' + saved.status;
  };
}
call('GET', root, {'X-CSRF-Token': 'Fetch'}).then((answer) => { token = answer.getResponseHeader('X-CSRF-Token'); });
document.querySelector('#tile').onclick = list;
"##;

fn journey(root: &str) -> Vec<Value> {
    let mut steps = vec![goto(&format!("{root}/launchpad"))];
    steps.extend(sign_in("j_username", "j_password"));
    steps.extend([
        click("#tile"),
        click("[role=row]:has-text('LMS_ADMIN')"),
        click("#save"),
        wait("#toast:has-text('Saved')"),
    ]);
    steps
}

fn gate(world: &mut World, ask: &Ask) -> Option<Reply> {
    let form = "<form method=post action=/j_security_check><input name=j_username autocomplete=username>
        <input name=j_password type=password><button type=submit>Log On</button></form>";
    match (ask.method.as_str(), ask.path.as_str()) {
        ("POST", "/j_security_check") => match world.admits(ask.field("j_username"), ask.field("j_password"))
        {
            true => Some(enter(world, "MYSAPSSO", "/launchpad")),
            false => Some(Reply::titled("Log On", &format!("<p>Failed</p>{form}"))),
        },
        _ if is_inside(world, ask, "MYSAPSSO") => None,
        _ => Some(Reply::titled("Log On", form)),
    }
}

fn page(world: &mut World, ask: &Ask) -> Reply {
    let key = ask
        .path
        .strip_prefix(ROOT)
        .and_then(|rest| rest.strip_prefix("Texts('"));
    let number = key
        .and_then(|key| key.strip_suffix("')"))
        .unwrap_or_default()
        .to_owned();
    let etag = |world: &World| {
        format!(
            "W/\"{}\"",
            world.notes.get("revision").map_or("1", String::as_str)
        )
    };
    let metadata = |world: &World, at: usize| json!({"uri": format!("{ROOT}Texts('{}')", at + 9000), "type": "TextService.Text", "etag": etag(world)});
    match (
        ask.method.as_str(),
        ask.path.as_str(),
        place(world, &number, 9000),
    ) {
        ("GET", "/launchpad", _) => Reply::titled(
            "Launchpad",
            "<div id=tile role=button>Text Maintenance</div><a href=/logoff>Log Off</a><main></main><script src=/app.js></script>",
        ),
        ("GET", "/app.js", _) => Reply::html(APP).header("Content-Type", "application/javascript"),
        ("GET", ROOT, _) => match ask.header("x-csrf-token") {
            "Fetch" => Reply::json(&json!({"d": {"EntitySets": ["Texts"]}})).header("X-CSRF-Token", TOKEN),
            _ => Reply::json(&json!({"d": {"EntitySets": ["Texts"]}})),
        },
        ("GET", "/odata/TextService/Texts", _) => {
            let mut rows: Vec<Value> = (0..world.files.len())
                .map(|at| json!({"__metadata": metadata(world, at), "TextId": (at + 9000).to_string(), "Name": world.files[at].0}))
                .collect();
            rows.sort_by_key(|row| row["Name"].to_string());
            Reply::json(&json!({"d": {"results": rows}}))
        }
        ("GET", _, Some(at)) if ask.header("accept") == "application/json" => {
            let (name, text) = &world.files[at];
            Reply::json(
                &json!({"d": {"__metadata": metadata(world, at), "TextId": (at + 9000).to_string(), "Name": name,
                "ChangedOn": "/Date(1793700000000)/", "Content": text}}),
            )
        }
        ("PUT", _, Some(at)) => {
            let sent: Value = serde_json::from_str(&ask.body).unwrap_or_default();
            let text = sent["Content"].as_str().unwrap_or_default().to_owned();
            let wanted =
                json!({"TextId": (at + 9000).to_string(), "Name": world.files[at].0, "Content": text});
            let right = ask.header("x-csrf-token") == TOKEN && ask.header("if-match") == etag(world);
            if sent != wanted || !right {
                world
                    .wrong
                    .push(format!("{} was sent {sent} {:?}", ask.path, ask.headers));
                return Reply::html("").status(403);
            }
            keep(world, at, &text);
            let next = world.number() + 100;
            world.notes.insert("revision".into(), next.to_string());
            Reply::html("").status(204)
        }
        _ => Reply::missing(),
    }
}
