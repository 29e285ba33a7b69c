//! Services as other frameworks make them: versions as entity tags, tokens that are fetched, tokens in cookies.

use serde_json::json;

use super::kit::{Ask, Reply, Stage, Tenant, World, gate, page, plain};

/// As services of SAP's own frameworks are: JSON on demand, a token that is fetched, `If-Match`.
const FETCHED: &str = r#"
[[part]]
id = "system-configuration"
address = "/learning/admin/svc/Files"

[part.service]
headers = { Accept = "application/json" }

[part.service.list]
rows = "/d/results"
name = "/Name"
key = "/Id"

[part.service.document]
address = "/learning/admin/svc/Files('{name}')"
text = "/d/Content"
name = "/d/Name"
etag = true

[part.service.save]
method = "PUT"
version-header = "If-Match"
body = { Id = "/d/Id", "/Data/Content" = "/d/Content" }
constants = { Draft = false }

[part.service.token]
header = "X-CSRF-Token"
address = "/learning/admin/svc/"
request-headers = { X-CSRF-Token = "Fetch" }
response-header = "X-CSRF-Token"
"#;

/// As pages with a cookie that is sent twice are; the save is a form's.
const COOKIE: &str = r#"
[[part]]
id = "system-configuration"
address = "/learning/admin/api/files"

[part.service.list]
rows = ""
name = "/name"

[part.service.document]
address = "/learning/admin/api/file?of={name}"
text = "/text"
name = "/name"

[part.service.save]
method = "POST"
address = "/learning/admin/api/save?of={name}"
encoding = "form"
body = { name = "/name", size = "/size", content = "/text" }
constants = { mode = "full" }

[part.service.token]
header = "X-XSRF-TOKEN"
cookie = "XSRF-TOKEN"
"#;

fn fetched(world: &mut World, ask: &Ask) -> Reply {
    let version = |world: &World| {
        world
            .notes
            .get("version")
            .map_or(1, |v| v.parse::<usize>().unwrap())
    };
    let (method, to) = ask.to();
    if to.starts_with("svc/") && ask.header("accept") != "application/json" && to != "svc/" {
        return Reply::html("<feed/>").header("Content-Type", "application/atom+xml");
    }
    let file = to
        .strip_prefix("svc/Files('")
        .and_then(|rest| rest.strip_suffix("')"));
    let at = file.and_then(|id| id.parse::<usize>().ok()).map(|id| id - 100);
    match (method, to, at) {
        ("GET", "svc/", _) => match ask.header("x-csrf-token") {
            "Fetch" => Reply::json(&json!({})).header("X-CSRF-Token", "f3tched=="),
            _ => Reply::json(&json!({})),
        },
        ("GET", "svc/Files", _) => {
            let row = |(at, (name, _)): (usize, &(String, String))| json!({ "Id": (at + 100).to_string(), "Name": name });
            let rows: Vec<_> = world.files.iter().enumerate().map(row).collect();
            Reply::json(&json!({ "d": { "results": rows } }))
        }
        ("GET", _, Some(at)) => {
            let (name, text) = &world.files[at];
            let record = json!({ "d": { "Id": (at + 100).to_string(), "Name": name, "Content": text } });
            Reply::json(&record).header("ETag", format!("W/\"{}\"", version(world)))
        }
        ("PUT", _, Some(at)) => {
            let sent: serde_json::Value = serde_json::from_str(&ask.body).unwrap();
            let tag = format!("W/\"{}\"", version(world));
            let text = sent["Data"]["Content"].as_str().unwrap_or_default();
            let wanted = json!({ "Id": (at + 100).to_string(), "Data": { "Content": text }, "Draft": false });
            if ask.header("x-csrf-token") != "f3tched==" || ask.header("if-match") != tag || sent != wanted {
                world.wrong.push(format!("PUT {sent} {:?}", ask.headers));
                return Reply::bad();
            }
            world.files[at].1 = text.to_owned();
            let next = version(world) + 1;
            world.notes.insert("version".into(), next.to_string());
            Reply::html("").status(204)
        }
        _ => page(world, ask),
    }
}

fn cookie(world: &mut World, ask: &Ask) -> Reply {
    match ask.to() {
        ("GET", "main.do") => {
            let page = page(world, ask);
            page.header("Set-Cookie", "XSRF-TOKEN=to%2Bken%3D; Path=/learning")
        }
        ("GET", "api/files") => {
            let names: Vec<_> = world
                .files
                .iter()
                .map(|(name, _)| json!({ "name": name }))
                .collect();
            Reply::json(&json!(names))
        }
        ("GET", "api/file") => match world.text(ask.q("of")) {
            Some(text) => Reply::json(&json!({ "name": ask.q("of"), "size": text.len(), "text": text })),
            None => Reply::missing(),
        },
        ("POST", "api/save") => {
            let name = ask.q("of").to_owned();
            let size = world.text(&name).unwrap_or_default().len().to_string();
            let wanted = [
                ("content", "*"),
                ("mode", "full"),
                ("name", &name),
                ("size", &size),
            ];
            if !world.sent(ask, &wanted) || ask.header("x-xsrf-token") != "to+ken=" {
                return Reply::bad();
            }
            let text = ask.field("content").to_owned();
            if let Some((_, kept)) = world.files.iter_mut().find(|(known, _)| *known == name) {
                *kept = text;
            }
            Reply::json(&json!({ "saved": true }))
        }
        _ => page(world, ask),
    }
}

fn tenant(page: fn(&mut World, &Ask) -> Reply) -> Tenant {
    Tenant {
        gate,
        page,
        ..plain()
    }
}

/// Backs up, changes two files, has them put back, and sees that nothing was sent that the service refuses.
fn there_and_back(page: fn(&mut World, &Ask) -> Reply, profile: &str) {
    let stage = Stage::of(tenant(page));
    stage.use_profile(profile);
    stage.back_up();
    let before = stage.world(|world| {
        let before = world.files.clone();
        world.files[0].1.push_str("added=1\n");
        world.files[2].1 = "gone=1\n".into();
        before
    });
    let told = stage.run(&["restore", "stage", "--yes"]);
    assert_eq!(
        told.code,
        0,
        "{}\n{:#?}",
        told.text,
        stage.world(|w| w.wrong.clone())
    );
    assert_eq!(stage.world(|world| world.files.clone()), before);
    stage.proper();
}

#[test]
fn entity_tags_fetched_tokens_and_json_on_demand() {
    there_and_back(fetched, FETCHED);
}

#[test]
fn a_token_in_a_cookie_and_a_save_like_a_forms() {
    there_and_back(cookie, COOKIE);
}

#[test]
fn without_its_entity_tag_a_document_is_not_understood() {
    let stage = Stage::of(tenant(cookie));
    stage.use_profile(&COOKIE.replace(
        "name = \"/name\"\n\n[part.service.save]",
        "name = \"/name\"\netag = true\n\n[part.service.save]",
    ));
    stage.refuses(5, &["came without an `ETag`"]);
}
