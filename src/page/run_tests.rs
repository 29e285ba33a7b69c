use url::Url;

use super::{Page, Run};

fn all_runs(html: &str) -> Vec<Run> {
    let url = Url::parse("http://lms.example/").unwrap();
    Page::parse(html.as_bytes(), Some("text/html; charset=utf-8"), &url).runs
}

/// The lists without what is laid around them: a single division is one, too.
fn runs(html: &str) -> Vec<Run> {
    let is_list = |run: &Run| run.rows.len() > 1 || matches!(run.tag.as_str(), "tr" | "li" | "dt");
    all_runs(html).into_iter().filter(is_list).collect()
}

fn cells(run: &Run) -> Vec<Vec<&str>> {
    run.rows
        .iter()
        .map(|row| row.cells.iter().map(String::as_str).collect())
        .collect()
}

#[test]
fn a_table_is_a_list_of_rows_with_cells() {
    let runs = runs(
        "<table><thead><tr><th>Name<th>Changed<th></thead><tbody><tr><td>BIZX<td>2026-01-02<td><a href=e?n=BIZX>\
         <img alt=Edit></a><tr><td>SSO<br><small>old</small><td><td><a href=e?n=SSO>Edit</a><tr><td colspan=3>no link</table>",
    );
    assert_eq!(runs.len(), 1);
    assert_eq!(runs[0].tag, "tr");
    assert_eq!(
        cells(&runs[0]),
        [
            vec!["Name", "Changed", ""],
            vec!["BIZX", "2026-01-02", ""],
            vec!["SSO old", "", "Edit"]
        ]
    );
    assert_eq!(
        runs[0].rows.iter().map(|row| row.header).collect::<Vec<_>>(),
        [true, false, false]
    );
    assert_eq!(runs[0].rows[1].links[0].text, "Edit");
    assert_eq!(runs[0].rows[2].pieces, ["SSO", "old", "Edit"]);
}

#[test]
fn a_table_with_one_row_and_a_list_with_one_item_are_lists() {
    let runs = runs(
        "<table><tr><th>Name</th></tr><tr><td><a href=a>A</a></td></tr></table><ul><li><a href=b>B</a></ul>",
    );
    assert_eq!(
        runs.iter().map(|run| run.tag.as_str()).collect::<Vec<_>>(),
        ["tr", "li"]
    );
    assert_eq!(cells(&runs[0]), [["Name"], ["A"]]);
    assert_eq!(cells(&runs[1]), [["B"]]);
}

#[test]
fn divisions_links_and_definitions_are_lists_too() {
    let runs = runs(
        "<div id=l><div><h3>A</h3><a href=a>edit</a></div><div>B <a href=b>edit</a></div><div>no link</div></div>\
         <p><a href=1>one</a> | <a href=2>two</a></p>\
         <dl><dt>K<dd><a href=k>x</a><dt>L<dd>text<dt>M<dd>m<dd><a href=m>y</a></dl>",
    );
    assert_eq!(
        runs.iter().map(|run| run.tag.as_str()).collect::<Vec<_>>(),
        ["div", "a", "dt"]
    );
    assert_eq!(cells(&runs[0]), [["A", "edit"], ["B", "edit"]]);
    assert_eq!(cells(&runs[1]), [["one"], ["two"]]);
    assert_eq!(cells(&runs[2]), [vec!["K", "x"], vec!["M", "m", "y"]]);
}

#[test]
fn a_single_division_is_a_list_of_one_at_every_level() {
    let runs =
        all_runs("<div><div><b>BIZX</b> <span><a href=v>view</a> <a href=e>edit</a></span></div></div>");
    let found: Vec<_> = runs.iter().map(|run| (run.tag.as_str(), cells(run))).collect();
    let row = vec![vec!["BIZX", "view", "edit"]];
    let links = vec![vec!["view"], vec!["edit"]];
    assert_eq!(found, [("div", row.clone()), ("div", row), ("a", links)]);
}

#[test]
fn nested_lists_are_reported_at_every_level() {
    let runs = runs(
        "<ul><li><a href=1>1</a><ul><li><a href=11>11</a><li><a href=12>12</a></ul><li><a href=2>2</a></ul>\
         <table><tr><td><table><tr><td><a href=x>x</a></table></table>",
    );
    assert_eq!(runs.len(), 4);
    assert_eq!(cells(&runs[0]), [vec!["1", "11", "12"], vec!["2"]]);
    assert_eq!(runs[0].rows[0].links.len(), 3);
    assert_eq!(cells(&runs[1]), [["11"], ["12"]]);
    assert_eq!(cells(&runs[2]), [["x"]]);
    assert_eq!(cells(&runs[3]), [["x"]]);
}

#[test]
fn lists_nested_thousands_deep_do_not_copy_the_page_thousands_of_times() {
    let html = "<ul><li><a href=x>item with a text</a>".repeat(3000);
    let runs = runs(&html);
    assert!(runs.len() > 100);
    let rows = runs.iter().flat_map(|run| &run.rows);
    let size: usize = rows.map(|row| row.links.len() + row.pieces.len()).sum();
    assert!(size < 100_000, "{size}");
}
