use serde_json::{Value, json};

use super::browser::{Browser, ask, start, tell};
use super::service;

const JOBS: &str = "/learning/admin/reports/reportJobs.do";
const ADMINS: &str = "/learning/admin/security/searchAdmins.do";
const SERVICE: &str = "/learning/admin/service";

/// The address of a link with that text on a page below `folder`.
fn link(page: &str, folder: &str, text: &str) -> Option<String> {
    let before = page.split(&format!("\">{text}</a>")).next()?;
    let address = before.rsplit("href=\"").next().filter(|_| before != page)?;
    Some(format!("{folder}/{}", address.replace("&amp;", "&")))
}

/// All pages of a list, by its links to the next one.
async fn pages(browser: &Browser, first: &str, next: &str) -> Vec<String> {
    let folder = first.rsplit_once('/').unwrap().0;
    let mut found = vec![browser.page(first).await];
    while let Some(address) = link(found.last().unwrap(), folder, next) {
        assert!(found.len() < 9, "{address}");
        found.push(browser.page(&address).await);
    }
    found
}

fn rows(pages: &[String]) -> usize {
    pages.iter().map(|page| page.matches("<tr><td>").count()).sum()
}

async fn told(browser: &Browser, address: &str) -> Value {
    let answer = browser.get(&format!("{SERVICE}/{address}")).await;
    assert_eq!(answer.status(), 200, "{address}");
    answer.json().await.unwrap()
}

#[tokio::test]
async fn report_jobs_are_listed_and_copied_by_a_refresh() {
    for (token, words, next, daily) in [
        ("token=field", vec![], "Next", "Daily"),
        ("token=link", vec!["german"], "Weiter", "Täglich"),
        ("token=script", vec![], "Next", "Daily"),
    ] {
        let practice = start(&[words, vec![token]].concat()).await;
        let production = Browser::inside(&practice, &practice.production).await;
        let of_production = pages(&production, JOBS, next).await;
        assert_eq!((of_production.len(), rows(&of_production)), (2, 6));
        assert!(of_production[0].contains(&format!("<td>CLASS_ADMIN</td><td>{daily}</td>")));
        assert!(of_production[1].contains("lms.configuration@example.com"));
        let browser = Browser::inside(&practice, &practice.stage).await;
        assert_eq!(rows(&pages(&browser, JOBS, next).await), 3);
        assert_eq!(ask(&practice, "operation/stage").await["reportJobs"], "ok");
        tell(&practice, "refresh", &json!({})).await;
        let browser = Browser::inside(&practice, &practice.stage).await;
        assert_eq!(rows(&pages(&browser, JOBS, next).await), 6);
        let judged = ask(&practice, "operation/stage").await["reportJobs"].to_string();
        assert!(judged.contains("Class Roster (RJ-1102): stage has no such job"));
        assert!(judged.contains("(RJ-2011): it is gone"), "{judged}");
        assert_eq!(ask(&practice, "operation/production").await["reportJobs"], "ok");
    }
}

#[tokio::test]
async fn only_the_owner_deletes_a_report_job() {
    let practice = start(&[]).await;
    let browser = Browser::inside(&practice, &practice.production).await;
    let page = browser.page(JOBS).await;
    assert_eq!(page.matches("type=\"checkbox\"").count(), 1);
    let form = async |jobs: &[&str]| {
        let page = browser.page(JOBS).await;
        let mut form = browser.post_form(JOBS, &page).await.without("reportJobID");
        let ticked = jobs.iter().map(|id| ("reportJobID".to_owned(), (*id).to_owned()));
        form.fields.extend(ticked);
        form
    };
    let sent = async |jobs: &[&str]| {
        let form = form(jobs).await.press("deleteSelected");
        browser.send(&form).await.text().await.unwrap()
    };
    assert!(sent(&[]).await.contains("Select at least one"));
    assert!(sent(&["RJ-1130", "RJ-1102"]).await.contains("Only its owner"));
    let unpressed = browser.send(&form(&["RJ-1130"]).await).await;
    assert!(unpressed.text().await.unwrap().contains("incomplete"));
    assert_eq!(ask(&practice, "harm/production").await["wrongForm"], 1);
    assert_eq!(ask(&practice, "operation/production").await["reportJobs"], "ok");
    for effect in ["refuse-save", "ignore-save"] {
        let faults = json!([{ "path": "deleteReportJobs", "effect": effect }]);
        tell(&practice, "faults/production", &faults).await;
        sent(&["RJ-1130"]).await;
        assert_eq!(ask(&practice, "operation/production").await["reportJobs"], "ok");
    }
    assert!(sent(&["RJ-1130"]).await.contains("The report jobs were deleted."));
    assert_eq!(
        ask(&practice, "operation/production").await["reportJobs"],
        "Item Requests & Approvals (RJ-1130): it is gone"
    );
}

#[tokio::test]
async fn admins_are_listed_with_roles_and_addresses() {
    for (token, words, next) in [
        ("token=field", vec!["german"], "Weiter"),
        ("token=link", vec![], "Next"),
        ("token=script", vec![], "Next"),
    ] {
        let practice = start(&[words, vec![token]].concat()).await;
        let browser = Browser::inside(&practice, &practice.stage).await;
        let before = pages(&browser, ADMINS, next).await;
        let known = ask(&practice, "admins/stage").await;
        assert_eq!(rows(&before), known.as_array().unwrap().len());
        assert_eq!(before.len(), 2);
        let all = before.concat();
        assert!(all.contains("lms.refresh@stage.example.com") && !all.contains("@example.com"));
        assert!(all.contains("<td>PLATEAU</td><td>System</td><td>&nbsp;</td>"));
        assert!(all.contains("Compliance &amp; Audit<br>Report Administrators"));
        let found = browser.page(&format!("{ADMINS}?adminIDFilter=class")).await;
        assert_eq!(rows(&[found]), 1);
        assert_eq!(
            ask(&practice, "operation/stage").await["adminAddresses"],
            "masked"
        );
        tell(&practice, "refresh", &json!({})).await;
        let browser = Browser::inside(&practice, &practice.stage).await;
        let after = pages(&browser, ADMINS, next).await.concat();
        assert!(after.contains("helpdesk@example.com") && !after.contains("@stage.example.com"));
        assert_eq!(ask(&practice, "operation/stage").await["adminAddresses"], "real");
    }
}

#[tokio::test]
async fn the_services_list_report_jobs_and_admins() {
    let practice = start(&["service", "german"]).await;
    tell(&practice, "refresh", &json!({})).await;
    let (browser, token) = service::inside(&practice, "token=field").await;
    let first = told(&browser, "reportJobs").await;
    assert_eq!((&first["total"], &first["page"]), (&json!(6), &json!(1)));
    assert_eq!(first["next"], "reportJobs?page=2");
    assert_eq!(
        first["items"][3],
        json!({
            "jobID": "RJ-1130", "reportName": "Item Requests & Approvals", "owner": "REFRESH_ADMIN", "own": true,
            "frequency": "Wöchentlich", "nextRun": "2026-12-02 07:00", "recipients": ["lms.refresh@example.com"],
        })
    );
    let second = told(&browser, "reportJobs?page=2").await;
    assert_eq!(
        (second["items"].as_array().unwrap().len(), &second["next"]),
        (1, &Value::Null)
    );
    let delete = async |id: &str| {
        let url = format!("{}{SERVICE}/reportJobs/{id}", browser.root);
        let request = browser.client.delete(url).header("owasp_csrftoken", &token);
        request.send().await.unwrap().status()
    };
    assert_eq!(delete("RJ-1041").await, 403);
    assert_eq!(delete("RJ-1130").await, 200);
    assert_eq!(told(&browser, "reportJobs").await["total"], 5);

    let mut names = Vec::new();
    let mut next = json!("admins");
    while let Some(address) = next.as_str() {
        let page = told(&browser, address).await;
        let admins = page["admins"].as_array().unwrap();
        names.extend(admins.iter().map(|admin| admin["adminID"].clone()));
        assert_eq!(page["count"], 16);
        next = page["more"].clone();
    }
    assert_eq!(names.len(), 16);
    let found = told(&browser, "admins?adminIDFilter=HOSTING").await;
    assert_eq!(
        found["admins"],
        json!([{ "adminID": "HOSTING", "roles": ["System"], "email": null, "locked": false }])
    );
    let faults = json!([{ "path": "admins", "effect": "short-list" }]);
    tell(&practice, "faults/stage", &faults).await;
    assert_eq!(
        told(&browser, "admins").await["admins"].as_array().unwrap().len(),
        9
    );
    let script = browser.page("/learning/admin/app/app.js").await;
    for part in ["reportJobs", "admins", "unsentEmails", "images"] {
        assert!(script.contains(&format!("kit.pages.{part} = ")), "{part}");
    }
}

#[tokio::test]
async fn a_narrow_role_sees_none_of_it() {
    let practice = start(&["narrow"]).await;
    let browser = Browser::inside(&practice, &practice.stage).await;
    let menu = browser.page("/learning/admin/menu.do").await;
    for (label, address) in [
        ("Images", "/learning/admin/config/images.do"),
        (
            "Images",
            "/learning/admin/config/imageStream.do?imageTypeID=CORP_LOGO",
        ),
        ("Manage Unsent Emails", "/learning/admin/tools/unsentEmails.do"),
        ("Report Jobs", JOBS),
        ("Admin Management", ADMINS),
    ] {
        assert!(!menu.contains(label), "{label}");
        assert!(browser.page(address).await.contains("do not have permission"));
    }
    let practice = start(&["narrow", "service"]).await;
    let (browser, _) = service::inside(&practice, "token=field").await;
    for part in [
        "images",
        "images/CORP_LOGO",
        "unsentEmails",
        "reportJobs",
        "admins",
    ] {
        assert_eq!(browser.get(&format!("{SERVICE}/{part}")).await.status(), 403);
    }
}
