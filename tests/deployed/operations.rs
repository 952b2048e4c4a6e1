//! What the template says about the time after an upload: CORS and lifecycle rules of buckets, metric filters, alarms.

use serde_json::{Value, json};

use super::running::Deployed;
use crate::support::pictures::{jpeg, quarters};
use crate::support::wait;

#[tokio::test]
#[ignore = "starts the packages that ./package makes, as ./test does"]
async fn buckets_answer_pages_and_remove_files_as_the_template_says() {
    let deployed = Deployed::start(&json!({})).await;
    let grant = deployed.sign(&json!({ "filename": "photo.jpg", "type": "image/jpeg" })).await;
    let url = grant["url"].as_str().unwrap();
    let (status, headers) = deployed.preflight(url, "POST", "content-type").await;
    assert_eq!(status, 200);
    assert_eq!(headers["access-control-allow-origin"], "*");
    assert_eq!(headers["access-control-allow-methods"], "POST, PUT");
    assert_eq!(headers["access-control-expose-headers"], "ETag, Location");
    assert_eq!(deployed.preflight(url, "GET", "range").await.0, 200);
    // No rule of the template allows these.
    assert_eq!(deployed.preflight(url, "DELETE", "content-type").await.0, 403);
    assert_eq!(deployed.preflight(url, "GET", "x-other").await.0, 403);

    assert_eq!(deployed.post(&grant, &jpeg(&quarters(64, 48))).await, 204);
    assert_eq!(deployed.checked(&grant).await["state"], "clean");
    let refused = deployed.sign(&json!({ "filename": "page.jpg", "type": "image/jpeg" })).await;
    assert_eq!(deployed.post(&refused, b"<!DOCTYPE html><script>alert(1)</script>").await, 204);
    assert_eq!(deployed.checked(&refused).await["state"], "refused");
    // No function checks a key outside the areas of files, so that this object stays pending.
    let pending = format!("{}/elsewhere/pending.jpg", deployed.output("OriginalsBucket"));
    deployed.store_pending("elsewhere/pending.jpg").await;
    let removed = format!("{}/{}", deployed.output("OriginalsBucket"), refused["key"].as_str().unwrap());
    assert_eq!(deployed.inspect("POST", "expire?days=0").await, json!([]));
    assert_eq!(deployed.inspect("POST", "expire?days=2").await, json!([removed]));
    assert_eq!(deployed.inspect("POST", "expire?days=15").await, json!([pending]));
    assert_eq!(deployed.keys("OriginalsBucket", "elsewhere/").await, Vec::<String>::new());
    assert_eq!(deployed.keys("OriginalsBucket", "files/").await, [grant["key"].as_str().unwrap()]);
    deployed.stop().await;
}

#[tokio::test]
#[ignore = "starts the packages that ./package makes, as ./test does"]
async fn metric_filters_count_the_lines_of_logs_and_alarms_look_at_metrics() {
    let deployed = Deployed::start(&json!({})).await;
    let path = deployed.store("files/by-hand/photo.jpg", "image/jpeg", &jpeg(&quarters(64, 48))).await;
    let variant = deployed.get(&format!("{path}?w=32&fm=webp")).await;
    assert_eq!(variant.status, 200);
    let of = |metrics: &Value, name: &str| {
        let mut all = metrics.as_array().unwrap().iter();
        all.find(|one| one["name"] == name && one["dimensions"] == json!({ "Format": "webp" })).cloned()
    };
    let metrics = wait::for_value("the metric of the variant", async || {
        let metrics = deployed.inspect("GET", "metrics").await;
        if of(&metrics, "VariantBytes").is_some() { Ok(metrics) } else { Err(metrics) }
    })
    .await;
    assert_eq!(of(&metrics, "Variants").unwrap()["sum"], 1.0);
    assert_eq!(of(&metrics, "VariantBytes").unwrap()["sum"], variant.body.len() as f64);
    let invocations = metrics.as_array().unwrap().iter().filter(|one| one["name"] == "Invocations");
    assert!(invocations.map(|one| one["sum"].as_f64().unwrap()).sum::<f64>() >= 1.0, "{metrics}");

    let alarms = async || {
        let alarms = deployed.inspect("GET", "alarms").await;
        let raised = alarms.as_array().unwrap().iter().filter(|alarm| alarm["is_alarm"] == true);
        let raised: Vec<String> = raised.map(|alarm| alarm["name"].as_str().unwrap().to_owned()).collect();
        (alarms.as_array().unwrap().len(), raised)
    };
    let (count, raised) = alarms().await;
    assert!(count >= 15, "{count}");
    assert_eq!(raised, Vec::<String>::new());
    deployed.queue("UploadArrivalsDeadLetters").send("an event".to_owned());
    assert_eq!(alarms().await.1, ["Tintype-FinalizerDeadLetters"]);
    deployed.stop().await;
}
