//! Values as they are written in JSON, with expressions in them.

/// A [`Value`](crate::base::json::Value) as it is written in JSON. An item or the value of a field may be an expression of a type that is
/// [`ToJson`](crate::base::json::ToJson), the name of a field one in parentheses that is a text.
///
/// ```
/// use mockstack::base::json::json;
/// let (kind, id) = ("server", 7);
/// assert_eq!(json!({(kind): {"id": id, "tags": [null, "a"]}}).to_string(), r#"{"server":{"id":7,"tags":[null,"a"]}}"#);
/// ```
#[macro_export]
#[doc(hidden)]
macro_rules! mockstack_json {
    (null) => { $crate::base::json::Value::Null };
    ([ $($items:tt)* ]) => { $crate::base::json::Value::Array($crate::base::json::json!(@items [] $($items)*)) };
    ({ $($fields:tt)* }) => {
        $crate::base::json::Value::Object($crate::base::json::object!({ $($fields)* }))
    };

    (@items [ $($done:expr,)* ]) => { vec![$($done,)*] };
    (@items [ $($done:expr,)* ] null $(, $($rest:tt)*)?) => {
        $crate::base::json::json!(@items [ $($done,)* $crate::base::json::json!(null), ] $($($rest)*)?)
    };
    (@items [ $($done:expr,)* ] [ $($inner:tt)* ] $(, $($rest:tt)*)?) => {
        $crate::base::json::json!(@items [ $($done,)* $crate::base::json::json!([ $($inner)* ]), ] $($($rest)*)?)
    };
    (@items [ $($done:expr,)* ] { $($inner:tt)* } $(, $($rest:tt)*)?) => {
        $crate::base::json::json!(@items [ $($done,)* $crate::base::json::json!({ $($inner)* }), ] $($($rest)*)?)
    };
    (@items [ $($done:expr,)* ] $next:expr $(, $($rest:tt)*)?) => {
        $crate::base::json::json!(@items [ $($done,)* $crate::base::json::json!($next), ] $($($rest)*)?)
    };

    (@fields $map:ident) => {};
    (@fields $map:ident $name:tt : null $(, $($rest:tt)*)?) => {
        $map.insert($crate::base::json::json!(@name $name), $crate::base::json::json!(null));
        $crate::base::json::json!(@fields $map $($($rest)*)?)
    };
    (@fields $map:ident $name:tt : [ $($inner:tt)* ] $(, $($rest:tt)*)?) => {
        $map.insert($crate::base::json::json!(@name $name), $crate::base::json::json!([ $($inner)* ]));
        $crate::base::json::json!(@fields $map $($($rest)*)?)
    };
    (@fields $map:ident $name:tt : { $($inner:tt)* } $(, $($rest:tt)*)?) => {
        $map.insert($crate::base::json::json!(@name $name), $crate::base::json::json!({ $($inner)* }));
        $crate::base::json::json!(@fields $map $($($rest)*)?)
    };
    (@fields $map:ident $name:tt : $value:expr $(, $($rest:tt)*)?) => {
        $map.insert($crate::base::json::json!(@name $name), $crate::base::json::json!($value));
        $crate::base::json::json!(@fields $map $($($rest)*)?)
    };

    (@name $name:literal) => { $name };
    (@name ($name:expr)) => { $crate::base::json::Name::copy_of(::core::convert::AsRef::<str>::as_ref(&$name)) };
    (@name $name:ident) => { $crate::base::json::Name::copy_of(::core::convert::AsRef::<str>::as_ref(&$name)) };

    ($value:expr) => { $crate::base::json::ToJson::to_json(&$value) };
}

/// The [`Map`](crate::base::json::Map) of an object as it is written in JSON.
///
/// ```
/// use mockstack::base::json::object;
/// assert_eq!(object!({"id": 7}).len(), 1);
/// ```
#[macro_export]
#[doc(hidden)]
macro_rules! mockstack_object {
    ({ $($fields:tt)* }) => {{
        #[allow(unused_mut, reason = "there may be no fields")]
        let mut map = $crate::base::json::Map::new();
        $crate::base::json::json!(@fields map $($fields)*);
        map
    }};
}

#[doc(inline)]
pub use mockstack_json as json;
#[doc(inline)]
pub use mockstack_object as object;
