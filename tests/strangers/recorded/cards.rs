//! Pages of a content system: the list is cards, their names have blanks and umlauts, their links only numbers. The
//! form is sent in parts, and a script adds a token to it.

use encoding_rs::UTF_8;
use serde_json::Value;

use super::{Stranger, enter, is_inside, keep, place, sign_in, texts};
use crate::recordings::recorder::{click, goto, wait};
use crate::strangers::kit::{Ask, Reply, Tenant, World, esc};

const TOKEN: &str = "gUaRd-0815-xyz-4711";

const BY_HAND: &str = r#"
[sign-in]
page = "login"
start = "start"
user = ["email"]
password = ["secret"]
button = []

[token]
names = ["authenticity"]
scripts = ["guard.js"]

[[part]]
id = "system-configuration"
address = "cms/blocks"

[part.edit]
text = "body"
named-by = "title"
"#;

pub(super) const CARDS: Stranger = Stranger {
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
    let mut steps = vec![goto(&format!("{root}/login"))];
    steps.extend(sign_in("email", "secret"));
    steps.extend([
        click("nav >> text=Textbausteine"),
        click(".card:has-text('LMS_ADMIN') >> text=Bearbeiten"),
        click("text=Speichern"),
        wait(".flash"),
    ]);
    steps
}

fn gate(world: &mut World, ask: &Ask) -> Option<Reply> {
    let form = "<form method=post action=/login><p><label>E-Mail <input name=email></label>
        <p><label>Kennwort <input type=password name=secret></label>
        <p><label><input type=checkbox name=remember value=1> merken</label>
        <button type=submit>Anmelden</button></form>";
    match (ask.method.as_str(), ask.path.as_str()) {
        ("POST", "/login") => match world.admits(ask.field("email"), ask.field("secret")) {
            true => Some(enter(world, "sid", "/start")),
            false => Some(Reply::titled(
                "Anmelden",
                &format!("<p>Das war falsch.</p>{form}"),
            )),
        },
        ("GET", "/login") => Some(Reply::titled("Anmelden", form)),
        _ if is_inside(world, ask, "sid") => None,
        _ => Some(Reply::redirect("/login")),
    }
}

fn frame(title: &str, body: &str) -> Reply {
    let nav = "<nav><a href=/start>Start</a> <a href=/cms/blocks>Textbausteine</a> <a href=/media>Medien</a>
        <a href=/logout>Abmelden</a></nav>";
    Reply::titled(title, &format!("{nav}<main>{body}</main>"))
}

fn page(world: &mut World, ask: &Ask) -> Reply {
    let number = ask.path.strip_prefix("/cms/blocks/").unwrap_or_default();
    let number = number.split('/').next().unwrap_or_default();
    match (ask.method.as_str(), ask.path.as_str(), place(world, number, 17)) {
        ("GET", "/start", _) => frame("Start", "<h1>Willkommen</h1><p>Es gibt nichts Neues.</p>"),
        ("GET", "/assets/guard.js", _) => Reply::html(format!(
            "(function () {{\n  var settings = {{ field: \"authenticity\", value: \"{TOKEN}\" }};\n\
             document.addEventListener('DOMContentLoaded', function () {{\n    document.querySelectorAll('main form').forEach(function (form) {{\n\
             var input = document.createElement('input');\n      input.type = 'hidden'; input.name = settings.field; input.value = settings.value;\n\
             form.appendChild(input);\n    }});\n  }});\n}})();\n"
        ))
        .header("Content-Type", "text/javascript"),
        ("GET", "/cms/blocks", _) => {
            let flash = if ask.q("saved").is_empty() { "" } else { "<p class=flash>Gespeichert.</p>" };
            let card = |(at, (name, text)): (usize, &(String, String))| {
                format!(
                    "<div class=card><h3>{}</h3><p>{} Zeichen, zuletzt geändert am 3.11.2026</p>
                     <a class=btn href=/cms/blocks/{n}/edit>Bearbeiten</a>
                     <a class=btn href=/cms/blocks/{n}/delete>Löschen</a></div>",
                    esc(name), text.chars().count(), n = at + 17
                )
            };
            let cards: String = world.files.iter().enumerate().map(card).collect();
            frame("Textbausteine", &format!("<h1>Textbausteine</h1>{flash}<div class=cards>{cards}</div>"))
        }
        ("GET", path, Some(at)) if path.ends_with("/edit") => {
            let (name, text) = &world.files[at];
            frame(
                "Textbaustein bearbeiten",
                &format!(
                    "<h1>{name}</h1><form method=post enctype=multipart/form-data action=/cms/blocks/{n}>
                     <input type=hidden name=_method value=put><input type=hidden name=title value=\"{name}\">
                     <p><textarea name=body rows=30 cols=100>\n{text}</textarea>
                     <p><input type=file name=attachment>
                     <p><button type=submit name=commit value=save>Speichern</button>
                     <button type=submit name=commit value=discard>Verwerfen</button></form>
                     <script src=/assets/guard.js></script>",
                    name = esc(name), text = esc(text), n = at + 17
                ),
            )
        }
        ("POST", _, Some(at)) => {
            let name = world.files[at].0.clone();
            let wanted = [
                ("_method", "put"),
                ("title", name.as_str()),
                ("body", "*"),
                ("attachment", ""),
                ("commit", "save"),
                ("authenticity", TOKEN),
            ];
            if !ask.kind.starts_with("multipart/form-data") || !world.sent(ask, &wanted) {
                world.wrong.push(format!("{} came as {}", ask.path, ask.kind));
                return Reply::bad();
            }
            keep(world, at, ask.field("body"));
            Reply::redirect("/cms/blocks?saved=1")
        }
        ("GET", "/logout", _) => {
            world.wrong.push("the way out was asked for".into());
            Reply::redirect("/login")
        }
        _ => Reply::missing(),
    }
}
