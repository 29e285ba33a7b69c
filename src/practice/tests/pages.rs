use scraper::{Html, Selector};

use super::browser::{Browser, LIST, MAIN, ask, start};
use crate::practice::labels::GERMAN;

#[tokio::test]
async fn the_shell_leads_to_the_list_by_frames_and_menu() {
    let practice = start(&[]).await;
    let browser = Browser::inside(&practice, &practice.stage).await;
    let menu = browser.page("/learning/admin/menu.do").await;
    let link = format!("<a href=\"{LIST}?adminShellMenuId=SYSTEM_CONFIGURATION\" target=\"content\">");
    assert!(
        menu.contains(&format!("{link}System Configuration</a>")),
        "{menu}"
    );
    let links = Selector::parse("a[href]").unwrap();
    let addresses: Vec<String> = Html::parse_document(&menu)
        .select(&links)
        .map(|a| a.value().attr("href").unwrap().to_owned())
        .collect();
    assert!(addresses.len() > 12);
    for address in addresses {
        assert_eq!(browser.get(&address).await.status(), 200, "{address}");
    }
}

#[tokio::test]
async fn the_list_has_result_pages_with_one_pencil_a_row() {
    let practice = start(&[]).await;
    let browser = Browser::inside(&practice, &practice.stage).await;
    let state = ask(&practice, "state/stage").await;
    let mut names = Vec::new();
    for page in 1..=3 {
        let text = browser.page(&format!("{LIST}?page={page}")).await;
        let html = Html::parse_document(&text);
        for row in html.select(&Selector::parse("tbody tr").unwrap()) {
            let links: Vec<_> = row.select(&Selector::parse("a").unwrap()).collect();
            assert_eq!(links.len(), 1);
            assert_eq!(links[0].text().collect::<String>(), "");
            let cells: Vec<String> = row
                .select(&Selector::parse("td").unwrap())
                .map(|cell| cell.text().collect())
                .collect();
            let address = format!(
                "/learning/admin/sysconfig/{}",
                links[0].value().attr("href").unwrap()
            );
            let edit = browser.page(&address).await;
            let title = format!("Edit System Configuration - {}", cells[1]);
            let html = Html::parse_document(&edit);
            let shown: String = html
                .select(&Selector::parse("title").unwrap())
                .flat_map(|t| t.text())
                .collect();
            assert_eq!(shown, title);
            names.push(cells[1].clone());
        }
    }
    let mut expected: Vec<String> = state["documents"].as_object().unwrap().keys().cloned().collect();
    names.sort();
    expected.sort();
    assert_eq!(names, expected);
    assert!(names.len() > 45);
}

#[tokio::test]
async fn edit_pages_show_what_is_stored_and_the_read_only_one_has_no_button() {
    let practice = start(&[]).await;
    let browser = Browser::inside(&practice, &practice.stage).await;
    let state = ask(&practice, "state/stage").await;
    for (name, text) in state["documents"].as_object().unwrap() {
        if name == "RELEASE_INFO" {
            continue;
        }
        assert_eq!(browser.text(name).await, text.as_str().unwrap(), "{name}");
    }
    let page = browser.page(&Browser::edit_address("RELEASE_INFO")).await;
    assert!(page.contains("readonly") && !page.contains("applyChanges") && page.contains("release=b2605"));
    assert!(
        browser
            .page(&Browser::edit_address("NOWHERE"))
            .await
            .contains("does not exist")
    );
}

#[tokio::test]
async fn german_changes_the_labels_and_nothing_else() {
    let practice = start(&["german"]).await;
    let browser = Browser::inside(&practice, &practice.stage).await;
    let menu = browser.page("/learning/admin/menu.do").await;
    assert!(menu.contains(">Systemkonfiguration</a>") && menu.contains(">Systemverwaltung<"));
    let edit = browser.page(&Browser::edit_address("SSO")).await;
    assert!(edit.contains("value=\"Änderungen übernehmen\""));
    let list = browser.page(LIST).await;
    for page in [&menu, &list] {
        for (english, german) in GERMAN.iter().filter(|(english, german)| english != german) {
            assert!(!page.contains(&format!(">{english}<")), "{english}: {german}");
        }
    }
    assert!(
        browser
            .save("SSO", "a=1\n")
            .await
            .contains("Die Änderungen wurden übernommen.")
    );
}

#[tokio::test]
async fn denied_says_so_on_every_page_of_system_configuration() {
    let practice = start(&["denied"]).await;
    let browser = Browser::inside(&practice, &practice.stage).await;
    for address in [LIST.to_owned(), Browser::edit_address("BIZX")] {
        let answer = browser.get(&address).await;
        assert_eq!(answer.status(), 200);
        let text = answer.text().await.unwrap();
        assert!(
            text.contains("You do not have permission") && !text.contains("<textarea"),
            "{text}"
        );
    }
    assert!(browser.page(MAIN).await.contains("<frameset"));
}

#[tokio::test]
async fn bound_pages_really_answer_for_each_other_but_name_what_they_show() {
    let practice = start(&["bound"]).await;
    let browser = Browser::inside(&practice, &practice.stage).await;
    let names = ["BIZX", "SSO", "VLS", "SEARCH"];
    let asked = names.map(|name| browser.edit(name));
    let shown = futures::future::join_all(asked).await;
    let mixed = names
        .iter()
        .zip(&shown)
        .filter(|(name, form)| form.value("configurationID") != **name)
        .count();
    assert!(mixed > 0, "parallel reads must mix");
    for form in &shown {
        let state = ask(&practice, "state/stage").await;
        let name = form.value("configurationID");
        assert_eq!(
            state["documents"][name],
            form.value("configurationText"),
            "{name}"
        );
    }
    for name in names {
        assert_eq!(
            browser.edit(name).await.value("configurationID"),
            name,
            "one at a time"
        );
    }
}

#[tokio::test]
async fn an_icon_that_a_browser_asks_for_does_not_take_the_session_away() {
    let practice = start(&[]).await;
    let browser = Browser::inside(&practice, &practice.stage).await;
    let icon = browser.get("/favicon.ico").await;
    assert_eq!(icon.status(), 404);
    assert!(!icon.headers().contains_key("set-cookie"));
    assert!(browser.page(LIST).await.contains("class=\"list\""));
}
