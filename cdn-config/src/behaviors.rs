//! The cache behaviours of the distribution, its origins and their failover.

use contract::key::decode_path;
use http::Uri;

use crate::policy::Keep;

/// The maximum length of a URL, in bytes (CloudFront's quota, "maximum length of a URL"). CloudFront rejects longer URLs
/// before it runs a function.
pub const MAX_URL_BYTES: usize = 8192;

/// Checks the length of a URL's path and query. The error is the sentence for the viewer.
pub fn check_url_length(url: &Uri) -> Result<(), String> {
    let bytes = url.path_and_query().map_or(0, |path_and_query| path_and_query.as_str().len());
    if bytes > MAX_URL_BYTES {
        return Err(format!("the URL is longer than {MAX_URL_BYTES} bytes"));
    }
    Ok(())
}

/// An origin of the distribution.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OriginId {
    /// The bucket of originals.
    Originals,
    /// The bucket of stored variants.
    Variants,
    /// The resize service, which renders a variant, or reads a stored one.
    Resize,
    /// The upload signer.
    Signer,
    /// The page.
    Page,
}

impl OriginId {
    /// Every origin.
    pub const ALL: [Self; 5] = [Self::Originals, Self::Variants, Self::Resize, Self::Signer, Self::Page];

    /// The origin's ID in the distribution, by which the edge function selects it.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Originals => "originals",
            Self::Variants => "variants",
            Self::Resize => "resize",
            Self::Signer => "signer",
            Self::Page => "page",
        }
    }

    /// The origin with an ID. `None` if no origin has the ID.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|origin| origin.id() == id)
    }
}

/// Two origins. CloudFront asks the second if the first answers with one of the statuses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OriginGroup {
    /// The origin that is asked first.
    pub primary: OriginId,
    /// The origin that is asked if the first fails.
    pub secondary: OriginId,
    /// The statuses of the first origin that count as failure.
    pub failover_statuses: Vec<u16>,
}

/// The origin or the origins that answer a request on a cache miss.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// One origin.
    Origin(OriginId),
    /// Two origins with failover.
    Group(OriginGroup),
}

impl Target {
    /// The target of variants. If every variant is stored, it is the bucket and, if that doesn't have the variant, the
    /// resize service. S3 answers 403 instead of 404 to readers without the permission to list the bucket, and 400 if the
    /// path is too long for a key. Otherwise it is the resize service, which reads stored variants itself.
    pub fn variants(keep: Keep) -> Self {
        match keep {
            Keep::Always => Self::Group(OriginGroup {
                primary: OriginId::Variants,
                secondary: OriginId::Resize,
                failover_statuses: vec![400, 403, 404],
            }),
            Keep::Dear { .. } | Keep::Never => Self::Origin(OriginId::Resize),
        }
    }
}

/// The kind of a behaviour: methods, edge functions, caching and headers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Treatment {
    /// GET, HEAD and OPTIONS. The edge functions run, the cache key is the canonical path, and responses have the headers
    /// of [`crate::headers::MEDIA`].
    Media,
    /// The same as `Media`, with the headers of [`crate::headers::PRIVATE`] in addition: the CDN caches responses, and
    /// browsers don't.
    PrivateMedia,
    /// The same as `Media`, and the CDN compresses responses for viewers that accept it. The encoding is part of the
    /// cache key.
    Playlist,
    /// Both `PrivateMedia` and `Playlist`.
    PrivatePlaylist,
    /// Every method, without caching.
    Api,
    /// GET and HEAD. The origin's `Cache-Control` decides on caching.
    Page,
}

/// A cache behaviour: the treatment of requests whose path matches a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Behavior {
    /// The path pattern. `*` matches any text. These patterns contain it at most once.
    pub pattern: &'static str,
    /// The kind of treatment.
    pub treatment: Treatment,
    /// The origin, unless the edge function selects another.
    pub origin: OriginId,
}

/// The behaviours, in order of precedence. The last matches every path.
pub const BEHAVIORS: [Behavior; 15] = [
    Behavior { pattern: "/files/*", treatment: Treatment::Media, origin: OriginId::Originals },
    Behavior { pattern: "/private/*", treatment: Treatment::PrivateMedia, origin: OriginId::Originals },
    Behavior { pattern: "/videos/*.m3u8", treatment: Treatment::Playlist, origin: OriginId::Originals },
    Behavior { pattern: "/videos/*.mpd", treatment: Treatment::Playlist, origin: OriginId::Originals },
    Behavior { pattern: "/videos/*", treatment: Treatment::Media, origin: OriginId::Originals },
    private_playlist("/private-videos/*.m3u8"),
    private_playlist("/private-videos/*.mpd"),
    Behavior {
        pattern: "/private-videos/*",
        treatment: Treatment::PrivateMedia,
        origin: OriginId::Originals,
    },
    Behavior { pattern: "/uploads*", treatment: Treatment::Api, origin: OriginId::Signer },
    Behavior { pattern: "/s3/*", treatment: Treatment::Api, origin: OriginId::Signer },
    Behavior { pattern: "/u/*", treatment: Treatment::Api, origin: OriginId::Signer },
    Behavior { pattern: "/clients/*", treatment: Treatment::Api, origin: OriginId::Signer },
    Behavior { pattern: "/signed-urls", treatment: Treatment::Api, origin: OriginId::Signer },
    Behavior { pattern: "/library/*", treatment: Treatment::Api, origin: OriginId::Signer },
    DEFAULT,
];

const fn private_playlist(pattern: &'static str) -> Behavior {
    Behavior { pattern, treatment: Treatment::PrivatePlaylist, origin: OriginId::Originals }
}

const DEFAULT: Behavior = Behavior { pattern: "*", treatment: Treatment::Page, origin: OriginId::Page };

/// The behaviour of a percent-encoded path. CloudFront matches the decoded path, so a path with escaped letters has the
/// same behaviour.
pub fn behavior_of(path: &str) -> Behavior {
    let path = decode_path(path).unwrap_or_else(|_| path.to_owned());
    BEHAVIORS.into_iter().find(|behavior| matches(behavior.pattern, &path)).unwrap_or(DEFAULT)
}

fn matches(pattern: &str, path: &str) -> bool {
    match pattern.split_once('*') {
        Some((start, end)) => path.strip_prefix(start).is_some_and(|rest| rest.ends_with(end)),
        None => path == pattern,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_path_has_one_behaviour() {
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
        check("/library/files", OriginId::Signer);
        check("/library/files/1", OriginId::Signer);
        check("/Files/1", OriginId::Page);
    }

    #[test]
    fn playlists_are_compressed_and_segments_are_not() {
        let check = |path: &str, expected| assert_eq!(behavior_of(path).treatment, expected, "{path}");
        check("/videos/1/index.m3u8", Treatment::Playlist);
        check("/videos/1/2/index_90p.m3u8", Treatment::Playlist);
        check("/videos/1/index.mpd", Treatment::Playlist);
        check("/videos/1/index.%6D3u8", Treatment::Playlist);
        check("/videos/1/video_00001.mp4", Treatment::Media);
        check("/private-videos/~1800000000.a/1/2/index.m3u8", Treatment::PrivatePlaylist);
        check("/private-videos/1/index.mpd", Treatment::PrivatePlaylist);
        check("/private-videos/~1800000000.a/1/2/video_00001.mp4", Treatment::PrivateMedia);
        check("/files/1/a.m3u8", Treatment::Media);
    }

    #[test]
    fn every_origin_is_found_by_its_id() {
        for origin in OriginId::ALL {
            assert_eq!(OriginId::from_id(origin.id()), Some(origin));
        }
        assert_eq!(OriginId::from_id("elsewhere"), None);
    }
}
