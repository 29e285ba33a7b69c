use reqwest::Response;
use reqwest::multipart::{Form as Multipart, Part};
use serde_json::{Value, json};

use super::browser::{Browser, Form, ask, start, tell};
use super::service;

const LIST: &str = "/learning/admin/config/images.do";
const SERVICE: &str = "/learning/admin/service/images";
const UPLOAD: &str = "form[name=uploadForm]";
const REMOVE: &str = "form[name=removeForm]";

fn png(length: usize) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n\r\n--x".to_vec();
    bytes.resize(length, 0xa5);
    bytes
}

fn edit_address(id: &str) -> String {
    format!("/learning/admin/config/editImage.do?imageTypeID={id}&adminShellMenuId=IMAGES")
}

async fn form(browser: &Browser, id: &str, which: &str) -> Form {
    let address = edit_address(id);
    let page = browser.page(&address).await;
    browser.form_of(&address, &page, which).await
}

async fn upload(browser: &Browser, id: &str, name: &str, bytes: &[u8]) -> String {
    let form = form(browser, id, UPLOAD).await.press("applyChanges");
    let answer = browser.send_file(&form, "imageFile", name, bytes).await;
    assert_eq!(answer.status(), 200);
    answer.text().await.unwrap()
}

/// The present image of an edit page: its type and its bytes.
async fn present(browser: &Browser, id: &str) -> Option<(String, Vec<u8>)> {
    let page = browser.page(&edit_address(id)).await;
    let source = page.split("id=\"currentImage\" src=\"").nth(1)?;
    let source = source.split('"').next()?.replace("&amp;", "&");
    let answer = browser.get(&format!("/learning/admin/config/{source}")).await;
    assert_eq!(answer.status(), 200);
    let kind = answer.headers()["content-type"].to_str().unwrap().to_owned();
    Some((kind, answer.bytes().await.unwrap().to_vec()))
}

#[tokio::test]
async fn an_upload_replaces_an_image_wherever_the_token_is() {
    for token in ["token=field", "token=link", "token=script"] {
        let practice = start(&[token]).await;
        let browser = Browser::inside(&practice, &practice.stage).await;
        assert!(
            browser
                .page("/learning/admin/menu.do")
                .await
                .contains("/config/images.do")
        );
        let list = browser.page(LIST).await;
        assert_eq!(list.matches("class=\"imageEntry\"").count(), 6);
        assert_eq!(list.matches("No image").count(), 1);
        for (id, kind) in [
            ("CORP_LOGO", "image/png"),
            ("LOGIN_BG", "image/jpeg"),
            ("CERT_SEAL", "image/gif"),
        ] {
            assert_eq!(present(&browser, id).await.unwrap().0, kind);
        }
        let new = png(100 * 1024);
        for id in ["CERT_SEAL", "CAT_BANNER"] {
            assert!(
                upload(&browser, id, "neu & schön.gif", &new)
                    .await
                    .contains("The changes were applied.")
            );
            assert_eq!(
                present(&browser, id).await.unwrap(),
                ("image/png".to_owned(), new.clone())
            );
        }
        let told = ask(&practice, "images/stage").await;
        assert_eq!(told["CERT_SEAL"]["fileName"], "neu & schön.gif");
        assert_eq!(
            ask(&practice, "operation/stage").await["images"],
            "Certificate Seal: it is not the right one; Catalog Banner: it is not the right one"
        );
        let harm = ask(&practice, "harm/stage").await;
        assert_eq!((&harm["wrongToken"], &harm["wrongForm"]), (&json!(0), &json!(0)));
        let mut form = form(&browser, "CERT_SEAL", UPLOAD)
            .await
            .press("applyChanges")
            .without("OWASP_CSRFTOKEN");
        form.action = form.action.split('?').next().unwrap().to_owned();
        let answer = browser.send_file(&form, "imageFile", "a.png", &png(30)).await;
        assert_eq!(answer.status(), 302);
        assert_eq!(ask(&practice, "harm/stage").await["wrongToken"], 1);
        assert_eq!(ask(&practice, "images/stage").await, told);
        assert_eq!(practice.panics(), 0);
    }
}

#[tokio::test]
async fn what_is_no_small_image_is_refused_and_says_why() {
    for (words, texts) in [
        (
            vec![],
            ["Choose a file.", "larger than 100 KB", "not a PNG, GIF or JPEG"],
        ),
        (
            vec!["german"],
            ["Wählen Sie eine Datei", "größer als 100 KB", "kein PNG-, GIF-"],
        ),
    ] {
        let practice = start(&words).await;
        let browser = Browser::inside(&practice, &practice.stage).await;
        let before = ask(&practice, "images/stage").await;
        let large = png(100 * 1024 + 1);
        let cases: [(&str, &[u8]); 3] = [("", b""), ("a.png", &large), ("a.png", b"<svg/>")];
        for ((name, bytes), text) in cases.into_iter().zip(texts) {
            let page = upload(&browser, "CORP_LOGO", name, bytes).await;
            assert!(page.contains("errorMessage") && page.contains(text), "{page}");
        }
        assert_eq!(ask(&practice, "images/stage").await, before);
        assert_eq!(ask(&practice, "harm/stage").await["wrongForm"], 0);
    }
}

#[tokio::test]
async fn an_upload_asks_for_everything_a_browser_sends_and_for_the_version() {
    let practice = start(&[]).await;
    let browser = Browser::inside(&practice, &practice.stage).await;
    let before = ask(&practice, "images/stage").await;
    let fresh = || form(&browser, "CORP_LOGO", UPLOAD);
    let mut wrong = vec![fresh().await];
    for missing in ["version", "MAX_FILE_SIZE", "adminShellMenuId"] {
        wrong.push(fresh().await.press("applyChanges").without(missing));
    }
    wrong.push(fresh().await.press("applyChanges").press("cancel"));
    wrong.push(fresh().await.press("applyChanges").set("MAX_FILE_SIZE", "1"));
    for form in &wrong {
        let answer = browser.send_file(form, "imageFile", "a.png", &png(40)).await;
        assert!(answer.text().await.unwrap().contains("incomplete"));
    }
    let good = fresh().await.press("applyChanges");
    let other = browser.send_file(&good, "file", "a.png", &png(40)).await;
    assert!(other.text().await.unwrap().contains("incomplete"));
    let flat = browser.send(&good).await;
    assert!(flat.text().await.unwrap().contains("incomplete"));
    assert_eq!(
        ask(&practice, "harm/stage").await["wrongForm"],
        wrong.len() as u64 + 2
    );
    let cancel = fresh().await.press("cancel");
    assert_eq!(
        browser.send_file(&cancel, "imageFile", "", b"").await.status(),
        302
    );
    assert_eq!(ask(&practice, "images/stage").await, before);
    upload(&browser, "CORP_LOGO", "b.png", &png(50)).await;
    let stale = browser.send_file(&good, "imageFile", "a.png", &png(40)).await;
    assert!(stale.text().await.unwrap().contains("changed in the meantime"));
    assert_eq!(present(&browser, "CORP_LOGO").await.unwrap().1, png(50));
    let log = ask(&practice, "requests/stage").await;
    let sent = log
        .as_array()
        .unwrap()
        .iter()
        .rfind(|entry| entry["method"] == "POST")
        .unwrap();
    let names = [
        "OWASP_CSRFTOKEN",
        "imageTypeID",
        "version",
        "MAX_FILE_SIZE",
        "adminShellMenuId",
        "applyChanges",
        "imageFile",
    ];
    assert_eq!(sent["fields"], json!(names));
}

#[tokio::test]
async fn an_image_that_is_taken_away_is_harm() {
    let practice = start(&[]).await;
    let browser = Browser::inside(&practice, &practice.stage).await;
    let form = form(&browser, "CORP_LOGO", REMOVE).await.press("removeImage");
    let page = browser.send(&form).await.text().await.unwrap();
    assert!(page.contains("The image was removed."));
    assert_eq!(present(&browser, "CORP_LOGO").await, None);
    assert!(
        !browser
            .page(&edit_address("CORP_LOGO"))
            .await
            .contains("removeForm")
    );
    assert_eq!(ask(&practice, "harm/stage").await["imagesRemoved"], 1);
    assert_eq!(
        ask(&practice, "operation/stage").await["images"],
        "Company Logo: it is missing"
    );
}

#[tokio::test]
async fn a_refresh_copies_the_images_and_an_upload_heals_them() {
    let practice = start(&[]).await;
    let browser = Browser::inside(&practice, &practice.stage).await;
    let mut kept = Vec::new();
    for id in ["CORP_LOGO", "LOGIN_BG"] {
        kept.push((id, present(&browser, id).await.unwrap().1));
    }
    assert_eq!(ask(&practice, "operation/stage").await["images"], "ok");
    tell(&practice, "refresh", &json!({})).await;
    assert_eq!(
        ask(&practice, "operation/stage").await["images"],
        "Company Logo: it is production's; Login Background: it is production's"
    );
    let browser = Browser::inside(&practice, &practice.stage).await;
    for (id, bytes) in kept {
        assert_ne!(present(&browser, id).await.unwrap().1, bytes);
        upload(&browser, id, "kept.img", &bytes).await;
    }
    assert_eq!(ask(&practice, "operation/stage").await["images"], "ok");
    assert_eq!(ask(&practice, "operation/production").await["images"], "ok");
}

#[tokio::test]
async fn image_pages_go_wrong_as_ordered() {
    let practice = start(&[]).await;
    let browser = Browser::inside(&practice, &practice.stage).await;
    let before = present(&browser, "CORP_LOGO").await.unwrap().1;
    let order = async |path: &str, effect: Value| {
        let faults = json!([{ "path": path, "effect": effect }]);
        tell(&practice, "faults/stage", &faults).await;
    };
    order("uploadImage", json!("refuse-save")).await;
    let page = upload(&browser, "CORP_LOGO", "a.png", &png(40)).await;
    assert!(page.contains("could not be applied"));
    order("uploadImage", json!("ignore-save")).await;
    let page = upload(&browser, "CORP_LOGO", "a.png", &png(40)).await;
    assert!(page.contains("were applied"));
    assert_eq!(present(&browser, "CORP_LOGO").await.unwrap().1, before);
    order("uploadImage", json!({ "cache-ms": 60_000 })).await;
    upload(&browser, "CORP_LOGO", "a.png", &png(40)).await;
    assert_eq!(present(&browser, "CORP_LOGO").await.unwrap().1, before);
    order("uploadImage", json!("alter-save")).await;
    upload(&browser, "LOGIN_BG", "a.png", &png(40)).await;
    assert_eq!(present(&browser, "LOGIN_BG").await.unwrap().1.len(), 41);
    order("editImage", json!("field-missing")).await;
    let page = browser.page(&edit_address("CAT_BANNER")).await;
    assert!(!page.contains("name=\"version\""));
    order("editImage", json!("wrong-document")).await;
    assert!(
        browser
            .page(&edit_address("CAT_BANNER"))
            .await
            .contains("Email Header")
    );
    let bytes = "/learning/admin/config/imageStream.do?imageTypeID=MOB_LOGO&rev=26";
    order("imageStream", json!("login-page")).await;
    assert!(browser.page(bytes).await.contains("nativeLoginForm"));
    order("imageStream", json!("cut-body-quietly")).await;
    let half = browser.get(bytes).await.bytes().await.unwrap();
    let whole = browser.get(bytes).await.bytes().await.unwrap();
    assert!(half.len() < whole.len() && whole.starts_with(&half));
    order("imageStream", json!("cut-body")).await;
    assert!(browser.get(bytes).await.bytes().await.is_err());
    assert_eq!(browser.get(&format!("{bytes}&x=")).await.status(), 200);
    let nowhere = "/learning/admin/config/imageStream.do?imageTypeID=CAT_BANNER";
    assert_eq!(browser.get(nowhere).await.status(), 404);
}

/// Posts a file to the service as its script does.
async fn post(browser: &Browser, id: &str, form: Multipart, token: Option<&str>) -> Response {
    let mut request = browser
        .client
        .post(format!("{}{SERVICE}/{id}/file", browser.root))
        .multipart(form);
    if let Some(token) = token {
        request = request.header("owasp_csrftoken", token);
    }
    request.send().await.unwrap()
}

fn parts(version: &Value, name: &str, bytes: &[u8]) -> Multipart {
    let file = Part::bytes(bytes.to_vec()).file_name(name.to_owned());
    Multipart::new()
        .text("version", version.to_string())
        .part("file", file)
}

async fn json_of(answer: Response) -> Value {
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["content-type"], "application/json");
    answer.json().await.unwrap()
}

async fn record(browser: &Browser, id: &str) -> Value {
    json_of(browser.get(&format!("{SERVICE}/{id}")).await).await
}

#[tokio::test]
async fn the_service_lists_serves_and_takes_images() {
    for token in ["token=field", "token=link", "token=script"] {
        let practice = start(&["service", "german", token]).await;
        let (browser, token) = service::inside(&practice, token).await;
        let list = json_of(browser.get(SERVICE).await).await;
        assert_eq!(
            (&list["total"], list["items"].as_array().unwrap().len()),
            (&json!(6), 6)
        );
        let logo = record(&browser, "CORP_LOGO").await;
        assert_eq!(list["items"][0], logo);
        assert_eq!(
            (&logo["name"], &logo["type"]),
            (&json!("Firmenlogo"), &json!("image/png"))
        );
        let bytes = browser.get(logo["content"].as_str().unwrap()).await;
        assert_eq!(bytes.headers()["content-type"], "image/png");
        assert_eq!(
            logo["size"].as_u64().unwrap(),
            bytes.bytes().await.unwrap().len() as u64
        );
        let none = record(&browser, "CAT_BANNER").await;
        assert_eq!((&none["content"], &none["type"]), (&Value::Null, &Value::Null));
        let form = || parts(&none["version"], "new.png", &png(40));
        assert_eq!(post(&browser, "CAT_BANNER", form(), None).await.status(), 403);
        let token = Some(token.as_str());
        let answer = json_of(post(&browser, "CAT_BANNER", form(), token).await).await;
        assert_eq!(answer["status"], "OK");
        let now = record(&browser, "CAT_BANNER").await;
        assert_eq!(
            (&now["version"], &now["fileName"]),
            (&answer["version"], &json!("new.png"))
        );
        let bytes = browser.get(now["content"].as_str().unwrap()).await;
        assert_eq!(bytes.bytes().await.unwrap(), png(40));
        assert_eq!(post(&browser, "CAT_BANNER", form(), token).await.status(), 409);
        assert_eq!(post(&browser, "NONE", form(), token).await.status(), 404);
        let more = parts(&now["version"], "a.png", &png(40)).text("more", "1");
        assert_eq!(post(&browser, "CAT_BANNER", more, token).await.status(), 400);
        let plain = Multipart::new().text("version", now["version"].to_string());
        assert_eq!(post(&browser, "CAT_BANNER", plain, token).await.status(), 400);
        let wrong = parts(&now["version"], "a.png", b"GIF86a");
        let answer = json_of(post(&browser, "CAT_BANNER", wrong, token).await).await;
        assert_eq!(answer["status"], "ERROR");
        assert!(answer["message"].as_str().unwrap().contains("kein PNG"));
        let harm = ask(&practice, "harm/stage").await;
        assert_eq!((&harm["wrongToken"], &harm["wrongForm"]), (&json!(1), &json!(2)));
        assert_eq!(browser.get(LIST).await.status(), 404);
        let menu: Value = json_of(browser.get("/learning/admin/service/menu").await).await;
        assert!(menu.to_string().contains("#images"));
        let script = browser.page("/learning/admin/app/app.js").await;
        assert!(script.contains("pages.images = "));
        assert_eq!(practice.panics(), 0);
    }
}

#[tokio::test]
async fn an_image_that_a_service_call_takes_away_is_harm_too() {
    let practice = start(&["service"]).await;
    let (browser, token) = service::inside(&practice, "token=field").await;
    let url = format!("{}{SERVICE}/MOB_LOGO", browser.root);
    let request = browser.client.delete(url).header("owasp_csrftoken", token);
    assert_eq!(json_of(request.send().await.unwrap()).await["status"], "OK");
    assert_eq!(ask(&practice, "harm/stage").await["imagesRemoved"], 1);
    assert_eq!(record(&browser, "MOB_LOGO").await["content"], Value::Null);
}

#[tokio::test]
async fn somebody_else_can_change_an_image() {
    let practice = start(&[]).await;
    let browser = Browser::inside(&practice, &practice.stage).await;
    let open = form(&browser, "CORP_LOGO", UPLOAD).await.press("applyChanges");
    let change = json!({ "id": "CORP_LOGO", "fileName": "x.gif", "base64": "R0lGODlhAQABAA==" });
    tell(&practice, "image/stage", &change).await;
    let answer = browser.send_file(&open, "imageFile", "a.png", &png(40)).await;
    assert!(answer.text().await.unwrap().contains("changed in the meantime"));
    assert_eq!(present(&browser, "CORP_LOGO").await.unwrap().0, "image/gif");
    tell(&practice, "image/stage", &json!({ "id": "CORP_LOGO" })).await;
    assert_eq!(present(&browser, "CORP_LOGO").await, None);
    assert_eq!(ask(&practice, "harm/stage").await["imagesRemoved"], 0);
}
