//! Declares the properties of resources: structs that read names in `PascalCase` and refuse others.

macro_rules! properties {
    ($($(#[$meta:meta])* $name:ident { $($(#[$field_meta:meta])* $field:ident: $type:ty,)* })*) => {
        $(
            $(#[$meta])*
            #[derive(Clone, Debug, Deserialize)]
            #[serde(rename_all = "PascalCase", deny_unknown_fields)]
            pub(crate) struct $name { $($(#[$field_meta])* pub(crate) $field: $type,)* }
        )*
    };
}
