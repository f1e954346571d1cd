//! Random documents and schemas, the same in each run.

use std::collections::BTreeMap;

use mockstack::base::json::{Map, Value, json};
use mockstack::contract::Contracts;

/// Numbers that are as good as random (splitmix64).
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Random {
        Random(seed)
    }

    /// A number from 0, less than `n`.
    pub fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % n.max(1) as u64) as usize
    }

    pub fn of<T: Clone>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())].clone()
    }
}

/// Values of every kind.
pub fn any_value(random: &mut Random) -> Value {
    let long = "x".repeat(256);
    let all = [
        json!(null),
        json!(true),
        json!(0),
        json!(1),
        json!(-1),
        json!(7),
        json!(1.0),
        json!(1.5),
        json!(""),
        json!("a"),
        json!("b"),
        json!("abc"),
        json!("a\n"),
        json!(" a"),
        json!("10"),
        json!("1.2.3.4"),
        json!("::1"),
        json!("none"),
        json!("auto"),
        json!("155d900f-4e14-4e4c-a73d-069cbf4541e6"),
        json!([]),
        json!(["a"]),
        json!(["a", "a"]),
        json!([1, 1.0]),
        json!({}),
        json!({"a": 1}),
        json!({"b": "b", "x1": null}),
        json!({"tag": "t"}),
        json!(long),
    ];
    random.of(&all)
}

/// Changes a few places of a document: a value replaced, a field dropped, a field added. One of three stays as it is.
pub fn mutate(document: &mut Value, random: &mut Random) {
    for _ in 0..random.below(3) {
        change(document, random);
    }
}

fn change(value: &mut Value, random: &mut Random) {
    let go_on = random.below(5) > 0;
    match value {
        Value::Object(map) if !map.is_empty() && go_on => {
            let names: Vec<String> = map.iter().map(|(name, _)| name.to_string()).collect();
            let name = random.of(&names);
            match random.below(6) {
                0 => drop(map.remove(name.as_str())),
                1 => add(map, random),
                _ => {
                    map.iter_mut().filter(|(own, _)| own.as_str() == name).for_each(|(_, value)| change(value, random))
                }
            }
        }
        Value::Array(items) if !items.is_empty() && go_on => {
            let index = random.below(items.len());
            match random.below(4) {
                0 => drop(items.remove(index)),
                1 => items.push(items[index].clone()),
                _ => change(&mut items[index], random),
            }
        }
        value => *value = any_value(random),
    }
}

fn add(map: &mut Map, random: &mut Random) {
    let name = random.of(&["a", "b", "c", "x1", "y", "tag", "name", "tags", "description"]);
    map.insert(name, any_value(random));
}

/// A random schema, as JSON.
#[derive(Clone, Debug)]
pub struct Schema(Value);

impl Schema {
    /// A schema of objects, at most so deep.
    pub fn any(random: &mut Random, depth: usize) -> Schema {
        Schema(object(random, depth))
    }

    /// One that is known.
    pub fn of(schema: Value) -> Schema {
        Schema(schema)
    }

    pub fn json(&self) -> &Value {
        &self.0
    }

    /// Changes it in one place.
    pub fn change(&mut self, random: &mut Random) {
        change_schema(&mut self.0, random, 3);
    }
}

fn change_schema(schema: &mut Value, random: &mut Random, depth: usize) {
    let fields: Vec<String> =
        schema["properties"].as_object().into_iter().flatten().map(|(name, _)| name.to_string()).collect();
    match random.below(10) {
        0..5 if !fields.is_empty() => {
            change_schema(&mut schema["properties"][random.of(&fields).as_str()], random, depth - 1)
        }
        5..7 if schema.get("items").is_some() => change_schema(&mut schema["items"], random, depth.max(1) - 1),
        7 if schema["type"] == json!("object") => {
            let other = object(random, 1);
            for key in ["required", "additionalProperties", "patternProperties"] {
                match other.get(key) {
                    Some(value) => schema[key] = value.clone(),
                    None => drop(schema.as_object_mut().unwrap().remove(key)),
                }
            }
        }
        8 if schema["type"] == json!("object") => {
            schema["properties"][random.of(&["a", "b", "c", "d"])] = any_schema(random, depth.max(1) - 1);
        }
        _ => *schema = any_schema(random, depth.min(2)),
    }
}

fn any_schema(random: &mut Random, depth: usize) -> Value {
    match random.below(if depth == 0 { 6 } else { 10 }) {
        0 => json!({"type": random.of(&["integer", "boolean", "null", "number", "string"])}),
        1 => json!({"type": [random.of(&["integer", "null"]), "string"]}),
        2 => random.of(&[
            json!({"enum": ["a", "b", 1]}),
            json!({"enum": ["a", null]}),
            json!({"type": "string", "enum": ["a", "b", "abc"]}),
        ]),
        3 => {
            let (least, most) = (random.below(3), 2 + random.below(300));
            random.of(&[
                json!({"type": "string", "minLength": least, "maxLength": most}),
                json!({"type": "string", "pattern": "^[a-c]*$"}),
                json!({"maxLength": most}),
            ])
        }
        4 => json!({"type": "string", "format": random.of(&["uuid", "ipv4", "ipv6", "name"])}),
        5 => {
            let (least, most) = (random.below(3), random.below(9));
            random.of(&[
                json!({"type": ["integer", "string"], "minimum": least}),
                json!({"type": "number", "maximum": most}),
                json!({"type": "number", "exclusiveMinimum": least}),
            ])
        }
        6 => {
            let mut list = json!({"type": "array", "items": any_schema(random, depth - 1)});
            if random.below(2) == 0 {
                list["maxItems"] = json!(random.below(4));
                list["uniqueItems"] = json!(random.below(2) == 0);
            }
            list
        }
        7 => {
            let forms: Vec<Value> = (0..2 + random.below(2)).map(|_| any_schema(random, depth - 1)).collect();
            if random.below(2) == 0 { json!({"oneOf": forms}) } else { json!({"anyOf": forms}) }
        }
        8 => json!({"allOf": [any_schema(random, depth - 1), any_schema(random, 0)]}),
        _ => object(random, depth),
    }
}

fn object(random: &mut Random, depth: usize) -> Value {
    let mut properties = Map::new();
    for name in ["a", "b", "c"] {
        if random.below(3) > 0 {
            properties.insert(name, any_schema(random, depth.max(1) - 1));
        }
    }
    let mut schema = json!({"type": "object", "properties": Value::Object(properties)});
    if random.below(2) == 0 {
        schema["required"] = json!([random.of(&["a", "b", "c"])]);
    }
    match random.below(4) {
        0 => schema["additionalProperties"] = any_schema(random, 0),
        1 | 2 => schema["additionalProperties"] = json!(false),
        _ => {}
    }
    if random.below(4) == 0 {
        let pattern = random.of(&["^x", "^[a-z][0-9]$", "^y"]);
        schema["patternProperties"] = json!({pattern: any_schema(random, 0)});
    }
    schema
}

/// A contract of one operation, `law.rows.all`, with that schema of its body.
pub fn with_body(body: &str) -> Contracts {
    let service = "service: law\nmount: /law\nroot: /v1\ncatalog: {type: law, name: law, path: /law}\nbody_limit: 1\ndialect: nova\n";
    let rows =
        format!("operations:\n  all: {{route: POST /all, request: {{body: {body}}}, responses: {{200: {{}}}}}}\n");
    let file = |name: &str, text: &str| (format!("contracts/law/v1/{name}.yaml"), text.to_owned());
    Contracts::from_files(BTreeMap::from([file("service", service), file("rows", &rows)]))
        .unwrap_or_else(|error| panic!("{error}\n{rows}"))
}
