//! What the tests' browser knows of forms with check boxes and buttons that share a name.

use scraper::{ElementRef, Html, Selector};

use super::browser::{Browser, Fields, Form};

/// The form of a page that posts: what is checked and selected is in it, and every button with its value.
pub(super) async fn form_at(browser: &Browser, address: &str) -> Form {
    let page = browser.page(address).await;
    let mut form = browser.post_form_with(address, &page, successful).await;
    form.buttons = buttons(&page);
    form
}

fn select<'h>(page: &'h Html, selector: &str) -> Vec<ElementRef<'h>> {
    page.select(&Selector::parse(selector).unwrap()).collect()
}

fn attribute(control: ElementRef<'_>, name: &str) -> Option<String> {
    control.value().attr(name).map(str::to_owned)
}

/// The fields that the form of a page sends, but for its buttons.
fn successful(page: &Html) -> Fields {
    let mut fields = Vec::new();
    for control in select(page, "form[method=post] input, form[method=post] select") {
        let Some(name) = attribute(control, "name") else {
            continue;
        };
        if control.value().attr("disabled").is_some() {
            continue;
        }
        let kind = attribute(control, "type").unwrap_or_default();
        let checked = control.value().attr("checked").is_some();
        let value = match (control.value().name(), kind.as_str()) {
            (_, "submit" | "reset") => continue,
            (_, "checkbox" | "radio") if !checked => continue,
            (_, "checkbox") => attribute(control, "value").unwrap_or("on".to_owned()),
            ("select", _) => {
                let option = Selector::parse("option[selected]").unwrap();
                attribute(control.select(&option).next().unwrap(), "value").unwrap()
            }
            _ => attribute(control, "value").unwrap_or_default(),
        };
        fields.push((name, value));
    }
    fields
}

fn buttons(page: &str) -> Fields {
    let page = Html::parse_document(page);
    let found = select(
        &page,
        "form[method=post] input[type=submit], form[method=post] button[type=submit]",
    );
    let named = |button| Some((attribute(button, "name")?, attribute(button, "value")?));
    found.into_iter().filter_map(named).collect()
}

/// The same form with a check box on or off; the value is what it sends.
pub(super) fn switch(mut form: Form, name: &str, value: &str, on: bool) -> Form {
    form.fields.retain(|(n, v)| n != name || v != value);
    if on {
        form.fields.push((name.to_owned(), value.to_owned()));
    }
    form
}

/// The same form with the button of that name and value pressed.
pub(super) fn press(mut form: Form, name: &str, value: &str) -> Form {
    let pressed = (name.to_owned(), value.to_owned());
    assert!(form.buttons.contains(&pressed), "{name}={value}");
    form.fields.push(pressed);
    form
}

/// The rows of a page's list, as texts of cells, with the address of each row's link.
pub(super) fn rows(page: &str) -> Vec<(Vec<String>, String)> {
    let html = Html::parse_document(page);
    let cells = Selector::parse("td").unwrap();
    let links = Selector::parse("a[href]").unwrap();
    let row = |row: ElementRef<'_>| {
        let texts: Vec<String> = row.select(&cells).map(|cell| cell.text().collect()).collect();
        let link = row.select(&links).next()?;
        Some((texts, attribute(link, "href")?))
    };
    select(&html, "table.list tr")
        .into_iter()
        .filter_map(row)
        .collect()
}
