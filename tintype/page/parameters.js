/** The controls that are always visible, one for each parameter. An empty value omits the parameter. */
export const MAIN_CONTROLS = [
  { name: "w", label: "Width", kind: "number", min: 1, max: 8192, list: "rungs" },
  { name: "h", label: "Height", kind: "number", min: 1, max: 8192, list: "rungs" },
  {
    name: "fit",
    label: "Fit",
    kind: "choice",
    values: ["max", "crop", "clip", "min", "fill", "fillmax", "scale"],
    omitted: "max",
  },
  {
    name: "fm",
    label: "Format",
    kind: "choice",
    values: ["auto", "avif", "webp", "jpeg", "png", "gif", "json"],
    omitted: "auto",
  },
  { name: "q", label: "Quality", kind: "text", placeholder: "1 to 100, or auto" },
  { name: "dpr", label: "Pixel ratio", kind: "number", min: 0.5, max: 5, step: 0.25 },
];

const CROPS = [
  "center",
  "top",
  "bottom",
  "left",
  "right",
  "top,left",
  "top,right",
  "bottom,left",
  "bottom,right",
  "entropy",
  "attention",
  "faces",
];

/** The controls of all other parameters, in groups. */
export const GROUPS = [
  {
    label: "Part of the picture",
    controls: [
      { name: "crop", label: "Crop", kind: "choice", values: CROPS, omitted: "center" },
      { name: "ar", label: "Aspect", kind: "text", placeholder: "16:9" },
      { name: "fp-x", label: "Focus across", kind: "number", min: 0, max: 1, step: 0.05 },
      { name: "fp-y", label: "Focus down", kind: "number", min: 0, max: 1, step: 0.05 },
      { name: "rect", label: "Rectangle", kind: "text", placeholder: "x,y,w,h" },
      { name: "trim", label: "Trim", kind: "text", placeholder: "auto, or a colour" },
      { name: "enlarge", label: "Enlarge", kind: "flag" },
    ],
  },
  {
    label: "Changes",
    controls: [
      { name: "rot", label: "Turn left", kind: "choice", values: ["0", "90", "180", "270"], omitted: "0" },
      { name: "flip", label: "Flip", kind: "choice", values: ["none", "h", "v", "hv"], omitted: "none" },
      { name: "light", label: "Light", kind: "choice", values: ["gamma", "linear"], omitted: "gamma" },
      { name: "blur", label: "Blur", kind: "number", min: 0, max: 2000 },
      { name: "sharp", label: "Sharpen", kind: "number", min: 0, max: 100 },
      { name: "mark", label: "Mark", kind: "text", placeholder: "a name" },
      { name: "bg", label: "Background", kind: "text", placeholder: "navy, or 00f" },
    ],
  },
  {
    label: "Response",
    controls: [
      { name: "preset", label: "Preset", kind: "text", placeholder: "a name" },
      { name: "frame", label: "Frame or page", kind: "number", min: 1, max: 65535 },
      { name: "lossless", label: "Lossless", kind: "flag" },
      { name: "dl", label: "Save as", kind: "text", placeholder: "name.jpg" },
      { name: "v", label: "Version", kind: "text", placeholder: "one of yours" },
      { name: "original", label: "Original", kind: "flag" },
      { name: "explain", label: "Explain", kind: "flag" },
    ],
  },
];
