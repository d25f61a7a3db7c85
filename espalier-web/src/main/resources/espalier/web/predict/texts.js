// The prediction page of a model of texts: a box, the answers, and what decided.
import { api, html, useRef, useState } from "./espalier.js";
import { percent, said } from "./cards.js";

const TOP = 20;
const ROWS = 5;
let nextId = 1;

const post = async (path, text) => {
  const response = await api(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ text }),
  });
  return response.json();
};

function Why({ ngrams }) {
  return html`<p class="ngrams">${ngrams.length ? "For and against it:" : "Nothing in this text is known to the model."}</p>
    <ul class="ngrams">${ngrams.map((one) => html`<li key=${one.ngram} class=${one.weight > 0 ? "for" : "against"}>
      <code>${one.ngram.replaceAll(" ", "\u2423")}</code> ${one.weight > 0 ? "+" : "\u2212"}${Math.abs(one.weight).toFixed(2)}</li>`)}</ul>`;
}

function Row({ item, onWhy, onRemove }) {
  const { answer, error } = item;
  const top = answer?.probabilities ? Object.entries(answer.probabilities).sort((a, b) => b[1] - a[1]).slice(0, ROWS) : [];
  return html`<li><article aria-busy=${answer || error ? "false" : "true"}>
    <blockquote dir="auto" tabindex="0">${item.text}</blockquote>
    ${error && html`<p class="error" role="alert">${error.message}</p>`}
    ${answer && html`<p class="answer"><strong class="label">${said(answer)}</strong>
      ${answer.labels || answer.values ? null : html`<span>${percent(answer.probability)}</span>`}</p>
    <dl class="bars">${top.map(([label, p]) => html`
      <dt key=${`t${label}`} title=${label}>${label}</dt>
      <dd key=${`b${label}`}><progress max="1" value=${p} aria-label=${`Probability of ${label}`}></progress></dd>
      <dd key=${`n${label}`} class="number">${percent(p)}</dd>`)}</dl>
    ${item.ngrams ? html`<${Why} ngrams=${item.ngrams} />`
      : html`<button type="button" class="secondary" onClick=${() => onWhy(item)}>Why?</button>`}`}
    <button type="button" class="outline secondary remove" onClick=${() => onRemove(item)}>Remove</button>
  </article></li>`;
}

// A box for a text, and the answers below it, the newest first; "model" names who answers.
export function Texts({ model }) {
  const [items, setItems] = useState([]);
  const [told, setTold] = useState("");
  const box = useRef();
  const change = (id, values) => setItems((all) => all.map((one) => (one.id === id ? { ...one, ...values } : one)));

  const predict = async (event) => {
    event.preventDefault();
    const text = box.current.value;
    if (!text.trim()) {
      box.current.focus();
      return;
    }
    const id = nextId++;
    setItems((all) => [{ id, text }, ...all]);
    box.current.value = "";
    box.current.focus();
    try {
      const answer = await post(`api/predict?top=${TOP}&model=${encodeURIComponent(model)}`, text);
      change(id, { answer });
      setTold(answer.values ? said(answer) : `${said(answer)}, ${percent(answer.probability)}`);
    } catch (failure) {
      change(id, { error: failure });
      setTold(failure.message);
    }
  };

  const why = async (item) => {
    try {
      const query = `model=${encodeURIComponent(item.answer.model)}&index=${item.answer.index ?? 0}`;
      change(item.id, await post(`api/explain?${query}`, item.text));
    } catch (failure) {
      change(item.id, { error: failure });
    }
  };

  const keys = (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) predict(event);
  };

  return html`<form onSubmit=${predict}>
      <label>Text <textarea id="text" ref=${box} rows="4" dir="auto" onKeyDown=${keys}></textarea></label>
      <button type="submit" id="predict">Predict</button>
    </form>
    <p class="visually-hidden" aria-live="polite" id="said">${told}</p>
    <ul class="results texts" aria-label="Results">${items.map((item) => html`<${Row} key=${item.id} item=${item}
      onWhy=${why} onRemove=${(one) => setItems((all) => all.filter((other) => other.id !== one.id))} />`)}</ul>`;
}
