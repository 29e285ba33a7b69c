//! An administration of models: addresses are made of names, every form has a token of its own, and beside the text
//! stand other fields and three buttons that save.

use encoding_rs::UTF_8;
use serde_json::Value;

use super::{Stranger, enter, is_inside, keep, sign_in, texts};
use crate::recordings::recorder::{click, goto, wait};
use crate::strangers::kit::{Ask, Reply, Tenant, World, esc};

const BY_HAND: &str = r#"
[sign-in]
page = "admin/login/?next=/admin/"
start = "admin/"
user = ["username"]
password = ["password"]
button = []

[token]
names = ["csrfmiddlewaretoken"]

[words]
save = ["Save"]

[[part]]
id = "system-configuration"
address = "admin/snippets/snippet/"

[part.list]
links = '#result_list tbody th a'

[part.edit]
text = "content"
button = "_save"
"#;

pub(super) const ADMIN: Stranger = Stranger {
    tenant: Tenant {
        gate,
        page,
        charset: UTF_8,
        files: texts,
    },
    journey,
    by_hand: BY_HAND,
};

fn journey(root: &str) -> Vec<Value> {
    let mut steps = vec![goto(&format!("{root}/admin/"))];
    steps.extend(sign_in("username", "password"));
    steps.extend([
        click("a:text-is('Snippets')"),
        click("th a:text-is('LMS_ADMIN')"),
        click("[name=_save]"),
        wait(".messagelist"),
    ]);
    steps
}

/// A token that only its own form may bring, and only once.
fn token(world: &mut World) -> String {
    let token = format!("cMt{:013}aZ{}", world.number(), "x".repeat(40));
    world.notes.insert(token.clone(), "open".into());
    token
}

fn takes_token(world: &mut World, ask: &Ask) -> bool {
    let taken = world.notes.remove(ask.field("csrfmiddlewaretoken")).is_some();
    if !taken {
        world.wrong.push(format!("{} came without a token", ask.path));
    }
    taken
}

fn gate(world: &mut World, ask: &Ask) -> Option<Reply> {
    match (ask.method.as_str(), ask.path.as_str()) {
        ("POST", "/admin/login/") => {
            let takes = takes_token(world, ask);
            match world.admits(ask.field("username"), ask.field("password")) && takes {
                true => Some(enter(world, "sessionid", "/admin/")),
                false => Some(login(world, "Please enter the correct username and password.")),
            }
        }
        ("GET", "/admin/login/") => Some(login(world, "")),
        _ if is_inside(world, ask, "sessionid") => None,
        (_, path) => Some(Reply::redirect(format!("/admin/login/?next={path}"))),
    }
}

fn login(world: &mut World, said: &str) -> Reply {
    let token = token(world);
    Reply::titled(
        "Log in | Site administration",
        &format!(
            "<p class=errornote>{said}</p><form method=post id=login-form>
             <input type=hidden name=csrfmiddlewaretoken value={token}>
             <input type=text name=username autofocus required id=id_username>
             <input type=password name=password required id=id_password>
             <input type=hidden name=next value=/admin/><input type=submit value='Log in'></form>"
        ),
    )
}

/// A name as it stands in an address, where `_` begins an escape.
fn quoted(name: &str) -> String {
    let mut quoted = String::new();
    for c in name.chars() {
        match c {
            '&' | '_' | '/' | ' ' => quoted.push_str(&format!("_{:02X}", u32::from(c))),
            c => quoted.push(c),
        }
    }
    quoted
}

fn page(world: &mut World, ask: &Ask) -> Reply {
    let header = "<div id=header><a href=/admin/>Site administration</a> <a href=/admin/password_change/>Change password</a>
        <form id=logout-form method=post action=/admin/logout/><button type=submit>Log out</button></form></div>";
    let change = ask
        .path
        .strip_prefix("/admin/snippets/snippet/")
        .unwrap_or_default();
    let name = change.strip_suffix("/change/").unwrap_or_default().to_owned();
    let at = world.files.iter().position(|(other, _)| quoted(other) == name);
    match (ask.method.as_str(), ask.path.as_str(), at) {
        ("GET", "/admin/", _) => Reply::titled(
            "Site administration",
            &format!(
                "{header}<h1>Site administration</h1><table><caption>Auth</caption>
                 <tr><th><a href=/admin/auth/user/>Users</a><td><a href=/admin/auth/user/add/>Add</a>
                 <tr><th><a href=/admin/snippets/snippet/>Snippets</a><td><a href=/admin/snippets/snippet/add/>Add</a></table>"
            ),
        ),
        ("GET", "/admin/snippets/snippet/", _) => {
            let row = |(name, _): &(String, String)| {
                format!(
                    "<tr><td><input type=checkbox name=_selected_action value=\"{0}\"><th><a href=\"/admin/snippets/snippet/{1}/change/\">{0}</a><td>Nov. 3, 2026",
                    esc(name), esc(&quoted(name))
                )
            };
            let rows: String = world.files.iter().map(row).collect();
            let said = world.notes.remove("said").unwrap_or_default();
            let (token, count) = (token(world), world.files.len());
            Reply::titled(
                "Select snippet to change",
                &format!(
                    "{header}{said}<h1>Select snippet to change</h1><form id=changelist-form method=post>
                     <input type=hidden name=csrfmiddlewaretoken value={token}>
                     <select name=action><option value=''>-<option value=delete_selected>Delete selected</select>
                     <table id=result_list><thead><tr><th><th>Name<th>Changed<tbody>{rows}</table>
                     <p class=paginator>{count} snippets</p></form>"
                ),
            )
        }
        ("GET", _, Some(at)) => {
            let token = token(world);
            let (name, text) = &world.files[at];
            Reply::titled(
                &format!("{} | Change snippet", esc(name)),
                &format!(
                    "{header}<h1>Change snippet</h1><h2>{n}</h2>
                     <form method=post id=snippet_form enctype=multipart/form-data>
                     <input type=hidden name=csrfmiddlewaretoken value={token}>
                     <label>Name <input name=name value=\"{n}\" readonly></label>
                     <label>Kind <select name=kind><option value=p>Plain<option value=h selected>HTML</select></label>
                     <label><input type=checkbox name=active checked> Active</label>
                     <textarea name=content cols=80 rows=20>\n{t}</textarea>
                     <div class=submit-row><input type=submit value=Save name=_save>
                     <a href=\"/admin/snippets/snippet/{q}/delete/\">Delete</a>
                     <input type=submit value='Save and add another' name=_addanother>
                     <input type=submit value='Save and continue editing' name=_continue></div></form>",
                    n = esc(name), t = esc(text), q = esc(&quoted(name))
                ),
            )
        }
        ("POST", _, Some(at)) => {
            let name = world.files[at].0.clone();
            let wanted = [
                ("csrfmiddlewaretoken", "*"),
                ("name", name.as_str()),
                ("kind", "h"),
                ("active", "on"),
                ("content", "*"),
                ("_save", "Save"),
            ];
            if !takes_token(world, ask) || !world.sent(ask, &wanted) {
                return Reply::bad();
            }
            keep(world, at, ask.field("content"));
            world.notes.insert("said".into(), "<ul class=messagelist><li>It was changed successfully.</ul>".into());
            Reply::redirect("/admin/snippets/snippet/")
        }
        _ => Reply::missing(),
    }
}
