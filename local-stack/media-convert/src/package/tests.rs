use super::segments::{Segment, Segments};
use super::track::{Thumbnails, Track};
use super::{dash, hls, segments};
use crate::plan::{ThumbnailPlan, TrackMedia, TrackPlan};
use crate::ratio::Ratio;
use crate::size::Size;

fn track(plan: &TrackPlan, timescale: u32, codec: &str, list: &[(u64, u64, u64)]) -> Track<'static> {
    let plan = Box::leak(Box::new(plan.clone()));
    let list = list.iter().map(|&(start, duration, bytes)| Segment { start, duration, bytes }).collect();
    let name = format!("my film{}", plan.modifier);
    Track { plan, name, segments: Segments { codec: codec.to_owned(), timescale, list } }
}

fn video(local: &str, modifier: &str, (width, height): (u32, u32)) -> TrackPlan {
    let rate = Ratio::new(30000, 1001).unwrap();
    let media = TrackMedia::Video { size: Size { width, height }, rate };
    TrackPlan { local: local.to_owned(), modifier: modifier.to_owned(), media }
}

fn tracks() -> Vec<Track<'static>> {
    let audio = TrackMedia::Audio { channels: 2, sample_rate: 48000 };
    let audio = TrackPlan { local: "g0t2".into(), modifier: "_audio".into(), media: audio };
    let list = [(0, 180_180, 300_000), (180_180, 180_180, 200_000), (360_360, 60_060, 50_000)];
    vec![
        track(&video("g0t0", "_270p", (480, 270)), 30_000, "avc1.640015", &list),
        track(&video("g0t1", "_1440p_hevc", (2560, 1440)), 30_000, "hvc1.1.6.L150.90", &list),
        track(&audio, 48_000, "mp4a.40.2", &[(0, 288_768, 96_000), (288_768, 384_000, 128_000)]),
    ]
}

fn thumbnails() -> Thumbnails<'static> {
    let plan = ThumbnailPlan {
        local: "g0s".into(),
        size: Size { width: 160, height: 90 },
        columns: 2,
        rows: 2,
        interval_s: 2.0,
    };
    Thumbnails {
        plan: Box::leak(Box::new(plan)),
        name: "my film_thumbnails".to_owned(),
        sheets: vec![16_000, 8_000],
    }
}

#[test]
fn a_multivariant_playlist_lists_variants_audio_and_thumbnails() {
    insta::assert_snapshot!(hls::multivariant_playlist(&tracks(), &[], Some(&thumbnails())), @r#"
    #EXTM3U
    #EXT-X-VERSION:7
    #EXT-X-INDEPENDENT-SEGMENTS
    #EXT-X-STREAM-INF:BANDWIDTH=527601,AVERAGE-BANDWIDTH=441826,CODECS="avc1.640015,mp4a.40.2",RESOLUTION=480x270,FRAME-RATE=29.970,AUDIO="audio"
    my%20film_270p.m3u8
    #EXT-X-STREAM-INF:BANDWIDTH=527601,AVERAGE-BANDWIDTH=441826,CODECS="hvc1.1.6.L150.90,mp4a.40.2",RESOLUTION=2560x1440,FRAME-RATE=29.970,AUDIO="audio"
    my%20film_1440p_hevc.m3u8
    #EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="audio",NAME="Audio 1",DEFAULT=YES,AUTOSELECT=YES,CHANNELS="2",URI="my%20film_audio.m3u8"
    #EXT-X-IMAGE-STREAM-INF:BANDWIDTH=16000,RESOLUTION=160x90,CODECS="jpeg",URI="my%20film_thumbnails.m3u8"
    "#);
}

#[test]
fn audio_without_video_is_a_variant() {
    let audio = tracks().split_off(2);
    insta::assert_snapshot!(hls::multivariant_playlist(&audio, &[], None), @r#"
    #EXTM3U
    #EXT-X-VERSION:7
    #EXT-X-INDEPENDENT-SEGMENTS
    #EXT-X-STREAM-INF:BANDWIDTH=128000,AVERAGE-BANDWIDTH=127854,CODECS="mp4a.40.2"
    my%20film_audio.m3u8
    "#);
}

#[test]
fn a_media_playlist_names_every_segment() {
    insta::assert_snapshot!(hls::media_playlist(&tracks()[0]), @r#"
    #EXTM3U
    #EXT-X-VERSION:7
    #EXT-X-TARGETDURATION:6
    #EXT-X-MEDIA-SEQUENCE:1
    #EXT-X-PLAYLIST-TYPE:VOD
    #EXT-X-MAP:URI="my%20film_270pinit.cmfv"
    #EXTINF:6.006000,
    my%20film_270p_000000001.cmfv
    #EXTINF:6.006000,
    my%20film_270p_000000002.cmfv
    #EXTINF:2.002000,
    my%20film_270p_000000003.cmfv
    #EXT-X-ENDLIST
    "#);
}

#[test]
fn a_playlist_of_thumbnails_has_their_layout() {
    insta::assert_snapshot!(hls::image_playlist(&thumbnails(), 14.014), @r#"
    #EXTM3U
    #EXT-X-VERSION:7
    #EXT-X-TARGETDURATION:8
    #EXT-X-MEDIA-SEQUENCE:1
    #EXT-X-PLAYLIST-TYPE:VOD
    #EXT-X-IMAGES-ONLY
    #EXTINF:8.000000,
    #EXT-X-TILES:RESOLUTION=160x90,LAYOUT=2x2,DURATION=2.000000
    my%20film_thumbnails_000000001.jpg
    #EXTINF:6.014000,
    #EXT-X-TILES:RESOLUTION=160x90,LAYOUT=2x2,DURATION=2.000000
    my%20film_thumbnails_000000002.jpg
    #EXT-X-ENDLIST
    "#);
}

#[test]
fn a_dash_manifest_has_the_same_segments() {
    insta::assert_snapshot!(dash::manifest(&tracks(), &[], Some(&thumbnails()), 14.014), @r#"
    <?xml version="1.0" encoding="UTF-8"?>
    <MPD xmlns="urn:mpeg:dash:schema:mpd:2011" profiles="urn:mpeg:dash:profile:isoff-live:2011" type="static" mediaPresentationDuration="PT14.014S" minBufferTime="PT8.000S">
      <Period id="1" start="PT0S">
        <AdaptationSet id="1" contentType="video" mimeType="video/mp4" segmentAlignment="true" startWithSAP="1">
          <Representation id="g0t0" bandwidth="399601" codecs="avc1.640015" width="480" height="270" frameRate="30000/1001" sar="1:1">
            <SegmentTemplate timescale="30000" initialization="my%20film_270pinit.cmfv" media="my%20film_270p_$Number%09d$.cmfv" startNumber="1">
              <SegmentTimeline>
                <S t="0" d="180180" r="1"/>
                <S t="360360" d="60060"/>
              </SegmentTimeline>
            </SegmentTemplate>
          </Representation>
        </AdaptationSet>
        <AdaptationSet id="2" contentType="video" mimeType="video/mp4" segmentAlignment="true" startWithSAP="1">
          <Representation id="g0t1" bandwidth="399601" codecs="hvc1.1.6.L150.90" width="2560" height="1440" frameRate="30000/1001" sar="1:1">
            <SegmentTemplate timescale="30000" initialization="my%20film_1440p_hevcinit.cmfv" media="my%20film_1440p_hevc_$Number%09d$.cmfv" startNumber="1">
              <SegmentTimeline>
                <S t="0" d="180180" r="1"/>
                <S t="360360" d="60060"/>
              </SegmentTimeline>
            </SegmentTemplate>
          </Representation>
        </AdaptationSet>
        <AdaptationSet id="3" contentType="audio" mimeType="audio/mp4" segmentAlignment="true" startWithSAP="1">
          <Representation id="g0t2" bandwidth="128000" codecs="mp4a.40.2" audioSamplingRate="48000">
            <AudioChannelConfiguration schemeIdUri="urn:mpeg:dash:23003:3:audio_channel_configuration:2011" value="2"/>
            <SegmentTemplate timescale="48000" initialization="my%20film_audioinit.cmfa" media="my%20film_audio_$Number%09d$.cmfa" startNumber="1">
              <SegmentTimeline>
                <S t="0" d="288768"/>
                <S t="288768" d="384000"/>
              </SegmentTimeline>
            </SegmentTemplate>
          </Representation>
        </AdaptationSet>
        <AdaptationSet id="4" contentType="image" mimeType="image/jpeg">
          <SegmentTemplate timescale="1000" duration="8000" media="my%20film_thumbnails_$Number%09d$.jpg" startNumber="1"/>
          <Representation id="thumbnails" bandwidth="16000" width="320" height="180">
            <EssentialProperty schemeIdUri="http://dashif.org/guidelines/thumbnail_tile" value="2x2"/>
          </Representation>
        </AdaptationSet>
      </Period>
    </MPD>
    "#);
}

#[test]
fn an_error_of_packaging_names_the_output() {
    let folder = tempfile::tempdir().unwrap();
    let error = segments::read(folder.path(), "g0t0", "index_270p").unwrap_err();
    assert_eq!(error.to_string(), "the output 'index_270p' is empty: nothing of the input could be decoded");
    std::fs::write(folder.path().join("g0t0init.mp4"), b"no boxes").unwrap();
    let error = segments::read(folder.path(), "g0t0", "index_270p").unwrap_err();
    assert_eq!(error.to_string(), "the output 'index_270p' can't be read");
}
