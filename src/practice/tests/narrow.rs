use super::browser::{Browser, LIST, start};
use super::service::inside;
use crate::practice::operation::PARTS;

const HIDDEN: &[&str] = &[
    "Global Application Settings",
    "Images",
    "Manage Unsent Emails",
    "Automatic Processes",
    "Connectors",
    "Report Jobs",
    "Admin Management",
];

#[tokio::test]
async fn a_narrow_role_sees_system_configuration_and_nothing_else_that_a_refresh_overwrites() {
    let practice = start(&["narrow"]).await;
    let browser = Browser::inside(&practice, &practice.stage).await;
    let menu = browser.page("/learning/admin/menu.do").await;
    for label in HIDDEN {
        assert!(!menu.contains(&format!(">{label}</a>")), "{label}");
    }
    assert!(menu.contains(">System Configuration</a>") && menu.contains(">Labels</a>"));
    for address in PARTS.iter().flat_map(|part| part.addresses) {
        let page = browser.page(address).await;
        assert!(page.contains("You do not have permission"), "{address}");
        assert!(!page.contains("<form"), "{address}");
    }
    assert!(browser.page(LIST).await.contains("class=\"list\""));
    let practice = start(&["narrow", "service"]).await;
    let (browser, _) = inside(&practice, "token=field").await;
    let menu = browser.page("/learning/admin/service/menu").await;
    assert!(!menu.contains("Connectors") && menu.contains("#configurations"));
    for name in PARTS.iter().flat_map(|part| part.services) {
        let answer = browser.get(&format!("/learning/admin/service/{name}")).await;
        assert_eq!(answer.status(), 403, "{name}");
    }
}

#[tokio::test]
async fn everybody_else_sees_all_of_it_also_where_configuration_is_denied() {
    for word in ["key=shared", "denied"] {
        let practice = start(&[word]).await;
        let browser = Browser::inside(&practice, &practice.stage).await;
        let menu = browser.page("/learning/admin/menu.do").await;
        for label in HIDDEN {
            assert!(menu.contains(&format!(">{label}</a>")), "{label}");
        }
        for part in PARTS {
            let page = browser.page(part.addresses[0]).await;
            assert!(!page.contains("You do not have permission"), "{}", part.entry);
        }
    }
}
