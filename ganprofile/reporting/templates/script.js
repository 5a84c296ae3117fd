"use strict";

// Tables: a click on a column's head sorts by it, a second one the other way round.
for (const table of document.querySelectorAll("table.sortable")) {
  const heads = [...table.tHead.rows[0].cells];
  const value = (row, column) => {
    const cell = row.cells[column];
    return cell.dataset.value === undefined ? cell.textContent : Number(cell.dataset.value);
  };
  const order = (a, b) =>
    typeof a === "number" && typeof b === "number"
      ? a - b
      : String(a).localeCompare(String(b), undefined, { numeric: true });
  heads.forEach((head, column) =>
    head.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      heads.forEach((other) => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const rows = [...table.tBodies[0].rows];
      rows.sort((a, b) => (down ? -1 : 1) * order(value(a, column), value(b, column)));
      table.tBodies[0].append(...rows);
    })
  );
}

// Where a pointer is in the units of an SVG.
const across = (svg, event) => {
  const box = svg.getBoundingClientRect();
  return ((event.clientX - box.left) / box.width) * svg.viewBox.baseVal.width;
};
const nearest = (points, x) =>
  points.reduce((best, point) => (Math.abs(point[0] - x) < Math.abs(best[0] - x) ? point : best));

for (const figure of document.querySelectorAll("figure.chart")) {
  const svg = figure.querySelector("svg");
  const said = figure.querySelector("figcaption output");
  const source = figure.querySelector("script");
  const pointer = figure.querySelector(".pointer");
  if (source) {
    const chart = JSON.parse(source.textContent);
    svg.addEventListener("pointermove", (event) => {
      const x = across(svg, event);
      const found = chart.lines.map((line) => [line.said, nearest(line.data, x)]);
      const [place, , number] = nearest(found.map(([, point]) => point), x);
      pointer.setAttribute("x1", place);
      pointer.setAttribute("x2", place);
      pointer.style.visibility = "visible";
      const here = found.filter(([, point]) => point[2] === number);
      said.textContent = `${chart.x} ${number}: ` + here.map(([n, p]) => `${n} ${p[3]}`).join(", ");
    });
    svg.addEventListener("pointerleave", () => {
      pointer.style.visibility = "hidden";
      said.textContent = "";
    });
  } else {
    // Bars say their own text, rows their title.
    svg.addEventListener("pointermove", (event) => {
      const row = event.target.closest(".interval");
      said.textContent =
        event.target.dataset.text || (row ? row.querySelector("title").textContent : "");
    });
  }
}

// Epochs: the slider changes the picture and the bars, and a button moves the slider.
const SECONDS_AN_EPOCH = 0.3;
for (const room of document.querySelectorAll(".epochs")) {
  const data = JSON.parse(room.querySelector(":scope > script").textContent);
  const slider = room.querySelector("input");
  const picture = room.querySelector("img");
  const groups = [...room.querySelectorAll("figure.chart")].map((figure) => ({
    height: Number(figure.querySelector("svg").dataset.height),
    bars: [...figure.querySelectorAll("g")].map((group) => [...group.children]),
  }));
  const texts = groups.map((group) => group.bars.map((bars) => bars.map((bar) => bar.dataset.text)));
  const show = () => {
    const k = Number(slider.value);
    room.querySelector("label output").textContent = data.numbers[k];
    if (picture) {
      picture.src = data.pictures[data.shown[k]];
      picture.alt = data.alts[data.shown[k]];
    }
    groups.forEach((group, h) => {
      // One scale for all that lie over each other.
      const most = Math.max(1, ...data.counts[h].flatMap((counts) => counts[k]));
      group.bars.forEach((bars, n) => {
        const counts = data.counts[h][n][k];
        bars.forEach((bar, b) => {
          const height = (group.height * counts[b]) / most;
          bar.setAttribute("height", height);
          bar.setAttribute("y", group.height - height);
          bar.dataset.text = `${texts[h][n][b]}: ${counts[b]}`;
        });
      });
    });
  };
  slider.addEventListener("input", show);
  show();
  const button = room.querySelector("button");
  let playing = null;
  const pause = () => {
    clearInterval(playing);
    playing = null;
    button.textContent = "Play";
  };
  const forward = () => {
    slider.value = Number(slider.value) + 1;
    show();
    if (slider.value === slider.max) pause();
  };
  const play = () => {
    if (slider.value === slider.max) slider.value = 0;
    show();
    button.textContent = "Pause";
    playing = setInterval(forward, 1000 * SECONDS_AN_EPOCH);
  };
  if (button && data.numbers.length > 1) {
    button.hidden = false;
    button.addEventListener("click", () => (playing === null ? play() : pause()));
    slider.addEventListener("pointerdown", pause);
  }
}
