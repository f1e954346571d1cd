//! Glance's tasks: what became of imports. Those that the API imports by are made by the way; nobody makes others.

use jiff::{SignedDuration, Timestamp};

use crate::base::json::{Map, Value, json, object};
use crate::cloud::store::{Cloud, Fault, Resource, nova_time};
use crate::cloud::verb::{Answer, Ask, Missing, Order, Owner, ResourceType, visible};
use crate::contract::Dialect;

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
