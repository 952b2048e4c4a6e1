use super::*;

fn tables() -> Tables {
    let tables = Tables::default();
    let keys = json!([
        { "AttributeName": "pk", "KeyType": "HASH" },
        { "AttributeName": "sk", "KeyType": "RANGE" },
    ]);
    let text = |name: &str| json!({ "AttributeName": name, "AttributeType": "S" });
    let definition = json!({
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [text("pk"), text("sk")],
        "KeySchema": keys,
    });
    tables.create("t", &definition).unwrap();
    tables
}

fn refused(operation: &str, body: &Value) -> String {
    let Refusal(name, sentence) = call(&tables(), operation, body.to_string().as_bytes()).unwrap_err();
    format!("{name}: {sentence}")
}

#[test]
fn what_is_not_emulated_is_refused_by_its_name() {
    for (operation, body, part) in [
        ("Scan", json!({}), "Scan is not emulated"),
        ("GetItem", json!({ "TableName": "t", "Key": {}, "Fields": 1 }), "unknown field `Fields`"),
        ("GetItem", json!({ "TableName": "u", "Key": {} }), "ResourceNotFoundException"),
        ("GetItem", json!({ "TableName": "t", "Key": { "pk": { "S": "a" } } }), "does not match the schema"),
        ("PutItem", json!({ "TableName": "t", "Item": { "pk": { "S": "a" } } }), "Missing the key sk"),
        (
            "PutItem",
            json!({ "TableName": "t", "Item": { "pk": { "S": "a" }, "sk": { "S": "b" } }, "ConditionExpression": "size(a) > :b" }),
            "not emulated: size(a) > :b",
        ),
        (
            "Query",
            json!({ "TableName": "t", "KeyConditionExpression": "begins_with(sk, :a)" }),
            "not emulated: begins_with(sk, :a)",
        ),
        (
            "Query",
            json!({ "TableName": "t", "IndexName": "i", "KeyConditionExpression": "pk = :a" }),
            "does not have the specified index: i",
        ),
    ] {
        let sentence = refused(operation, &body);
        assert!(sentence.contains(part), "{sentence}");
    }
    assert!(tables().create("u", &json!({ "BillingMode": "PROVISIONED" })).is_err());
}
