// A small generator: what reporting/in_page.py wrote, computed by hand.

const half = (bits) => {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
};

const numberReaders = {
  float16: (bytes) => Float32Array.from(new Uint16Array(bytes), half),
  float32: (bytes) => new Float32Array(bytes),
  int8: (bytes) => Float32Array.from(new Int8Array(bytes)),
};
const widths = { float16: 2, float32: 4, int8: 1 };

// The description with its arrays as Float32Arrays.
const decodeGenerator = (description) => {
  const bytes = Uint8Array.from(atob(description.numbers), (letter) => letter.charCodeAt(0));
  const read = (array) => {
    const count = array.shape.reduce((product, size) => product * size, 1);
    const piece = bytes.slice(array.at, array.at + count * widths[array.type]);
    const values = numberReaders[array.type](piece.buffer);
    if (array.scales) {
      const scales = read(array.scales);
      for (let k = 0; k < count; k++) values[k] *= scales[k % scales.length];
    }
    return values;
  };
  const steps = description.steps.map((step) => {
    const made = { ...step };
    for (const name of ["kernel", "bias"]) {
      if (step[name]) made[name] = { values: read(step[name]), shape: step[name].shape };
    }
    return made;
  });
  const tables = {};
  for (const name of description.conditions) {
    const table = description.tables[name];
    tables[name] = { values: read(table), width: table.shape[1] };
  }
  return { ...description, steps, tables };
};

const activations = {
  linear: (x) => x,
  relu: (x) => Math.max(0, x),
  leaky_relu: (x, slope) => (x < 0 ? slope * x : x),
  tanh: Math.tanh,
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
};

const operations = {
  dense: (step, x) => {
    const out = step.bias.values.slice();
    const kernel = step.kernel.values;
    for (let i = 0; i < x.length; i++) {
      if (x[i] === 0) continue;
      const row = i * out.length;
      for (let j = 0; j < out.length; j++) out[j] += x[i] * kernel[row + j];
    }
    return out;
  },
  // Every pixel paints its kernel into an image that is `stride` times as large.
  transposed: (step, x) => {
    const [height, width, channels] = step.from;
    const [rows, columns, , filters] = step.kernel.shape;
    const { stride } = step;
    const [outHeight, outWidth] = [height * stride, width * stride];
    const [top, left] = [(rows - stride) >> 1, (columns - stride) >> 1];
    const kernel = step.kernel.values;
    const out = new Float32Array(outHeight * outWidth * filters);
    for (let k = 0; k < out.length; k++) out[k] = step.bias.values[k % filters];
    for (let y = 0; y < height; y++)
      for (let z = 0; z < width; z++)
        for (let c = 0; c < channels; c++) {
          const value = x[(y * width + z) * channels + c];
          if (value === 0) continue;
          for (let r = 0; r < rows; r++) {
            const toY = y * stride + r - top;
            if (toY < 0 || toY >= outHeight) continue;
            for (let s = 0; s < columns; s++) {
              const toX = z * stride + s - left;
              if (toX < 0 || toX >= outWidth) continue;
              const from = ((r * columns + s) * channels + c) * filters;
              const to = (toY * outWidth + toX) * filters;
              for (let f = 0; f < filters; f++) out[to + f] += value * kernel[from + f];
            }
          }
        }
    return out;
  },
  cropped: (step, x) => {
    const [height, width, channels] = step.from;
    const [[top, bottom], [left, right]] = step.cuts;
    const lines = [];
    for (let y = top; y < height - bottom; y++) {
      const row = y * width;
      lines.push(...x.subarray((row + left) * channels, (row + width - right) * channels));
    }
    return Float32Array.from(lines);
  },
};

// One image in [-1, 1], row by row; `indices` is condition -> integer.
const generateImage = (generator, latents, indices) => {
  let x = [...latents];
  for (const name of generator.conditions) {
    const { values, width } = generator.tables[name];
    x.push(...values.subarray(indices[name] * width, (indices[name] + 1) * width));
  }
  for (const step of generator.steps) {
    x = operations[step.op](step, x);
    const activation = activations[step.activation];
    if (step.activation !== "linear") x = x.map((value) => activation(value, step.slope));
  }
  return x;
};
