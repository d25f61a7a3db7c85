// The prediction page: pictures in by drop, choice, paste or camera; probabilities as bars, Grad-CAM on demand.
import { api, html, json, keepToken, render, useCallback, useEffect, useRef, useState } from "./espalier.js";

const SHOWN = 5;
const LARGEST = 20_000_000;
const AT_ONCE = 2;
let next = 1;

/** Whether an error is the file's own: the same file will not be taken another time, nor by another model. */
const isFinal = (error) => error !== null && [400, 413, 415, 422].includes(error.status);
/** Whether the same request may succeed later. */
const mayPass = (error) => [0, 401, 408, 429].includes(error.status) || (error.status >= 500 && error.status !== 501);

const percent = (p) => `${(100 * p).toFixed(1)} %`;

/** One picture with its answer. The server has turned it upright; so does the browser. */
function Result({ item, onExplain, onRetry, onRemove }) {
  const { answer, error, explaining } = item;
  return html`<li>
    <article id=${`card-${item.id}`} tabindex="-1" aria-busy=${!answer && !error ? "true" : "false"} aria-label=${`Picture ${item.name}`}>
      <img src=${item.overlay && item.showOverlay ? item.overlay : item.url}
        alt=${item.overlay && item.showOverlay ? `${item.name}: bright where the model looked` : item.name} />
      <p class="name">${item.name}</p>
      ${error && html`<p class="error" role="alert">${error.message}</p>`}
      ${answer && html`<${Answer} answer=${answer} />`}
      ${item.nowhere && html`<p class="nowhere">Nothing in the picture speaks for ${answer.label}.</p>`}
      <div class="row">
        ${answer && html`<button type="button" class="secondary" aria-disabled=${explaining ? "true" : null}
          aria-pressed=${item.showOverlay ? "true" : "false"} onClick=${() => onExplain(item)}>
          ${explaining ? "Looking ..." : item.showOverlay ? "Show the picture" : "Where did it look?"}</button>`}
        ${error && mayPass(error) && html`<button type="button" onClick=${() => onRetry(item)}>Try again</button>`}
        <button type="button" class="outline secondary" id=${`remove-${item.id}`} onClick=${() => onRemove(item)}>
          Remove<span class="visually-hidden"> ${item.name}</span></button>
      </div>
    </article>
  </li>`;
}

function tooLarge() {
  return { status: 413, message: "The file has more than 20 MB, which the server does not take." };
}

function Answer({ answer }) {
  const rows = Object.entries(answer.probabilities).sort((a, b) => b[1] - a[1]).slice(0, SHOWN);
  const said = answer.labels ? answer.labels.join(", ") || "no tag" : answer.label;
  return html`<p class="answer"><strong class="label">${said}</strong>
      ${answer.labels ? null : html`<span>${percent(answer.probability)}</span>`}</p>
    <dl class="bars">
      ${rows.map(([label, p]) => html`
        <dt key=${`t${label}`} title=${label}>${label}</dt>
        <dd key=${`b${label}`}><progress max="1" value=${p} aria-label=${`Probability of ${label}`}></progress></dd>
        <dd key=${`n${label}`} class="number">${percent(p)}</dd>`)}
    </dl>`;
}

function TokenForm({ onToken }) {
  const field = useRef();
  const submit = (event) => {
    event.preventDefault();
    onToken(field.current.value.trim());
  };
  return html`<form onSubmit=${submit}>
    <label>This server asks for its token
      <input ref=${field} type="password" autocomplete="off" required />
    </label>
    <button type="submit">Continue</button>
  </form>`;
}

function About({ model }) {
  if (!model) return null;
  const metrics = Object.entries(model.metrics || {}).map(([k, v]) => `${k} ${typeof v === "number" ? v.toFixed(4) : v}`);
  return html`<footer class="about">
    <p>${model.name}: ${model.architecture.name}, ${model.classCount} classes${metrics.length ? `, ${metrics.join(", ")}` : ""}.
      Version ${model.version}. For programs: <a href="/openapi.yaml">openapi.yaml</a>.</p>
  </footer>`;
}

function Page() {
  const [items, setItems] = useState([]);
  const [models, setModels] = useState(null);
  const [chosen, setChosen] = useState("");
  const [model, setModel] = useState(null);
  const [problem, setProblem] = useState(null);
  const [over, setOver] = useState(false);
  const [said, setSaid] = useState("");
  const queue = useRef([]);
  const running = useRef(0);
  const chosenNow = useRef("");
  chosenNow.current = chosen;

  const change = useCallback((id, values) => {
    setItems((all) => all.map((one) => (one.id === id ? { ...one, ...values } : one)));
  }, []);

  const load = useCallback(async () => {
    try {
      const list = await json("/api/models");
      setModels(list);
      setChosen((now) => now || list.default);
      setProblem(null);
    } catch (failure) {
      setProblem(failure);
    }
  }, []);

  useEffect(() => { load(); }, []);

  useEffect(() => {
    if (!chosen) return;
    json(`/api/model?model=${encodeURIComponent(chosen)}`).then(setModel, setProblem);
  }, [chosen]);

  // Two requests at a time: the answers come one after the other, and the server has room for others.
  const work = useCallback(async () => {
    while (running.current < AT_ONCE && queue.current.length) {
      const item = queue.current.shift();
      running.current++;
      predict(item).finally(() => {
        running.current--;
        work();
      });
    }
  }, []);

  const predict = async (item) => {
    try {
      const form = new FormData();
      form.append("file", item.file, item.name);
      // Before the list of models has come, the server's default answers.
      const model = chosenNow.current ? `&model=${encodeURIComponent(chosenNow.current)}` : "";
      const response = await api(`/api/predict?top=${SHOWN}${model}`, { method: "POST", body: form });
      const answer = await response.json();
      change(item.id, { answer, error: null });
      setSaid(`${item.name}: ${answer.labels ? answer.labels.join(", ") : answer.label}, ${percent(answer.probability)}`);
      setProblem(null);
    } catch (failure) {
      change(item.id, { error: failure });
      if (failure.status === 0 || failure.status === 401) setProblem(failure);
      setSaid(`${item.name}: ${failure.message}`);
    }
  };

  const add = useCallback((files) => {
    const fresh = [...files].filter((file) => file).map((file) => ({
      id: next++,
      file,
      name: file.name || "pasted picture",
      url: URL.createObjectURL(file),
      error: file.size > LARGEST ? tooLarge() : null,
    }));
    if (!fresh.length) return;
    setItems((all) => [...fresh.slice().reverse(), ...all]);
    queue.current.push(...fresh.filter((one) => !one.error));
    setSaid(fresh.length === 1 ? `Predicting ${fresh[0].name}` : `Predicting ${fresh.length} pictures`);
    work();
  }, []);

  useEffect(() => {
    const paste = (event) => {
      const files = [...(event.clipboardData?.files || [])];
      if (files.length) {
        event.preventDefault();
        add(files);
      }
    };
    document.addEventListener("paste", paste);
    return () => document.removeEventListener("paste", paste);
  }, []);

  const retry = (item) => {
    document.getElementById(`card-${item.id}`).focus(); // its own button goes away
    change(item.id, { error: null, answer: null });
    queue.current.push(item);
    work();
  };

  const forget = (item) => {
    URL.revokeObjectURL(item.url);
    if (item.overlay) URL.revokeObjectURL(item.overlay);
  };

  // The button that was pressed goes away, and whoever works by keyboard must not have to begin anew.
  const remove = (item) => {
    const at = items.findIndex((one) => one.id === item.id);
    const near = items[at + 1] || items[at - 1];
    document.getElementById(near ? `remove-${near.id}` : "choose").focus();
    forget(item);
    setItems((all) => all.filter((one) => one.id !== item.id));
    setSaid(`${item.name} removed`);
  };

  const removeAll = () => {
    document.getElementById("choose").focus();
    items.forEach(forget);
    setItems([]);
    setSaid(`${items.length} pictures removed`);
  };

  const explain = async (item) => {
    if (item.explaining) return;
    if (item.overlay) {
      change(item.id, { showOverlay: !item.showOverlay });
      return;
    }
    change(item.id, { explaining: true });
    try {
      const form = new FormData();
      form.append("file", item.file, item.name);
      const query = `model=${encodeURIComponent(item.answer.model)}&index=${item.answer.index}`;
      const response = await api(`/api/explain?${query}`, { method: "POST", body: form });
      if (response.status === 204) {
        change(item.id, { nowhere: true, explaining: false });
        setSaid(`${item.name}: nothing in the picture speaks for ${item.answer.label}`);
        return;
      }
      const overlay = URL.createObjectURL(await response.blob());
      change(item.id, { overlay, showOverlay: true, explaining: false });
      setSaid(`${item.name}: shows where the model looked for ${item.answer.label}`);
    } catch (failure) {
      change(item.id, { explaining: false, error: failure });
    }
  };

  const choose = (name) => {
    setChosen(name);
    chosenNow.current = name;
    setItems((all) => {
      const again = all.map((one) =>
        isFinal(one.error) ? one : { ...one, answer: null, error: null, overlay: null, showOverlay: false, nowhere: false });
      queue.current = again.filter((one) => !isFinal(one.error));
      return again;
    });
    setTimeout(work);
  };

  const drag = (inside) => (event) => {
    event.preventDefault();
    setOver(inside);
  };
  const drop = (event) => {
    event.preventDefault();
    setOver(false);
    add(event.dataTransfer.files);
  };
  const picked = (event) => {
    add(event.target.files);
    event.target.value = "";
  };

  return html`<h1>Predictions</h1>
    ${problem && html`<div class="error" role="alert" id="problem">
      <p>${problem.message}</p>
      ${problem.status === 401
        ? html`<${TokenForm} onToken=${(text) => { keepToken(text); load(); }} />`
        : html`<button type="button" class="secondary" onClick=${load}>Try again</button>`}
    </div>`}
    ${models && models.models.length > 1 && html`<div class="bar"><label>Model
      <select value=${chosen} onChange=${(event) => choose(event.target.value)}>
        ${models.models.map((one) => html`<option key=${one.name} value=${one.name}>${one.name}</option>`)}
      </select></label></div>`}
    <section class=${over ? "drop over" : "drop"} aria-label="Add pictures"
      onDragEnter=${drag(true)} onDragOver=${drag(true)} onDragLeave=${drag(false)} onDrop=${drop}>
      <p>Drop or paste pictures here, or</p>
      <div class="choices">
        <label><span role="presentation"><strong>Choose pictures</strong></span>
          <input id="choose" type="file" accept="image/*" multiple aria-label="Choose pictures" onChange=${picked} /></label>
        <label><span role="presentation"><strong>Take one</strong></span>
          <input id="camera" type="file" accept="image/*" capture="environment" aria-label="Take a picture"
            onChange=${picked} /></label>
      </div>
    </section>
    <p class="visually-hidden" aria-live="polite" id="said">${said}</p>
    ${items.length > 1 && html`<div class="bar"><span>${items.length} pictures</span>
      <button type="button" class="outline secondary" onClick=${removeAll}>Remove all</button></div>`}
    <ul class="results" aria-label="Results">
      ${items.map((item) => html`<${Result} key=${item.id} item=${item}
        onExplain=${explain} onRetry=${retry} onRemove=${remove} />`)}
    </ul>
    <${About} model=${model} />`;
}

// A picture that misses the field must not replace the page.
for (const name of ["dragover", "drop"]) {
  document.addEventListener(name, (event) => event.preventDefault());
}
const page = document.getElementById("page");
page.textContent = "";
render(html`<${Page} />`, page);
