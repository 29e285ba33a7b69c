//! Old pages: a list of several pages, each row opens in a frame below it, and a token of the session stands in every
//! link. The form is the frame's.

use encoding_rs::UTF_8;
use serde_json::Value;

use super::{Stranger, enter, is_inside, keep, sign_in, texts};
use crate::recordings::recorder::{click, goto, wait};
use crate::strangers::kit::{Ask, Reply, Tenant, World, enc, esc};

const TOKEN: &str = "7f3ac9d1e0b24586";

const ROWS: usize = 4;

const BY_HAND: &str = r#"
[sign-in]
page = "index.php"
start = "index.php?page=home"
user = ["login[name]"]
password = ["login[pass]"]
button = []

[token]
names = ["stamp"]

[words]
save = ["OK, store it"]

[[part]]
id = "system-configuration"
labels = ["Options"]

[part.edit]
text = "value"
button = "ok"
named-by = "item"
"#;

pub(super) const FRAMED: Stranger = Stranger {
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
    let mut steps = vec![goto(&format!("{root}/index.php"))];
    steps.extend(sign_in("login[name]", "login[pass]"));
    steps.extend([
        click("text=Options"),
        click("tr:has-text('LMS_ADMIN') >> a"),
        click("text=OK, store it"),
        wait("text=was stored"),
    ]);
    steps
}

fn gate(world: &mut World, ask: &Ask) -> Option<Reply> {
    let form = "<form method=post action='/index.php?page=login'><table>
        <tr><td>Name<td><input name='login[name]'><tr><td>Password<td><input type=password name='login[pass]'>
        <tr><td colspan=2><input type=submit value=Enter></table></form>";
    match (ask.method.as_str(), ask.path.as_str(), ask.q("page")) {
        ("POST", "/index.php", "login") => {
            match world.admits(ask.field("login[name]"), ask.field("login[pass]")) {
                true => Some(enter(world, "PHPSESSID", "/index.php?page=home")),
                false => Some(Reply::titled("Enter", &format!("Wrong.{form}"))),
            }
        }
        _ if is_inside(world, ask, "PHPSESSID") => None,
        _ => Some(Reply::titled("Enter", form)),
    }
}

fn link(page: &str, more: &str) -> String {
    format!("index.php?page={page}{more}&amp;stamp={TOKEN}")
}

fn page(world: &mut World, ask: &Ask) -> Reply {
    if ask.path != "/index.php" {
        return Reply::missing();
    }
    let menu = format!(
        "<ul id=menu><li><a href='{}'>Home</a><li><a href='{}'>Users</a><li><a href='{}'>Options</a><li><a href='{}'>Leave</a></ul>",
        link("home", ""),
        link("users", ""),
        link("options", ""),
        link("leave", "")
    );
    let at = world.files.iter().position(|(name, _)| name == ask.q("item"));
    match (ask.method.as_str(), ask.q("page"), at) {
        ("GET", "home" | "", _) => Reply::titled("Home", &format!("{menu}<h1>Home</h1>")),
        ("GET", "users", _) => Reply::titled(
            "Users",
            &format!("{menu}<h1>Users</h1><table><tr><td>KEEPER</table>"),
        ),
        ("GET", "options", _) => {
            let from: usize = ask.q("from").parse().unwrap_or(0);
            let row = |(name, text): &(String, String)| {
                let to = link("edit", &format!("&amp;item={}", enc(name)));
                format!(
                    "<tr><td><a href='{to}' target=work>{}</a><td align=right>{}<td>2026-11-03",
                    esc(name),
                    text.len()
                )
            };
            let rows: String = world.files.iter().skip(from).take(ROWS).map(row).collect();
            let pages: String = (0..world.files.len().div_ceil(ROWS))
                .map(|page| match page * ROWS == from {
                    true => format!(" <b>{}</b>", page + 1),
                    false => format!(
                        " <a href='{}'>{}</a>",
                        link("options", &format!("&amp;from={}", page * ROWS)),
                        page + 1
                    ),
                })
                .collect();
            let table = format!("<table border=1><tr><th>Name<th>Size<th>Changed{rows}</table>");
            Reply::titled(
                "Options",
                &format!(
                    "{menu}<h1>Options</h1><p>Page{pages}</p>{table}<iframe name=work width=900 height=500 src='/index.php?page=blank'></iframe>"
                ),
            )
        }
        ("GET", "blank", _) => Reply::titled("", "<p>Choose one above."),
        ("GET", "edit", Some(at)) => {
            let (name, text) = &world.files[at];
            Reply::titled(
                &format!("Option {}", esc(name)),
                &format!(
                    "<h2>Option {n}</h2><form name=f method=post action='{to}'>
                     <input type=hidden name=do value=store><input type=hidden name=item value=\"{n}\">
                     <textarea name=value cols=100 rows=15>\n{text}</textarea><br>
                     <input type=submit name=ok value='OK, store it'> <input type=reset value=Undo></form>",
                    n = esc(name),
                    text = esc(text),
                    to = link("store", "")
                ),
            )
        }
        ("POST", "store", _) => {
            let item = ask.field("item").to_owned();
            let wanted = [
                ("do", "store"),
                ("item", item.as_str()),
                ("value", "*"),
                ("ok", "OK, store it"),
            ];
            let at = world.files.iter().position(|(name, _)| *name == item);
            match (world.sent(ask, &wanted) && ask.q("stamp") == TOKEN, at) {
                (true, Some(at)) => {
                    keep(world, at, ask.field("value"));
                    Reply::titled("Options", &format!("<p>Option {} was stored.</p>", esc(&item)))
                }
                _ => {
                    world.wrong.push(format!("{} {:?}", ask.path, ask.query));
                    Reply::bad()
                }
            }
        }
        ("GET", "leave", _) => {
            world.wrong.push("the way out was asked for".into());
            Reply::titled("Bye", "")
        }
        _ => Reply::missing(),
    }
}
