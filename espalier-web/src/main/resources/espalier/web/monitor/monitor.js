import { api, events, html, json, render, useEffect, useRef, useState } from "./espalier.js";
import uPlot from "./vendor/uplot.mjs";

const BLUE = "#2f6fb7";
const ORANGE = "#d9730d";
const GREY = "#8a94a0";

const dark = () => matchMedia("(prefers-color-scheme: dark)").matches;

function axis(extra = {}) {
  const ink = dark() ? "#c8d0da" : "#3b4450";
  const line = dark() ? "#39424e" : "#e3e7ec";
  return { stroke: ink, grid: { stroke: line, width: 1 }, ticks: { stroke: line, width: 1 }, ...extra };
}

/** A chart of uPlot that follows its data and the width of its place. */
function Chart({ title, series, data, label, ticks }) {
  const place = useRef(null);
  const chart = useRef(null);
  useEffect(() => {
    const size = () => ({ width: Math.max(240, place.current.clientWidth), height: 260 });
    const options = {
      ...size(),
      title,
      scales: { x: { time: false } },
      axes: [axis({ label: "batch", labelSize: 20 }), axis({ size: 64, ...(ticks && { values: (_, at) => at.map(ticks) }) })],
      series: [{ label: "batch" }, ...series],
    };
    chart.current = new uPlot(options, data, place.current);
    const watch = new ResizeObserver(() => chart.current.setSize(size()));
    watch.observe(place.current);
    return () => {
      watch.disconnect();
      chart.current.destroy();
    };
  }, []);
  useEffect(() => chart.current.setData(data), [data]);
  return html`<figure role="img" aria-label=${label} ref=${place}></figure>`;
}

/** Points and the validation losses, which have their own batches, as the columns of one chart. */
function losses(points, epochs) {
  const valid = new Map(epochs.filter((row) => row.valid_loss !== undefined).map((row) => [row.batch, row.valid_loss]));
  const known = new Map(points.map((point) => [point[0], point]));
  const x = [...new Set([...known.keys(), ...valid.keys()])].sort((a, b) => a - b);
  return [
    x,
    x.map((batch) => known.get(batch)?.[1] ?? null),
    x.map((batch) => known.get(batch)?.[2] ?? null),
    x.map((batch) => valid.get(batch) ?? null),
  ];
}

const decimal = (value) => (value === undefined || value === null ? "n/a" : Number(value).toFixed(4));

/** Rates are small: 0.0003 as 3e-4. */
const rate = (lr) => (lr === null || lr === undefined ? "--" : lr === 0 ? "0" : Number(lr.toPrecision(3)).toExponential());

function Epochs({ rows }) {
  if (!rows.length) return html`<p>The first epoch is not done yet.</p>`;
  const metrics = [...new Set(rows.flatMap((row) => Object.keys(row.metrics || {})))];
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Epochs">
    <table>
      <thead>
        <tr>
          ${["phase", "epoch", "train loss", "valid loss", ...metrics, "seconds"].map((name) => html`<th scope="col">${name}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) => html`<tr>
            <td>${row.phase}</td>
            <td>${row.epoch}</td>
            <td>${decimal(row.train_loss)}</td>
            <td>${decimal(row.valid_loss)}</td>
            ${metrics.map((name) => html`<td>${decimal(row.metrics[name])}</td>`)}
            <td>${Number(row.seconds).toFixed(1)}</td>
          </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

function Picture({ version }) {
  const [url, setUrl] = useState("");
  useEffect(() => {
    if (!version) return;
    let made = "";
    api("api/batch")
      .then((response) => response.blob())
      .then((blob) => {
        made = URL.createObjectURL(blob);
        setUrl(made);
      })
      .catch(() => {});
    return () => made && URL.revokeObjectURL(made);
  }, [version]);
  return url ? html`<section class="batch"><h2>The present batch</h2><img src=${url} alt="Pictures of the present batch with their labels" /></section>` : null;
}

const ended = (status) => status === "done" || status.startsWith("stopped");

function said(state, connected) {
  if (ended(state.status)) return state.status === "done" ? "The training is done." : `The training was ${state.status}.`;
  if (!connected) return "The page is not connected: the training has ended, or its process was stopped.";
  if (state.status === "stopping") return "Stopping after this batch ...";
  return `${state.cycle}, epoch ${state.epoch}, batch ${state.done} of ${state.total}`;
}

/** What an event changes. */
function changed(state, name, value) {
  if (name === "epoch") return { ...state, epochs: [...state.epochs.filter((row) => row.batch !== value.batch), value] };
  const last = state.points.length ? state.points[state.points.length - 1][0] : -1;
  const points = [...state.points, ...value.points.filter((point) => point[0] > last)];
  return { ...state, ...value, points: points.length > 8000 ? points.filter((_, i) => i % 2 === 0) : points };
}

function Monitor() {
  const [state, setState] = useState(null);
  const [connected, setConnected] = useState(true);
  const [picture, setPicture] = useState(0);
  const [note, setNote] = useState("");
  const [problem, setProblem] = useState("");
  const leave = useRef(() => {});

  useEffect(() => {
    const load = () => json("api/state").then(setState).catch((failure) => setProblem(failure.message));
    load();
    leave.current = events(
      "api/events",
      (name, value) => {
        if (name === "picture") setPicture(value.batch);
        else if (name === "saved") setNote(value.error ? `Not saved: ${value.error}` : `Saved ${value.file}.`);
        else setState((old) => old && changed(old, name, value));
      },
      (now) => {
        setConnected(now);
        if (now) load();
      },
    );
    return leave.current;
  }, []);

  // A training that has ended does not come back: nothing is left to listen to.
  const status = state ? state.status : "";
  useEffect(() => {
    if (ended(status)) leave.current();
  }, [status]);

  async function ask(path, words) {
    setProblem("");
    try {
      await json(path, {});
      setNote(words);
    } catch (failure) {
      setProblem(failure.message);
    }
  }

  if (!state) return html`<h1>Training</h1>${problem && html`<p class="error" role="alert">${problem}</p>`}`;
  const over = ended(state.status) || !connected;
  return html`
    <div class="head">
      <h1>Training</h1>
      <div class="buttons">
        ${state.saves && html`<button class="secondary" disabled=${over} onClick=${() => ask("api/save", "Saving after this batch ...")}>Save the model</button>`}
        <button disabled=${over || state.status === "stopping"} onClick=${() => ask("api/stop", "")}>Stop</button>
      </div>
    </div>
    <p role="status" id="status">${said(state, connected)}</p>
    <progress value=${state.done} max=${Math.max(1, state.total)} aria-label="Progress"></progress>
    ${note && html`<p role="status" id="note">${note}</p>`} ${problem && html`<p class="error" role="alert">${problem}</p>`}
    <div class="charts">
      <${Chart}
        title="Loss"
        label="Loss by batch: of the batch, smoothed, and of validation"
        data=${losses(state.points, state.epochs)}
        series=${[
          { label: "of the batch", stroke: GREY, width: 1, spanGaps: true },
          { label: "training", stroke: BLUE, width: 2, spanGaps: true },
          { label: "validation", stroke: ORANGE, width: 2, spanGaps: true, points: { show: true, size: 8 } },
        ]}
      />
      <${Chart}
        title="Learning rate"
        label="Learning rate of the last group by batch"
        data=${[state.points.map((point) => point[0]), state.points.map((point) => point[3])]}
        ticks=${rate}
        series=${[{ label: "rate", stroke: BLUE, width: 2, value: (_, lr) => rate(lr) }]}
      />
    </div>
    <h2>Epochs</h2>
    <${Epochs} rows=${state.epochs} />
    <${Picture} version=${picture} />
  `;
}

const page = document.getElementById("page");
page.replaceChildren();
render(html`<${Monitor} />`, page);
