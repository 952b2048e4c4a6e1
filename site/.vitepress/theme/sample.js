/** Width and height of the sample in pixels. */
const [WIDTH, HEIGHT] = [1600, 1200];

/** Hills from the farthest to the nearest: the height of their line, the height of their waves, their length, their colour. */
const HILLS = [
  [700, 120, 900, "#7c93b5"],
  [820, 90, 700, "#4f7388"],
  [950, 80, 520, "#2f5a50"],
];

/** A landscape as a JPEG, drawn here. */
export async function samplePicture() {
  const canvas = Object.assign(document.createElement("canvas"), { width: WIDTH, height: HEIGHT });
  const context = canvas.getContext("2d");
  const sky = context.createLinearGradient(0, 0, 0, HEIGHT);
  for (const [stop, color] of [[0, "#2b4b8c"], [0.45, "#e8a27c"], [0.6, "#f7dba7"]]) sky.addColorStop(stop, color);
  context.fillStyle = sky;
  context.fillRect(0, 0, WIDTH, HEIGHT);
  context.fillStyle = "#fff3d0";
  context.beginPath();
  context.arc(1150, 480, 110, 0, 2 * Math.PI);
  context.fill();
  for (const [line, height, length, color] of HILLS) {
    context.fillStyle = color;
    context.beginPath();
    context.moveTo(0, HEIGHT);
    for (let x = 0; x <= WIDTH; x += 10) context.lineTo(x, line + height * Math.sin((2 * Math.PI * x) / length + line));
    context.lineTo(WIDTH, HEIGHT);
    context.fill();
  }
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.9));
  return new File([blob], "sample.jpg", { type: blob.type });
}
