//! Which path goes where: the cache behaviours of the distribution, its origins, and who stands in for whom.

use contract::key::decode_path;
use http::Uri;

/// The longest URL, in bytes (CloudFront's quota, "maximum length of a URL"). Longer ones don't reach a function.
pub const MAX_URL_BYTES: usize = 8192;

/// Checks the length of a URL's path and query. The error is the sentence for the viewer.
pub fn check_url_length(url: &Uri) -> Result<(), String> {
    let bytes = url.path_and_query().map_or(0, |path_and_query| path_and_query.as_str().len());
    if bytes > MAX_URL_BYTES {
        return Err(format!("the URL is longer than {MAX_URL_BYTES} bytes"));
    }
    Ok(())
}

/// A place that responses come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OriginId {
    /// The bucket of originals.
    Originals,
    /// The bucket of variants that were made before.
    Variants,
    /// The resize service, which makes and stores a variant.
    Resize,
    /// The upload signer.
    Signer,
    /// The page.
    Page,
}

impl OriginId {
    /// Every origin.
    pub const ALL: [Self; 5] = [Self::Originals, Self::Variants, Self::Resize, Self::Signer, Self::Page];

    /// Its ID in the distribution, which the edge function selects it by.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Originals => "originals",
            Self::Variants => "variants",
            Self::Resize => "resize",
            Self::Signer => "signer",
            Self::Page => "page",
        }
    }

    /// The origin that has an ID.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|origin| origin.id() == id)
    }
}

/// An origin, and one that is asked instead where the first answers with one of some statuses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OriginGroup {
    /// Asked first.
    pub primary: OriginId,
    /// Asked where the first fails.
    pub secondary: OriginId,
    /// The statuses of the first that count as failure.
    pub failover_statuses: Vec<u16>,
}

/// Who answers a request that isn't in the cache.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// One origin.
    Origin(OriginId),
    /// The first of two that has it.
    Group(OriginGroup),
}

impl Target {
    /// Where variants come from: the bucket, else the service. S3 answers 403 for what isn't there to readers
    /// that may not list.
    pub fn variants() -> Self {
        Self::Group(OriginGroup {
            primary: OriginId::Variants,
            secondary: OriginId::Resize,
            failover_statuses: vec![403, 404],
        })
    }
}

/// How requests are treated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Treatment {
    /// GET, HEAD and OPTIONS; the edge functions run; cached by the canonical path alone; the headers of
    /// [`crate::headers::MEDIA`].
    Media,
    /// The same, with the headers of [`crate::headers::PRIVATE`] on top: the CDN keeps it, browsers don't.
    PrivateMedia,
    /// Every method, never cached.
    Api,
    /// GET and HEAD, cached as the origin's `Cache-Control` says.
    Page,
}

/// What happens to requests whose path has a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Behavior {
    /// The path pattern; `*` stands for any text, and only ends a pattern here.
    pub pattern: &'static str,
    /// How they are treated.
    pub treatment: Treatment,
    /// Who answers, unless the edge function selects another.
    pub origin: OriginId,
}

/// The behaviours, in order of precedence; the last takes whatever is left.
pub const BEHAVIORS: [Behavior; 9] = [
    Behavior { pattern: "/files/*", treatment: Treatment::Media, origin: OriginId::Originals },
    Behavior { pattern: "/private/*", treatment: Treatment::PrivateMedia, origin: OriginId::Originals },
    Behavior { pattern: "/videos/*", treatment: Treatment::Media, origin: OriginId::Originals },
    Behavior { pattern: "/uploads*", treatment: Treatment::Api, origin: OriginId::Signer },
    Behavior { pattern: "/s3/*", treatment: Treatment::Api, origin: OriginId::Signer },
    Behavior { pattern: "/u/*", treatment: Treatment::Api, origin: OriginId::Signer },
    Behavior { pattern: "/clients/*", treatment: Treatment::Api, origin: OriginId::Signer },
    Behavior { pattern: "/signed-urls", treatment: Treatment::Api, origin: OriginId::Signer },
    DEFAULT,
];

const DEFAULT: Behavior = Behavior { pattern: "*", treatment: Treatment::Page, origin: OriginId::Page };

/// The behaviour for a path, still escaped. CloudFront compares the normalised path, so an escaped letter
/// makes no difference.
pub fn behavior_of(path: &str) -> Behavior {
    let path = decode_path(path).unwrap_or_else(|_| path.to_owned());
    BEHAVIORS.into_iter().find(|behavior| matches(behavior.pattern, &path)).unwrap_or(DEFAULT)
}

fn matches(pattern: &str, path: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(prefix) => path.starts_with(prefix),
        None => path == pattern,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_falls_under_one_behaviour() {
        let check = |path: &str, expected| assert_eq!(behavior_of(path).origin, expected, "{path}");
        check("/", OriginId::Page);
        check("/app.js", OriginId::Page);
        check("/files", OriginId::Page);
        check("/files/", OriginId::Originals);
        check("/files/1/cat.jpg", OriginId::Originals);
        check("/%66iles/1/cat.jpg", OriginId::Originals);
        check("/files/100%", OriginId::Originals);
        check("/private/1/cat.jpg", OriginId::Originals);
        check("/videos/1/poster.jpg", OriginId::Originals);
        check("/uploads", OriginId::Signer);
        check("/uploads/1", OriginId::Signer);
        check("/s3/params", OriginId::Signer);
        check("/u/a.b.c/s3/multipart", OriginId::Signer);
        check("/clients/webiny", OriginId::Signer);
        check("/signed-urls", OriginId::Signer);
        check("/Files/1", OriginId::Page);
    }

    #[test]
    fn every_origin_is_found_by_its_id() {
        for origin in OriginId::ALL {
            assert_eq!(OriginId::from_id(origin.id()), Some(origin));
        }
        assert_eq!(OriginId::from_id("elsewhere"), None);
    }
}
