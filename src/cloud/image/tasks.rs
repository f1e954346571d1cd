//! Glance's tasks: what became of imports. Those that the API imports by are made by the way; nobody makes others.

use jiff::{SignedDuration, Timestamp};

use super::outside::is_outside;
use crate::base::json::{Map, Value, json, object};
use crate::cloud::store::{Cloud, Fault, Resource, nova_time};
use crate::cloud::verb::{Answer, Ask, Missing, Order, Owner, ResourceType, visible};
use crate::contract::{Code, Dialect};

/// The collection of tasks.
const TASKS: &str = "image.tasks";

/// A task of Glance.
pub const IMAGE_TASKS: ResourceType = ResourceType {
    collection: TASKS,
    owner: Owner::Project,
    home: Dialect::Glance,
    missing: &[Missing::any("Failed to find task {id} to retrieve")],
    derive: |_, _| {},
    order: |_| Order::Newest,
    ..ResourceType::PLAIN
};

/// An import that is over.
pub fn done(cloud: &mut Cloud, ask: &Ask<'_>, image: &str) {
    const LIFETIME: SignedDuration = SignedDuration::from_hours(48);
    let id = cloud.ids.uuid().to_string();
    let now = nova_time(&cloud.clock);
    let end = cloud.clock.now().checked_add(LIFETIME).unwrap_or(Timestamp::MAX);
    let body = object!({
        "id": id, "type": "api_image_import", "status": "success", "owner": ask.project(), "created_at": now, "updated_at": now,
        "expires_at": end.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(), "image_id": image, "request_id": ask.request_id,
        "user_id": ask.user(), "input": {"image_id": image, "import_req": ask.body, "backend": [null]},
        "result": {"image_id": image}, "message": "", "self": format!("/v2/tasks/{id}"),
    });
    cloud.collection(TASKS).put(Resource::new(id, ask.project().map(str::to_owned), body));
}

/// A task that imports an image from elsewhere. It waits for ever: nothing is fetched.
pub fn create(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let refused = |code: Code, message: String| Err(Fault::new(code, 400, message));
    for field in ["type", "input"] {
        if ask.body.get(field).is_none() {
            return refused(Code::Missing, format!("Task '{field}' is required"));
        }
    }
    let from = ask.body.get("input").and_then(|input| input.get("import_from"));
    let Some(from) = from.and_then(Value::as_str) else {
        return refused(Code::Rule, "Invalid location: None".to_owned());
    };
    if from.starts_with("file:///") || from.starts_with("filesystem:///") {
        let why = "File based imports are not allowed. Please use a non-local source of image data.";
        return refused(Code::Rule, why.to_owned());
    }
    if !from.starts_with("http://") && !from.starts_with("https://") {
        let why =
            "The given uri is not valid. Please specify a valid uri from the following list of supported uri ['http']";
        return refused(Code::Rule, why.to_owned());
    }
    if !is_outside(from) {
        return refused(Code::Rule, format!("URI for legacy import task does not pass filtering: {from}"));
    }
    let task = pending(cloud, ask);
    let answer = ask.answer(Some(Value::Object(task.body.clone())))?;
    let place = task.text("self").to_owned();
    cloud.collection(TASKS).put(task);
    Ok(answer.with("Location", ask.base.resolve(&format!("origin:/image{place}"))))
}

fn pending(cloud: &mut Cloud, ask: &Ask<'_>) -> Resource {
    let id = cloud.ids.uuid().to_string();
    let now = nova_time(&cloud.clock);
    let body = object!({
        "id": id, "type": ask.body["type"], "status": "pending", "owner": ask.project(), "created_at": now, "updated_at": now,
        "request_id": ask.request_id, "user_id": ask.user(), "input": ask.body["input"], "result": null, "message": "",
        "self": format!("/v2/tasks/{id}"),
    });
    Resource::new(id, ask.project().map(str::to_owned), body)
}

/// The tasks of the image that the path names.
pub fn of_image(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let id = visible(cloud, ask, false)?.id.clone();
    let tasks = cloud.collections.get(TASKS).into_iter().flat_map(|tasks| tasks.iter());
    let own = tasks.filter(|task| task.text("image_id") == id).map(|task| Value::Object(in_detail(task)));
    ask.answer(Some(Value::Object(Map::from_iter([("tasks".to_owned(), own.collect())]))))
}

/// Here times have microseconds, and no zone.
fn in_detail(task: &Resource) -> Map {
    let mut shown = task.body.clone();
    for field in ["created_at", "updated_at", "expires_at"] {
        let time = format!("{}.000000", task.text(field).trim_end_matches('Z'));
        shown.insert(field.to_owned(), json!(time));
    }
    shown
}
