//! The flows: each runs once without a fault while its calls are recorded, and once for every fault of every call.

use aws_sdk_s3::types::{Tag, Tagging};
use bytes::Bytes;
use cdn_config::policy::{Keep, Policy};
use contract::preset::Preset;
use http::Method;
use image::RgbImage;
use serde_json::json;
use tintype::local::names::ORIGINALS;

use super::client::{Client, Gone};
use super::facts::Shared;
use super::kind::{Kind, call_of};
use super::media::SOUND;
use super::process::Process;
use super::steps::{
    ask_server, delete, key, parts, picture, replace, signed, upload, upload_path, upload_privately,
};
use super::wire::Fault;
use super::world::World;
use crate::support::pictures::{BLUE, RED, png};
use crate::transcode::probe_results::MP4;

/// The variant that viewers ask for.
pub(crate) const QUERY: &str = "?w=64&fm=jpeg";

/// Every value of `delivery.keep`. Each variant is dear.
pub(crate) const KEEPS: [Keep; 3] = [Keep::Dear { from_milliseconds: 0 }, Keep::Always, Keep::Never];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Flow {
    /// An upload by form, checked and told to the webhook, which refuses the first message.
    Form,
    /// An upload by PUT, read as soon as it is clean.
    Put,
    /// An upload in two parts.
    Parts,
    /// An upload in parts that the client cancels.
    Canceled,
    /// An upload that is no picture.
    Refused,
    /// An upload whose type is corrected.
    Retyped,
    /// A picture with a variant is replaced.
    Replace,
    /// A picture with a variant is deleted.
    Delete,
    /// A picture is uploaded and deleted before its events are handled.
    ShortLived,
    /// A variant through the CDN: a new one, its headers, and the facts about the picture.
    Variant,
    /// A variant from a service without a CDN, before and after a replacement.
    Server,
    /// A preset of the policy, rendered before it is requested.
    Prewarm,
    /// A video from the upload to its status.
    Video,
    /// A video whose first process crashed after it had created the job.
    TakenOver,
    /// A video that is ready is deleted.
    VideoDeleted,
    /// A video is deleted while its job runs.
    VideoDropped,
    /// A picture with a variant is withdrawn: its tag says `refused`.
    Withdrawn,
    /// A private picture of a session, seen by a signed link.
    Link,
    /// Sound alone from the upload to its status.
    Sound,
    /// A private video of a session from the upload to its status, seen by a pass.
    PrivateVideo,
    /// A private video that is ready is deleted.
    PrivateVideoDeleted,
}

impl Flow {
    pub(crate) const ALL: [Self; 21] = [
        Self::Form,
        Self::Put,
        Self::Parts,
        Self::Canceled,
        Self::Refused,
        Self::Retyped,
        Self::Replace,
        Self::Delete,
        Self::ShortLived,
        Self::Variant,
        Self::Server,
        Self::Prewarm,
        Self::Video,
        Self::TakenOver,
        Self::VideoDeleted,
        Self::VideoDropped,
        Self::Withdrawn,
        Self::Link,
        Self::Sound,
        Self::PrivateVideo,
        Self::PrivateVideoDeleted,
    ];

    /// The values of `delivery.keep` with which the flow runs: all, if it asks for a variant. Each variant is dear.
    pub(crate) fn keeps(self) -> &'static [Keep] {
        match self {
            Self::Replace
            | Self::Delete
            | Self::ShortLived
            | Self::Variant
            | Self::Server
            | Self::Withdrawn
            | Self::Link => &KEEPS,
            // Without a bucket nothing is rendered in advance.
            Self::Prewarm => &[Keep::Dear { from_milliseconds: 60_000 }, Keep::Always],
            Self::Form
            | Self::Put
            | Self::Parts
            | Self::Canceled
            | Self::Refused
            | Self::Retyped
            | Self::Video
            | Self::TakenOver
            | Self::VideoDeleted
            | Self::VideoDropped
            | Self::Sound
            | Self::PrivateVideo
            | Self::PrivateVideoDeleted => &[Keep::Dear { from_milliseconds: 0 }],
        }
    }

    /// The policy of the flow's deployment.
    pub(crate) fn policy(self, keep: Keep) -> Policy {
        let mut policy = Policy { keep, ..Policy::built_in() };
        if self == Self::Prewarm {
            policy.rules.presets = [("card".to_owned(), Preset::parse("w=64&fm=jpeg").unwrap())].into();
            policy.prewarm = vec!["card".to_owned()];
        }
        policy
    }

    /// Runs the part of the flow before the recording.
    pub(crate) async fn prepare(self, world: &World, facts: &Shared) {
        let client = Client::new(world);
        match self {
            Self::Form
            | Self::Put
            | Self::Parts
            | Self::Canceled
            | Self::Refused
            | Self::Retyped
            | Self::ShortLived
            | Self::Prewarm
            | Self::Video
            | Self::Link
            | Self::Sound
            | Self::PrivateVideo => {}
            Self::VideoDeleted | Self::VideoDropped | Self::PrivateVideoDeleted => {
                facts.borrow_mut().is_video = true;
                if self == Self::PrivateVideoDeleted {
                    upload_privately(&client, facts, "clip.mp4", "video/mp4", MP4).await.unwrap();
                } else {
                    upload(&client, facts, "clip.mp4", "video/mp4", MP4).await.unwrap();
                }
                world.deliver_all().await;
                if self != Self::VideoDropped {
                    world.media.finish(&world.transcoder()).await;
                    world.deliver_all().await;
                }
                world.wire.take_writes();
            }
            Self::Replace | Self::Delete | Self::Variant | Self::Server | Self::Withdrawn => {
                upload(&client, facts, "cat.jpg", "image/jpeg", &picture(RED)).await.unwrap();
                world.deliver_all().await;
                if self != Self::Variant {
                    let path = format!("/{}{QUERY}", key(facts));
                    assert_eq!(world.view(&path).await.status, 200);
                }
            }
            Self::TakenOver => {
                facts.borrow_mut().is_video = true;
                let created = call_of(Process::Trigger, "POST media-convert/2017-08-29/jobs");
                let fault = Fault { call: created, kind: Kind::CrashAfter };
                world.wire.record(Some(fault));
                upload(&client, facts, "clip.mp4", "video/mp4", MP4).await.unwrap();
                world.deliver_until_crash().await;
                assert!(world.wire.recorded().1, "the process crashes");
            }
        }
    }

    /// Runs the flow. It ends early if its client crashes.
    pub(crate) async fn run(self, world: &World, facts: &Shared) {
        let client = Client::new(world);
        // The facts say how far the client came.
        let _: Result<(), Gone> = Box::pin(self.steps(world, &client, facts)).await;
        world.deliver_all().await;
        if facts.borrow().is_video {
            world.media.finish(&world.transcoder()).await;
            world.deliver_all().await;
        }
    }

    #[expect(clippy::too_many_lines, reason = "an arm for each flow")]
    async fn steps(self, world: &World, client: &Client<'_>, facts: &Shared) -> Result<(), Gone> {
        match self {
            Self::Form => {
                facts.borrow_mut().is_told = true;
                world.hook.refuse(1);
                upload(client, facts, "cat.jpg", "image/jpeg", &picture(RED)).await?;
            }
            Self::Put => {
                let bytes = picture(RED);
                let request = json!({
                    "filename": "cat.jpg", "type": "image/jpeg", "method": "PUT", "size": bytes.len(),
                });
                let grant = client.ask_signer("/uploads", &request).await?;
                facts.borrow_mut().granted(&grant);
                facts.borrow_mut().sends(&bytes);
                let is_stored = client.put(&grant, &bytes).await?;
                facts.borrow_mut().is_acknowledged = is_stored;
                world.deliver_all().await;
                let url = format!("http://signer/uploads/{}", facts.borrow().id().unwrap());
                let (got, _) = client.send(Method::GET, &url, &[], Bytes::new()).await?;
                assert_eq!(got.status, 200);
            }
            Self::Parts => {
                let bytes = picture(RED);
                let (upload, tags) = parts(client, facts, &bytes).await?;
                let listed: Vec<_> = tags
                    .iter()
                    .zip(1..)
                    .map(|(tag, number)| json!({ "PartNumber": number, "ETag": tag }))
                    .collect();
                client.ask_signer(&upload_path(&upload, "/complete"), &json!({ "parts": listed })).await?;
                facts.borrow_mut().is_acknowledged = true;
            }
            Self::Canceled => {
                let (upload, _) = parts(client, facts, &picture(RED)).await?;
                let url = format!("http://signer{}", upload_path(&upload, ""));
                let (got, _) = client.send(Method::DELETE, &url, &[], Bytes::new()).await?;
                assert_eq!(got.status, 200);
                facts.borrow_mut().is_canceled = true;
            }
            Self::Refused => {
                facts.borrow_mut().is_bad = true;
                upload(client, facts, "cat.png", "image/png", b"<!doctype html><script>alert(1)</script>")
                    .await?;
            }
            Self::Retyped => {
                facts.borrow_mut().is_told = true;
                let picture = RgbImage::from_pixel(64, 48, RED);
                let picture = image::DynamicImage::from(picture).to_rgba8();
                upload(client, facts, "cat.jpg", "image/jpeg", &png(&picture)).await?;
            }
            Self::Replace => replace(client, facts, &picture(BLUE), "state=pending").await?,
            Self::Withdrawn => {
                facts.borrow_mut().is_withdrawn = true;
                facts.borrow_mut().is_acknowledged = false;
                let refused = Tag::builder().key("state").value("refused").build().unwrap();
                let tags = Tagging::builder().tag_set(refused).build().unwrap();
                let put = client.s3().put_object_tagging().bucket(ORIGINALS).key(key(facts)).tagging(tags);
                facts.borrow_mut().is_acknowledged = client.run(Box::pin(put.send())).await?.is_ok();
            }
            Self::ShortLived => {
                upload(client, facts, "cat.jpg", "image/jpeg", &picture(RED)).await?;
                delete(client, facts).await?;
            }
            Self::Delete | Self::VideoDeleted | Self::VideoDropped | Self::PrivateVideoDeleted => {
                delete(client, facts).await?;
            }
            Self::Variant => {
                let path = format!("/{}", key(facts));
                for path in
                    [format!("{path}{QUERY}"), format!("{path}?fm=json"), format!("{path}?w=64&fm=png")]
                {
                    let got = world.view_persistently(&path).await;
                    assert!(matches!(got.status, 200 | 0 | 500..), "{path}: {}", got.status);
                }
                let head = world.viewed(world.other_edge(), Method::HEAD, &format!("{path}{QUERY}")).await;
                assert!(matches!(head.status, 200 | 0 | 500..), "{}", head.status);
            }
            Self::Server => {
                let path = format!("http://server/{}/w=64,fm=jpeg", key(facts));
                ask_server(client, world, &path, Method::GET).await?;
                ask_server(client, world, &path, Method::HEAD).await?;
                replace(client, facts, &picture(BLUE), "state=clean").await?;
                ask_server(client, world, &path, Method::GET).await?;
            }
            Self::Prewarm => {
                facts.borrow_mut().is_prewarmed = true;
                upload(client, facts, "cat.jpg", "image/jpeg", &picture(RED)).await?;
            }
            Self::Video => {
                facts.borrow_mut().is_video = true;
                facts.borrow_mut().is_told = true;
                upload(client, facts, "clip.mp4", "video/mp4", MP4).await?;
            }
            Self::TakenOver => {}
            Self::Link => {
                let session = upload_privately(client, facts, "cat.jpg", "image/jpeg", &picture(RED)).await?;
                world.deliver_all().await;
                let link = signed(client, &session, &format!("/{}{QUERY}", key(facts))).await?;
                world.view_persistently(&link).await;
                facts.borrow_mut().link = Some(link);
            }
            Self::Sound => {
                facts.borrow_mut().is_video = true;
                facts.borrow_mut().is_sound = true;
                facts.borrow_mut().is_told = true;
                upload(client, facts, SOUND, "video/mp4", MP4).await?;
            }
            Self::PrivateVideo => {
                facts.borrow_mut().is_video = true;
                facts.borrow_mut().is_told = true;
                let session = upload_privately(client, facts, "clip.mp4", "video/mp4", MP4).await?;
                world.deliver_all().await;
                let status = format!("/private-videos/{}/status.json", facts.borrow().id().unwrap());
                let pass = signed(client, &session, &status).await?;
                world.view_persistently(&pass).await;
                facts.borrow_mut().link = Some(pass);
            }
        }
        Ok(())
    }
}
