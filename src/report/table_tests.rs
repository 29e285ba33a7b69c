//! Tables at 80 columns, at 40, in a pipe.

use jiff::Timestamp;

use crate::report::look::Look;
use crate::report::table::Table;
use crate::report::text::{Text, Tone};
use crate::report::ui::Ui;

fn documents() -> Table {
    let mut table = Table::new(["document", "state", "keys", "note"]).right(2);
    table.row([
        "configuration/BIZX",
        "changed",
        "3",
        "the base URL is the one of the source, as after a refresh",
    ]);
    table.row(["configuration/CONNECTORS", "same", "1,500", ""]);
    table.row(["configuration/日本語", "", "7", "wide letters"]);
    table
}

fn at(width: Option<usize>, table: &Table) -> String {
    let look = Look {
        out_terminal: width,
        ..Look::plain(Timestamp::UNIX_EPOCH)
    };
    let (ui, seen) = Ui::recording(look, "");
    ui.table(table);
    seen.out()
}

#[test]
fn a_pipe_gets_every_row_on_one_line() {
    insta::assert_snapshot!(at(None, &documents()), @"
    document                  state     keys  note
    configuration/BIZX        changed      3  the base URL is the one of the source, as after a refresh
    configuration/CONNECTORS  same     1,500
    configuration/日本語                   7  wide letters
    ");
}

#[test]
fn at_80_columns_the_widest_column_is_wrapped() {
    insta::assert_snapshot!(at(Some(80), &documents()), @"
    document                  state     keys  note
    configuration/BIZX        changed      3  the base URL is the one of the source,
                                              as after a refresh
    configuration/CONNECTORS  same     1,500
    configuration/日本語                   7  wide letters
    ");
}

#[test]
fn at_40_columns_each_row_is_a_list() {
    insta::assert_snapshot!(at(Some(40), &documents()), @"
    document: configuration/BIZX
    state: changed
    keys: 3
    note: the base URL is the one of the
    source, as after a refresh

    document: configuration/CONNECTORS
    state: same
    keys: 1,500

    document: configuration/日本語
    keys: 7
    note: wide letters
    ");
}

#[test]
fn no_line_is_wider_than_the_terminal_or_ends_in_blanks() {
    for width in 12..120 {
        for line in at(Some(width), &documents()).lines() {
            assert!(Text::from(line).width() <= width, "{width}: {line:?}");
            assert_eq!(line, line.trim_end(), "{width}");
        }
    }
}

#[test]
fn wrapping_loses_nothing_but_blanks() {
    let words = "one  two three-and-a-half 日本語日本語 x";
    for width in 1..50 {
        let lines = Text::new().toned(Tone::Good, words).wrapped(width);
        let letters: String = lines.iter().map(|line| line.render(false)).collect();
        assert_eq!(letters.replace(' ', ""), words.replace(' ', ""), "{width}");
    }
}

#[test]
fn a_cell_cannot_break_the_table() {
    let mut table = Table::new(["a", "b"]);
    table.row(["one\ntwo\tthree", "x"]);
    assert_eq!(at(None, &table), "a              b\none two three  x\n");
}

#[test]
fn missing_cells_are_empty_and_surplus_ones_left_out() {
    let mut table = Table::new(["a", "b"]);
    table.row(["x"]);
    table.row(["x", "y", "z"]);
    assert_eq!(at(None, &table), "a  b\nx\nx  y\n");
}
