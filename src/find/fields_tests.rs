use url::Url;

use crate::find::{Answers, Editor, Unclear};
use crate::page::Page;
use crate::profile::{Part, Shape, Words, built_in};

/// A form with one control of each sort, and one that is not of it.
const PAGE: &str = r##"<html><body><h1>Nightly</h1>
<form action="/find"><input type="checkbox" name="all"> All <input type="submit" value="Search"></form>
<form method="post" action="save.do" name="jobForm">
<input type="hidden" name="jobID" value="17"><input type="hidden" name="version" value="3">
<table><tr><td>Schedule this process:</td><td><input type="checkbox" name="sched" value="Y" checked></td></tr>
<tr><td>Time</td><td><input name="time" value="02:00"></td></tr>
<tr><td>How often</td><td><select name="freq"><option value="D">Daily</option><option value="W" selected>Weekly</option><option value="Q" disabled>Never</option></select></td></tr>
<tr><td>Days</td><td><input type="checkbox" name="day" value="MON" checked>Mon <input type="checkbox" name="day" value="TUE">Tue</td></tr>
<tr><td>On</td><td><select name="months" multiple><option value="1" selected>Jan<option value="2">Feb</select></td></tr>
<tr><td>Notify</td><td><input type="radio" name="notify" value="never" checked> never <input type="radio" name="notify" value="always"> always</td></tr>
<tr><td>Mail</td><td><input type="email" name="mailTo" value="a@example.com"><textarea name="note">one
two</textarea></td></tr>
<tr><td>Secret</td><td><input type="password" name="secret" value=""></td></tr>
<tr><td>Last run</td><td><input name="lastRun" value="yesterday" disabled><input name="owner" value="x" readonly></td></tr></table>
<input type="submit" name="go" value="Run Now"><input type="submit" name="apply" value="Apply Changes">
</form></body></html>"##;

fn part() -> Part {
    Part {
        id: "jobs".to_owned(),
        path: "jobs".to_owned(),
        title: "Jobs".to_owned(),
        shape: Shape::Fields,
        switch: vec!["Schedule This Process".to_owned()],
        ..Part::default()
    }
}

fn words() -> Words {
    built_in().unwrap().words
}

fn editor(html: &str, answers: &Answers) -> Result<Editor, Unclear> {
    let url = Url::parse("https://lms.example/learning/admin/job.do?id=17").unwrap();
    let page = Page::parse(html.as_bytes(), Some("text/html;charset=UTF-8"), &url);
    Editor::of(page, &part(), &words(), answers)
}

fn body(editor: &Editor, text: &str) -> Result<String, String> {
    let request = editor.request(text, &[]).map_err(|e| e.message().to_owned())?;
    Ok(String::from_utf8(request.body).unwrap())
}

#[test]
fn the_text_has_the_switch_and_every_field_that_a_person_can_change() {
    let editor = editor(PAGE, &Answers::new()).unwrap();
    assert_eq!(
        editor.text(),
        "switch=on\ntime=02:00\nfreq=W\nday[MON]=on\nday[TUE]=off\nmonths[1]=on\nmonths[2]=off\nnotify=never\n\
         mailTo=a@example.com\nnote=one\\ntwo\nsecret=********\n"
    );
    assert!(editor.read_only().is_none());
}

#[test]
fn what_is_sent_is_what_a_browser_sends_after_these_edits_and_nothing_else() {
    let editor = editor(PAGE, &Answers::new()).unwrap();
    let untouched = "jobID=17&version=3&sched=Y&time=02%3A00&freq=W&day=MON&months=1&notify=never&mailTo=a%40example.com\
                     &note=one%0D%0Atwo&secret=&owner=x&apply=Apply+Changes";
    assert_eq!(body(&editor, editor.text()).unwrap(), untouched);
    let off = editor.text().replace("switch=on", "switch=off");
    assert_eq!(body(&editor, &off).unwrap(), untouched.replace("&sched=Y", ""));
    let other = editor
        .text()
        .replace("freq=W", "freq=D")
        .replace("day[TUE]=off", "day[TUE]=on")
        .replace("months[1]=on", "months[1]=off")
        .replace("notify=never", "notify=always")
        .replace("two", "three")
        .replace("********", "real");
    assert_eq!(
        body(&editor, &other).unwrap(),
        "jobID=17&version=3&sched=Y&time=02%3A00&freq=D&day=MON&day=TUE&notify=always&mailTo=a%40example.com\
         &note=one%0D%0Athree&secret=real&owner=x&apply=Apply+Changes"
    );
}

#[test]
fn a_text_that_the_form_cannot_take_is_refused_whole() {
    let editor = editor(PAGE, &Answers::new()).unwrap();
    let refused = |from: &str, to: &str| body(&editor, &editor.text().replace(from, to)).unwrap_err();
    assert!(refused("freq=W", "freq=M").contains("no choice `M`"));
    assert!(refused("freq=W", "freq=Q").contains("no choice `Q`"));
    assert!(refused("notify=never", "notify=often").contains("no choice `often`"));
    assert!(refused("switch=on", "switch=yes").contains("`on` or `off`"));
    assert!(refused("time=", "times=").contains("no field `times`"));
    assert!(refused("day[TUE]=off", "day[TUE]=off\nday[TUE]=on").contains("no field `day[TUE]`"));
}

#[test]
fn the_switch_is_known_by_its_label_wherever_that_stands() {
    let cell = "<td>Schedule this process:</td><td><input type=\"checkbox\" name=\"sched\" value=\"Y\" checked></td>";
    assert!(PAGE.contains(cell));
    for other in [
        "<td></td><td><label><input type=checkbox name=sched value=Y checked> Schedule This Process</label></td>",
        "<td><label for=s>Schedule this process</label></td><td><input type=checkbox id=s name=sched value=Y checked></td>",
        "<td></td><td><input type=checkbox name=sched value=Y checked>&nbsp;Schedule This Process</td>",
        "<td></td><td><input type=checkbox name=sched value=Y checked aria-label='Schedule this process'></td>",
    ] {
        let editor = editor(&PAGE.replace(cell, other), &Answers::new());
        assert!(editor.unwrap().text().starts_with("switch=on\ntime="), "{other}");
    }
}

#[test]
fn a_page_without_the_switch_or_with_two_is_not_understood() {
    let without = editor(
        &PAGE.replace("Schedule this process", "Something"),
        &Answers::new(),
    )
    .unwrap_err();
    assert_eq!(without.sentence, "has no check box `Schedule This Process`");
    assert!(without.question.is_none());
    let twice = PAGE.replace("name=\"all\"> All", "name=\"all\"> Schedule this process");
    let two = editor(&twice, &Answers::new()).unwrap_err();
    assert!(two.sentence.contains("`all`, `sched`"), "{}", two.sentence);
    let answers = Answers::from([("jobs.switch".to_owned(), "sched".to_owned())]);
    assert!(
        editor(&twice, &answers)
            .unwrap()
            .text()
            .starts_with("switch=on\ntime=")
    );
}

#[test]
fn a_form_that_cannot_be_saved_is_kept_and_says_why() {
    let disabled = editor(
        &PAGE.replace("value=\"Y\" checked", "value=\"Y\" checked disabled"),
        &Answers::new(),
    );
    assert_eq!(
        disabled.unwrap().read_only().unwrap().why,
        "its switch cannot be changed"
    );
    let no_button = editor(&PAGE.replace("Apply Changes", "Run Again"), &Answers::new()).unwrap();
    assert!(no_button.read_only().is_some());
    assert!(body(&no_button, no_button.text()).is_err());
}
