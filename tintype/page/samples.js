import { element } from "./dom.js";

/** The width of a sample's small picture in CSS pixels, and the factor for dense screens. */
const SMALL_WIDTH = 132;
const DENSITY = 2;

/** The seed of the grain: the same sample has the same bytes each time, so that a duplicate is noticed. */
const SEED = 7;

/** The hills from far to near: the height of the ridge and of its waves, as parts of the picture, the number of waves, and the colour. */
const RIDGES = [
  { top: 0.5, wave: 0.05, waves: 1.4, color: "#8f86a8" },
  { top: 0.58, wave: 0.06, waves: 2.1, color: "#6f6a8e" },
  { top: 0.68, wave: 0.05, waves: 1.7, color: "#4a5470" },
  { top: 0.8, wave: 0.07, waves: 2.6, color: "#27384a" },
];

const POSTER = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 600 400" width="600" height="400">
<rect width="600" height="400" fill="#f3e6d8"/>
<g fill="none" stroke="#8a4a1d" stroke-width="9">${[30, 62, 94, 126, 158].map((radius) => `<circle cx="210" cy="200" r="${radius}"/>`).join("")}</g>
<path d="M330 330 420 90l90 240z" fill="#1d6844"/>
<circle cx="470" cy="110" r="46" fill="#e2a46c"/>
</svg>
`;

/** Pictures to try the page with, which the browser makes when they are wanted. A drawing in pixels has a function, another one its text. */
export const samples = [
  { name: "hills.jpg", type: "image/jpeg", label: "Photo", width: 1800, height: 1200, draw: drawHills },
  { name: "star.png", type: "image/png", label: "With transparency", width: 900, height: 600, draw: drawStar },
  { name: "poster.svg", type: "image/svg+xml", label: "Vector drawing", width: 600, height: 400, text: POSTER },
];

/** A small picture of a sample. */
export function smallPicture({ type, width, height, draw, text }) {
  const size = { width: SMALL_WIDTH, height: Math.round((SMALL_WIDTH * height) / width) };
  if (text) return element("img", { ...size, alt: "", src: `data:${type},${encodeURIComponent(text)}` });
  return canvasOf(size.width * DENSITY, size.height * DENSITY, draw);
}

/** The file of a sample. */
export async function fileOf({ name, type, width, height, draw, text }) {
  const content = text ?? (await new Promise((resolve) => canvasOf(width, height, draw).toBlob(resolve, type, 0.92)));
  return new File([content], name, { type });
}

function canvasOf(width, height, draw) {
  const canvas = element("canvas", { width, height, "aria-hidden": "true" });
  draw(canvas.getContext("2d"), width, height);
  return canvas;
}

/** An evening over hills, with the grain of a film. */
function drawHills(context, width, height) {
  const sky = context.createLinearGradient(0, 0, 0, 0.7 * height);
  ["#3d4f7c", "#c9818a", "#f6c992"].forEach((color, index) => sky.addColorStop(index / 2, color));
  context.fillStyle = sky;
  context.fillRect(0, 0, width, height);
  const sun = context.createRadialGradient(0.68 * width, 0.42 * height, 0, 0.68 * width, 0.42 * height, 0.4 * width);
  ["#fff6dc", "#ffe0a8aa", "#ffd08a00"].forEach((color, index) => sun.addColorStop([0, 0.12, 1][index], color));
  context.fillStyle = sun;
  context.fillRect(0, 0, width, height);
  for (const [index, { top, wave, waves, color }] of RIDGES.entries()) {
    context.fillStyle = color;
    context.beginPath();
    context.moveTo(0, height);
    for (let step = 0; step <= 200; step += 1) {
      const angle = (2 * Math.PI * waves * step) / 200 + 1.7 * index;
      const ridge = top + wave * (Math.sin(angle) + 0.35 * Math.sin(2.7 * angle + index));
      context.lineTo((width * step) / 200, height * ridge);
    }
    context.lineTo(width, height);
    context.fill();
  }
  addGrain(context, width, height);
}

function addGrain(context, width, height) {
  const image = context.getImageData(0, 0, width, height);
  let state = SEED;
  for (let index = 0; index < image.data.length; index += 4) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const grain = (state >>> 24) / 16 - 8;
    for (let channel = 0; channel < 3; channel += 1) image.data[index + channel] += grain;
  }
  context.putImageData(image, 0, 0);
}

/** A star on nothing, and a soft shadow below it. */
function drawStar(context, width, height) {
  const [x, y, radius] = [width / 2, height / 2, 0.4 * height];
  context.shadowColor = "#00000066";
  context.shadowBlur = 0.06 * height;
  context.shadowOffsetY = 0.02 * height;
  context.fillStyle = "#d9a441";
  context.beginPath();
  for (let corner = 0; corner < 10; corner += 1) {
    const [distance, angle] = [corner % 2 ? 0.45 * radius : radius, (Math.PI * corner) / 5 - Math.PI / 2];
    context.lineTo(x + distance * Math.cos(angle), y + distance * Math.sin(angle));
  }
  context.fill();
}
