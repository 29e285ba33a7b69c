use url::Url;

use crate::find::{Records, records, roll_records, says_more, text_of_records, text_of_roll};
use crate::page::Page;
use crate::profile::{Part, Words, built_in};

fn page_of(body: &str, kind: &str) -> Page {
    let url = Url::parse("https://lms.example.com/admin/jobs.do?menu=JOBS").unwrap();
    Page::parse(body.as_bytes(), Some(kind), &url)
}

fn page(html: &str) -> Page {
    page_of(html, "text/html; charset=utf-8")
}

fn words() -> Words {
    built_in().unwrap().words
}

fn part(id: &str) -> Part {
    let parts = built_in().unwrap().parts;
    parts.into_iter().find(|part| part.id == id).unwrap()
}

fn read(html: &str) -> Records {
    records(&page(html), &part("report-jobs"), &words()).unwrap()
}

fn text(html: &str) -> String {
    text_of_records(&read(html))
}

fn refused(html: &str) -> String {
    let unclear = records(&page(html), &part("report-jobs"), &words()).unwrap_err();
    unclear.sentence
}

#[test]
fn a_row_is_a_line_and_its_first_telling_text_the_key() {
    let html = "<h1>Report Jobs</h1><table><thead><tr><th></th><th>Kind</th><th>Report</th><th>Owner</th></tr></thead>\
        <tbody><tr><td><input type=checkbox name=id value=1></td><td>recurring</td><td><a href=x.do>Audit</a></td>\
        <td>A. Adams</td></tr><tr><td></td><td>recurring</td><td>Users: all</td><td></td></tr></tbody>\
        <tfoot><tr><td></td><td>Total</td><td>2</td><td></td></tr></tfoot></table>";
    assert_eq!(
        text(html),
        "Audit=recurring | A. Adams\nUsers\\:\\ all=recurring | \n"
    );
}

#[test]
fn a_name_that_stands_twice_is_an_entry_twice() {
    let html = "<table><tr><th>Report</th><th>Owner</th></tr><tr><td>A</td><td>1</td></tr>\
        <tr><td>B</td><td>2</td></tr><tr><td>A</td><td>3</td></tr></table>";
    assert_eq!(text(html), "A=1\nB=2\nA=3\n");
    let same = "<table><tr><th>Report</th><th>Owner</th></tr><tr><td>A</td><td>1</td></tr>\
        <tr><td>A</td><td>1</td></tr></table>";
    assert_eq!(text(same), "A=1\nA=1\n");
}

#[test]
fn a_table_as_struts_makes_it_is_found_within_the_layout() {
    let html = "<table width='100%'><tr><td><table class=menu><tr><td><a href=a.do>Home</a></td><td>\
        <a href=b.do>Users</a></td></tr></table></td></tr>\
        <tr><td><form action=search.do><table><tr><td>Report</td><td><input name=q></td></tr>\
        <tr><td>Owner</td><td><select name=o><option>all</select></td></tr></table></form></td></tr>\
        <tr><td><table class=list><tr class=tableHeader><td>Report</td><td>Owner</td></tr>\
        <tr><td>Audit</td><td>ADAMS</td></tr><tr style='display:none'><td>Hidden</td><td>x</td></tr>\
        <tr><td colspan=2><a href=jobs.do?page=1>1</a> <a href=jobs.do?page=2>2</a></td></tr>\
        <tr><td>1</td><td>Next</td></tr></table></td></tr></table>";
    assert_eq!(read(html).heads, ["Report", "Owner"]);
    assert_eq!(text(html), "Audit=ADAMS\n");
}

#[test]
fn of_several_tables_the_one_with_most_rows_is_it() {
    let html = "<table><tr><td>a</td><td>1</td></tr></table>\
        <table><tr><td>b</td><td>1</td></tr><tr><td>c</td><td>2</td></tr></table>";
    assert_eq!(text(html), "b=1\nc=2\n");
    let form_in_row = "<table><tr><td>a</td><td><form><input name=x></form></td></tr></table>";
    assert_eq!(refused(form_in_row), "shows no table with rows");
}

#[test]
fn nothing_is_an_empty_text_only_where_the_page_says_so() {
    assert_eq!(text("<table><tr><th>Report</th><th>Owner</th></tr></table>"), "");
    assert_eq!(
        text(
            "<table><thead><tr><th>Report</th><th>Owner</th></tr></thead><tr><td colspan=2>None</td></tr></table>"
        ),
        ""
    );
    assert_eq!(text("<h1>Report Jobs</h1><p>There are no report jobs.</p>"), "");
    assert_eq!(
        refused("<h1>Report Jobs</h1><p>The service is not available.</p>"),
        "shows no table with rows"
    );
    assert_eq!(
        refused("<h1>Welcome</h1><p>There are no report jobs.</p>"),
        "shows no table with rows"
    );
}

#[test]
fn a_sum_in_the_table_is_no_number_of_rows() {
    let html = "<table><tr><th>Type</th><th>Waiting</th></tr><tr><td>Digest</td><td>30</td></tr>\
        <tfoot><tr><td>Total</td><td>34</td></tr></tfoot></table>";
    let more = |html: &str| says_more(&page(html), &read(html), &words());
    assert_eq!(more(html), None);
    assert_eq!(more(&format!("<p>12 records</p>{html}")), Some(12));
}

#[test]
fn nested_layout_costs_no_copies() {
    let depth = 300;
    let html = format!(
        "{}<table><tr><th>A</th><th>B</th></tr><tr><td>x</td><td>y</td></tr></table>{}",
        "<table><tr><td>".repeat(depth),
        "</td></tr></table>".repeat(depth)
    );
    assert_eq!(page(&html).tables.len(), 1);
    assert_eq!(text(&html), "x=y\n");
}

#[test]
fn a_service_tells_rows_with_their_fields() {
    let own = include_str!("../../fixtures/profiles/practice-service.toml");
    let profile = crate::profile::parse(own, &crate::profile::Origin::BuiltIn).unwrap();
    let part = profile
        .parts
        .iter()
        .find(|part| part.id == "report-jobs")
        .unwrap();
    let service = part.service.as_ref().unwrap();
    let body = r#"{"total":3,"next":"reportJobs?page=2","items":[
        {"reportName":"Audit","owner":"ADAMS","frequency":null,"nextRun":7,"recipients":["a@x","b@x"]},
        {"reportName":"Audit","owner":"","frequency":"daily","nextRun":true,"recipients":[]}]}"#;
    let told = roll_records(&page_of(body, "application/json"), service).unwrap();
    assert_eq!(told.total, Some(3));
    assert_eq!(
        told.next.as_ref().map(Url::as_str),
        Some("https://lms.example.com/admin/reportJobs?page=2")
    );
    assert_eq!(
        text_of_roll(&told.rows),
        "Audit=ADAMS |  | 7 | a@x, b@x\nAudit=\\ | daily | true | \n"
    );
    let lacking = body.replace("\"owner\":\"\",", "");
    let unclear = roll_records(&page_of(&lacking, "application/json"), service).unwrap_err();
    assert_eq!(unclear.sentence, "has no text at `/owner`");
}
