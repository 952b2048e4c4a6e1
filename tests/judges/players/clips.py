"""Clips whose times are unusual. Each turns from black to white at `flash` seconds, when its tone begins too."""

import pathlib

import files

CODECS = ("-c:v", "libx264", "-preset", "ultrafast", "-bf", "2", "-pix_fmt", "yuv420p", "-c:a", "aac")

# A picture and a sound without this second.
HOLE = "not(between(t,1.5,2.5))"

MEDIA_TYPES = {".mp4": "video/mp4", ".mkv": "video/x-matroska", ".ts": "video/mp2t"}


def picture(seconds, flash, rate=25):
    white = f"drawbox=color=white:t=fill:enable='gte(t,{flash}-0.001)'"
    return f"color=black:size=320x180:rate={rate}:duration={seconds},{white}"


def tone(seconds, start):
    return f"aevalsrc='if(gte(t,{start}),0.5*sin(2*PI*880*t),0)':sample_rate=48000:duration={seconds}"


def late(folder, name, picture_s, sound_s):
    """A clip of six seconds whose picture or sound begins later than the other, by a number of seconds."""
    path = pathlib.Path(folder) / name
    inputs = ["-itsoffset", picture_s, "-f", "lavfi", "-i", picture(6 - picture_s, 3 - picture_s)]
    inputs += ["-itsoffset", sound_s, "-f", "lavfi", "-i", tone(6 - sound_s, 3 - sound_s)]
    files.run("ffmpeg", "-nostdin", "-v", "error", "-y", *inputs, *CODECS, "-fps_mode", "passthrough", path)
    return path


def joined(folder):
    """A transport stream whose times begin again in the middle."""
    parts = [
        files.made(folder, f"part{flash}.ts", [picture(3, flash), tone(3, flash)], *CODECS).read_bytes()
        for flash in (9, 0)
    ]
    path = pathlib.Path(folder) / "reset.ts"
    path.write_bytes(b"".join(parts))
    return path


def all_clips(folder):
    """Triples of a clip, its duration and the time of its flash, in seconds."""
    def made(name, picture_s, sound_s, flash=3, rate=25):
        source = [picture(picture_s, flash, rate), tone(sound_s, flash)]
        return files.made(folder, name, source, *CODECS)

    for rate in (5, 25, 60):
        yield made(f"{rate}-fps.mp4", 6, 6, rate=rate), 6, 3
    for container in ("mp4", "mkv"):
        yield late(folder, f"late-sound.{container}", 0, 2), 6, 3
        yield late(folder, f"late-picture.{container}", 2, 0), 6, 3
        yield made(f"long-sound.{container}", 4, 6), 6, 3
        yield made(f"20-s-of-sound.{container}", 2, 20, flash=1), 20, 1
    # The sound ends after the picture only because it begins later.
    yield late_sound_after_picture(folder), 6, 3
    source = [f"{picture(6, 3)},select='{HOLE}'", f"{tone(6, 3)},aselect='{HOLE}'"]
    yield files.made(folder, "hole.mkv", source, "-fps_mode", "passthrough", *CODECS), 6, 3
    yield joined(folder), 6, 3
    source = [picture(6, 3), tone(6, 3)]
    yield files.made(folder, "offset.ts", source, *CODECS, "-output_ts_offset", "1000"), 6, 3


def late_sound_after_picture(folder):
    path = pathlib.Path(folder) / "after-picture.mp4"
    inputs = ["-f", "lavfi", "-i", picture(4, 3), "-itsoffset", 2, "-f", "lavfi", "-i", tone(4, 1)]
    files.run("ffmpeg", "-nostdin", "-v", "error", "-y", *inputs, *CODECS, path)
    return path


def transcoded(folder):
    """The playback of each clip, for times.mjs."""
    clips = list(all_clips(folder))
    # The signer accepts transport streams only if they are listed.
    grants = [files.stored(path, MEDIA_TYPES[path.suffix]) for path, _, _ in clips]
    return [
        {"name": path.name, "seconds": seconds, "flash": flash, **files.transcoded(grant)["playback"]}
        for (path, seconds, flash), grant in zip(clips, grants)
    ]
