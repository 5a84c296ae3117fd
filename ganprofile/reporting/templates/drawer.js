// The panel that draws: a text or a row of images, for latents between two that were chosen by lot.
const UNTOLD = 8; // images of a generator that is told no class
const MOST_SHOWN = 12; // classes, where there is no text

const lot = (seed) => () => {
  seed = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
};
const normal = (random) =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
const noise = (seed, count) => {
  const random = lot(seed);
  return Array.from({ length: count }, () => normal(random));
};
// Along the sphere on which nearly all noise lies.
const between = (here, there, share) => {
  const dot = here.reduce((sum, value, k) => sum + value * there[k], 0);
  const angle = Math.acos(Math.min(1, Math.max(-1, dot / (Math.hypot(...here) * Math.hypot(...there)))));
  if (angle < 1e-6) return here;
  const [a, b] = [Math.sin((1 - share) * angle), Math.sin(share * angle)];
  return here.map((value, k) => (a * value + b * there[k]) / Math.sin(angle));
};

for (const room of document.querySelectorAll(".drawer")) {
  const data = JSON.parse(room.querySelector("script").textContent);
  const generator = decodeGenerator(data.generator);
  const [height, width, channels] = generator.shape;
  const canvas = room.querySelector("canvas");
  const text = room.querySelector("input[type=text]");
  const slider = room.querySelector("input[type=range]");
  const said = room.querySelector("output");
  let seed = 0;

  // The class of a character, of the other case where there is none.
  const classOf = (letter) =>
    [letter, letter.toUpperCase(), letter.toLowerCase()]
      .map((one) => data.labels.indexOf(one))
      .find((index) => index >= 0);
  const wanted = () => {
    if (!text) {
      const known = data.labels.slice(0, MOST_SHOWN);
      return known.length ? [...known.keys()] : [...Array(UNTOLD).keys()];
    }
    const letters = [...text.value.normalize("NFC")];
    const unknown = letters.filter((one) => one.trim() && classOf(one) === undefined);
    said.textContent = unknown.length ? `It has not learned: ${[...new Set(unknown)].join(" ")}` : "";
    return letters.map((one) => (one.trim() ? classOf(one) : null)).filter((k) => k !== undefined);
  };
  const indices = (index) => {
    const chosen = { label: index };
    for (const one of room.querySelectorAll("select")) chosen[one.dataset.condition] = Number(one.value);
    return chosen;
  };
  const latents = (place) => {
    const own = data.labels.length ? 0 : 2 * place; // all letters of a text in one handwriting
    const ends = [seed + own, seed + own + 1].map((one) => noise(one, generator.latents));
    return between(...ends, Number(slider.value) / 100);
  };
  const paint = (image, left, context) => {
    const pixels = context.createImageData(width, height);
    for (let k = 0; k < width * height; k++) {
      for (let c = 0; c < 3; c++) {
        const value = image[k * channels + (channels === 1 ? 0 : c)];
        pixels.data[4 * k + c] = 255 - Math.round((value + 1) * 127.5); // ink on paper
      }
      pixels.data[4 * k + 3] = 255;
    }
    context.putImageData(pixels, left, 0);
  };
  const draw = () => {
    const places = wanted();
    canvas.width = Math.max(1, places.length) * width;
    canvas.height = height;
    canvas.style.aspectRatio = `${canvas.width} / ${height}`;
    canvas.style.maxWidth = `${(canvas.width / width) * 6}rem`;
    const context = canvas.getContext("2d");
    context.fillStyle = "#fff";
    context.fillRect(0, 0, canvas.width, height);
    places.forEach((index, place) => {
      if (index === null) return;
      paint(generateImage(generator, latents(place), indices(index)), place * width, context);
    });
  };
  room.querySelector("button").addEventListener("click", () => {
    seed += 1000;
    draw();
  });
  room.addEventListener("input", draw);
  draw();
}
