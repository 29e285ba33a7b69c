//! An ordinary LMS, from which others differ in one thing: a menu of links, a table, an edit page.

use encoding_rs::UTF_8;

use super::{Ask, Reply, Tenant, USER, World, enc, esc};

/// The ordinary LMS.
pub(in super::super) fn plain() -> Tenant {
    Tenant {
        gate,
        page,
        charset: UTF_8,
        files: texts,
    }
}

/// Texts with everything that a form can spoil; none has a value to be encrypted.
pub(in super::super) fn texts() -> Vec<(String, String)> {
    let files = [
        (
            "BIZX",
            "# BizX\nsuccessFactorsLearningEnabled=false\nbaseURL=https://stage.example.com/\nnote=a < b && c > d \"quoted\"\n",
        ),
        (
            "CONNECTORS",
            "\nconnector.input=/in/\nconnector.on=true  \nconnector.tab=\ta\tb\nempty=\n\n\nlast=no line end",
        ),
        (
            "LMS_ADMIN",
            "umlauts=Größe für façade\nentity=&lt;b&gt;&amp;nbsp;&#39;\npath=C:\\\\temp\\\\\nplus=1+1%3D2\n",
        ),
        (
            "REPORT_SYSTEM",
            "schedule.pool=4\n#schedule.old=1\n</textarea > is no end\n",
        ),
        ("iContent", "content.root=/content\ncontent.note=</textarea>\n"),
        ("SSO", "sso.on=false\n"),
    ];
    files
        .map(|(name, text)| (name.to_owned(), text.to_owned()))
        .to_vec()
}

/// A sign-in page as SAP's old one.
pub(in super::super) fn login_form(message: &str) -> Reply {
    Reply::titled(
        "Log In",
        &format!(
            "<h1>Administrator Log In</h1><p>{message}</p><form action=signin.do method=post>
             <input type=hidden name=loginType value=native>
             <label>User <input id=userName name=userName></label>
             <label>Password <input type=password id=password name=password></label>
             <input type=submit id=submit name=submit value='Log In'></form>"
        ),
    )
}

/// The ordinary door: a cookie, and the sign-in page with status 200 for everyone outside.
pub(in super::super) fn gate(world: &mut World, ask: &Ask) -> Option<Reply> {
    match ask.to() {
        ("GET", "nativelogin.jsp") => Some(login_form("")),
        ("POST", "signin.do") => {
            let wanted = [
                ("loginType", "native"),
                ("userName", USER),
                ("password", "*"),
                ("submit", "Log In"),
            ];
            world.sent(ask, &wanted);
            if !world.admits(ask.field("userName"), ask.field("password")) {
                return Some(login_form("Your user name or password is wrong."));
            }
            let id = format!("S{}", world.number());
            world.inside.insert(id.clone());
            let home = Reply::redirect("/learning/admin/main.do?fromSF=y");
            Some(home.header("Set-Cookie", format!("JSESSIONID={id}; Path=/learning; HttpOnly")))
        }
        _ => match ask.cookies.get("JSESSIONID") {
            Some(id) if world.inside.contains(id) => None,
            _ => Some(login_form("Please log in.")),
        },
    }
}

/// The ordinary pages.
pub(in super::super) fn page(world: &mut World, ask: &Ask) -> Reply {
    match ask.to() {
        ("GET", "main.do") => Reply::titled(
            "Learning Administration",
            "<ul><li><a href='home.do'>Home</a></li>
             <li><a href='sysconfig.do?adminShellMenuId=77'>System Configuration</a></li>
             <li><a href='logout.do'>Log Out</a></li></ul>",
        ),
        ("GET", "sysconfig.do") => {
            let rows: String = world
                .files
                .iter()
                .map(|(name, text)| {
                    format!(
                        "<tr><td>{}</td><td>{} bytes</td><td><a href='edit.do?file={}'><img src=p.gif alt=Edit></a></td></tr>",
                        esc(name), text.len(), enc(name)
                    )
                })
                .collect();
            Reply::titled(
                "System Configuration",
                &format!("<h1>System Configuration</h1><table><tr><th>File<th>Size<th></tr>{rows}</table>"),
            )
        }
        ("GET", "edit.do") => match world.text(ask.q("file")) {
            Some(text) => Reply::titled(
                "Edit Configuration File",
                &format!(
                    "<h2>{0}</h2><form action=save.do method=post><input type=hidden name=file value=\"{0}\">
                     <textarea name=content rows=30 cols=120>\n{1}</textarea>
                     <input type=submit name=apply value='Apply Changes'><input type=reset></form>",
                    esc(ask.q("file")),
                    esc(&text)
                ),
            ),
            None => Reply::missing(),
        },
        ("POST", "save.do") => {
            let name = ask.field("file").to_owned();
            save(
                world,
                ask,
                &[("file", &name), ("content", "*"), ("apply", "Apply Changes")],
                "content",
            )
        }
        ("GET", "logout.do") => {
            world.wrong.push("the way out was asked for".into());
            Reply::titled("Bye", "")
        }
        _ => Reply::missing(),
    }
}

/// Takes a form that is as a browser sends it, whose first `file` names the document, and shows the list again.
pub(in super::super) fn save(world: &mut World, ask: &Ask, wanted: &[(&str, &str)], text: &str) -> Reply {
    if !world.sent(ask, wanted) {
        return Reply::bad();
    }
    let name = if ask.field("file").is_empty() {
        ask.q("file")
    } else {
        ask.field("file")
    };
    world.store(name, ask.field(text));
    Reply::redirect("/learning/admin/sysconfig.do")
}
