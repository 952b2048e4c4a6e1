use super::*;

#[test]
fn canonical_text_is_read_and_written_unchanged() {
    for text in [
        "fm=webp",
        "w=640,fm=auto.avif",
        "h=1,fm=png",
        "w=640,h=480,fit=crop,crop=top,q=75,fm=webp",
        "w=8192,h=8192,fit=crop,bg=80ff0000,q=100,fm=jpeg",
        "w=16,fit=clip,fm=auto.base",
        "w=16,q=auto,fm=auto.base",
        "q=auto,fm=jpeg",
        "fm=json",
        "w=640,h=480,fit=fill,bg=ffffff,fm=jpeg",
        "w=640,h=480,fit=fillmax,fm=png",
        "w=640,h=480,fit=scale,fm=png",
        "w=640,h=480,fit=crop,enlarge=1,crop=attention,fm=png",
        "w=640,h=480,fit=crop,crop=entropy,fm=png",
        "w=640,h=480,fit=crop,crop=faces,fm=png",
        "w=640,h=480,fit=crop,fp-x=0,fp-y=1,fm=png",
        "w=640,h=480,fit=crop,fp-x=0.125,fp-y=0.5,fm=png",
        "rect=0-10-300-1000000,rot=270,flip=h,trim=auto,blur=2000,sharp=100,fm=png",
        "trim=80ffffff,fm=png",
        "w=16,lossless=1,fm=auto.webp",
        "q=75,frame=65535,fm=webp",
        "lossless=1,frame=2,fm=webp",
        "frame=1,fm=gif",
        "w=16,v=2026-11-22T09~3A20~3A00Z,fm=auto.webp",
        "v=a._~3A~7E-1,fm=json",
        "w=16,frame=2,explain=1,v=1,fm=webp",
    ] {
        assert_eq!(text.parse::<Variant>().map(|v| v.to_string()).as_deref(), Ok(text));
        assert!(looks_canonical(text));
    }
}

#[test]
fn text_in_another_form_is_rejected() {
    for text in [
        "",
        "w=640",
        "fm=auto",
        "fm=webp,w=640",
        "w=0640,fm=webp",
        "w=+640,fm=webp",
        "w=0,fm=webp",
        "w=8193,fm=webp",
        "w=640,w=640,fm=webp",
        "w=640,h=480,fit=max,fm=webp",
        "w=640,fit=crop,fm=webp",
        "w=640,h=480,crop=top,fm=webp",
        "w=640,h=480,fit=crop,crop=center,fm=webp",
        "fit=clip,fm=webp",
        "q=75,fm=png",
        "q=auto,fm=png",
        "q=auto,fm=json",
        "q=Auto,fm=webp",
        "q=auto.webp,fm=webp",
        "q=101,fm=webp",
        "bg=fff,fm=webp",
        "bg=FFFFFF,fm=webp",
        "w=640,x=1,fm=webp",
        "w=640,,fm=webp",
        "w=640,fm=json",
        "bg=ffffff,fm=json",
        "q=75,fm=json",
        "frame=1,fm=json",
        "q=75,fm=gif",
        "lossless=0,fm=webp",
        "lossless=1,fm=png",
        "lossless=1,fm=auto.base",
        "q=75,lossless=1,fm=webp",
        "frame=0,fm=webp",
        "frame=65536,fm=webp",
        "v=,fm=webp",
        "explain=0,fm=webp",
        "explain=1,fm=json",
        "v=a b,fm=webp",
        "v=%41,fm=webp",
        "v=~41,fm=webp",
        "v=a:1,fm=webp",
        "v=a~,fm=webp",
        "v=a~2F,fm=webp",
        "v=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa,fm=webp",
        "v=1,frame=1,fm=webp",
        "frame=2,lossless=1,fm=webp",
        "rot=90,fm=json",
        "rect=0-0-1-1,fm=json",
        "trim=auto,fm=json",
        "blur=1,fm=json",
        "sharp=1,fm=json",
        "w=640,h=480,fit=min,fm=webp",
        "w=640,fit=fill,fm=webp",
        "w=640,h=480,fit=crop,enlarge=0,fm=webp",
        "w=640,h=480,fit=crop,crop=focalpoint,fm=webp",
        "w=640,h=480,fit=crop,fp-x=0.5,fp-y=0.5,fm=webp",
        "w=640,h=480,fit=crop,fp-x=0.1,fm=webp",
        "w=640,h=480,fit=crop,fp-x=0.1234,fp-y=0,fm=webp",
        "w=640,h=480,fit=crop,fp-x=.1,fp-y=0,fm=webp",
        "w=640,h=480,fit=crop,fp-x=NaN,fp-y=0,fm=webp",
        "fp-x=0.1,fp-y=0,fm=webp",
        "rect=0-10-300-0,fm=png",
        "rect=0-10-300-1000001,fm=png",
        "rect=0-10-300-100-1,fm=png",
        "rot=0,fm=png",
        "rot=45,fm=png",
        "rot=360,fm=png",
        "rot=4294967295,fm=png",
        "flip=v,fm=png",
        "blur=0,fm=png",
        "blur=2001,fm=png",
        "sharp=101,fm=png",
        "trim=white,fm=png",
        "blur=1,rot=90,fm=png",
    ] {
        assert_eq!(text.parse::<Variant>(), Err(NotCanonical), "{text:?}");
    }
}

#[test]
fn a_file_name_is_not_mistaken_for_a_variant() {
    for name in ["cat.jpg", "fm=", "a,fm=b.jpg?", "fm=webp.1", "fm=webp,a"] {
        assert!(!looks_canonical(name), "{name:?}");
    }
}
