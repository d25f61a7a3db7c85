// The prediction page: pictures in by drop, choice, paste or camera; answers as cards, sorted, filtered, large, as CSV.
import { api, html, json, keepToken, render, useCallback, useEffect, useMemo, useRef, useState } from "./espalier.js";
import { Card, Large, percent, said as inWords } from "./cards.js";
import { drop as dropKept, dropAll, keep, kept } from "./kept.js";
import { arranged, csv, filters, ORDERS, repeatable } from "./lists.js";
import { Texts } from "./texts.js";

const TOP = 20;
const LARGEST = 20_000_000;
const AT_ONCE = 2;
const CHOSEN = "espalier-model";
let nextId = 1;
let nextBatch = 1;

/** Whether an error is the file's own: the same file will not be taken another time, nor by another model. */
const isFinal = (error) => Boolean(error) && [400, 413, 415, 422].includes(error.status);
const isOpen = (item) => !item.answer && !item.error;
const fresh = { answer: null, error: null, overlay: null, showOverlay: false, nowhere: false };

function tooLarge() {
  return { status: 413, message: "The file has more than 20 MB, which the server does not take." };
}

/** What is wrong with a file that no server needs to see; nothing for others. */
async function refusal(file) {
  if (file.size > LARGEST) return tooLarge();
  const head = String.fromCharCode(...new Uint8Array(await file.slice(4, 12).arrayBuffer()));
  if (/^ftyp(heic|heix|heim|heis|hevc|hevx|mif1|msf1)/.test(head)) {
    return {
      status: 415,
      message: "This is an HEIC photo, which the server cannot read. Save it as JPEG and add that. An iPhone takes JPEG"
        + " after Settings, Camera, Formats, Most Compatible.",
    };
  }
  return null;
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

function Trouble({ problem, onToken, onAgain }) {
  return html`<div class="error" role="alert" id="problem">
    <p>${problem.message}</p>
    ${problem.status === 401
      ? html`<${TokenForm} onToken=${onToken} />`
      : html`<button type="button" class="secondary" onClick=${onAgain}>Try again</button>`}
  </div>`;
}

function About({ model }) {
  if (!model) return null;
  const metrics = Object.entries(model.metrics || {}).map(([k, v]) => `${k} ${typeof v === "number" ? v.toFixed(4) : v}`);
  return html`<footer class="about">
    <p>${model.name}: ${model.architecture.name}, ${model.classCount} classes${metrics.length ? `, ${metrics.join(", ")}` : ""}.
      Version ${model.version}. For programs: <a href="openapi.yaml">openapi.yaml</a>.</p>
  </footer>`;
}

function Field({ over, onOver, onFiles }) {
  const drag = (inside) => (event) => {
    event.preventDefault();
    onOver(inside);
  };
  const drop = (event) => {
    event.preventDefault();
    onOver(false);
    onFiles(event.dataTransfer.files);
  };
  const picked = (event) => {
    onFiles(event.target.files);
    event.target.value = "";
  };
  return html`<section class=${over ? "drop over" : "drop"} aria-label="Add pictures"
    onDragEnter=${drag(true)} onDragOver=${drag(true)} onDragLeave=${drag(false)} onDrop=${drop}>
    <p>Drop or paste pictures here, or</p>
    <div class="choices">
      <label><span role="presentation"><strong>Choose pictures</strong></span>
        <input id="choose" type="file" accept="image/*" multiple aria-label="Choose pictures" onChange=${picked} /></label>
      <label><span role="presentation"><strong>Take one</strong></span>
        <input id="camera" type="file" accept="image/*" capture="environment" aria-label="Take a picture"
          onChange=${picked} /></label>
    </div>
  </section>`;
}

/** How far the answers are, and what can be done with all of them. */
function Tools({ items, filter, order, onFilter, onOrder, onRetryAll, onSave, onRemoveAll }) {
  const open = items.filter(isOpen).length;
  const again = repeatable(items);
  return html`<div class="bar tools">
    <p class="count">${open
      ? html`${items.length - open} of ${items.length} <progress max=${items.length} value=${items.length - open}
          aria-label="Pictures predicted"></progress>`
      : items.length === 1 ? "1 picture" : `${items.length} pictures`}</p>
    <label>Sort <select id="order" value=${order} onChange=${(event) => onOrder(event.target.value)}>
      ${ORDERS.map(([value, text]) => html`<option key=${value} value=${value}>${text}</option>`)}
    </select></label>
    <label>Show <select id="filter" value=${filter} onChange=${(event) => onFilter(event.target.value)}>
      ${filters(items).map(([value, text]) => html`<option key=${value} value=${value}>${text}</option>`)}
    </select></label>
    ${again.length > 1 && html`<button type="button" id="retry-all" onClick=${() => onRetryAll(again)}>
      Try all ${again.length} again</button>`}
    <button type="button" class="secondary" onClick=${onSave}>Save as CSV</button>
    <button type="button" class="outline secondary" onClick=${onRemoveAll}>Remove all</button>
  </div>`;
}

function Page() {
  const [items, setItems] = useState([]);
  const [models, setModels] = useState(null);
  const [chosen, setChosen] = useState("");
  const [model, setModel] = useState(null);
  const [problem, setProblem] = useState(null);
  const [over, setOver] = useState(false);
  const [said, setSaid] = useState("");
  const [filter, setFilter] = useState("");
  const [order, setOrder] = useState("added");
  const [largeId, setLargeId] = useState(null);
  const queue = useRef([]);
  const running = useRef(0);
  const chosenNow = useRef("");
  const itemsNow = useRef([]);
  const restored = useRef(null);
  chosenNow.current = chosen;
  itemsNow.current = items;

  const change = useCallback((id, values) => {
    setItems((all) => all.map((one) => (one.id === id ? { ...one, ...values } : one)));
  }, []);

  /** Changes what the model said of a picture, here and in what is kept; nothing when it was removed meanwhile. */
  const settle = (item, values) => {
    if (!itemsNow.current.some((one) => one.id === item.id)) return;
    change(item.id, values);
    keep({ ...item, ...fresh, ...values });
  };

  const load = useCallback(async () => {
    try {
      const list = await json("api/models");
      setModels(list);
      const last = sessionStorage.getItem(CHOSEN);
      setChosen((now) => now || (list.models.some((one) => one.name === last) ? last : list.default));
      setProblem(null);
    } catch (failure) {
      setProblem(failure);
    }
  }, []);

  useEffect(() => {
    load();
    restored.current = kept().then((rows) => {
      if (!rows.length) return;
      nextId = Math.max(nextId, ...rows.map((one) => one.id + 1));
      nextBatch = Math.max(nextBatch, ...rows.map((one) => one.batch + 1));
      const back = rows.map((one) => ({ ...one, url: URL.createObjectURL(one.file) }));
      back.sort((a, b) => b.batch - a.batch || a.id - b.id);
      setItems((all) => [...all, ...back]);
      queue.current.push(...back.filter(isOpen));
      setTimeout(work);
    });
  }, []);

  useEffect(() => {
    if (!chosen) return;
    json(`api/model?model=${encodeURIComponent(chosen)}`).then(setModel, setProblem);
  }, [chosen]);

  useEffect(() => { document.title = model?.title || "Predictions"; }, [model]);

  // Two requests at a time, from the top: the answers come one after the other, and the server has room for others.
  const work = useCallback(() => {
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
    const refused = await refusal(item.file).catch(() => null);
    if (refused) {
      settle(item, { error: refused });
      setSaid(`${item.name}: ${refused.message}`);
      return;
    }
    try {
      const form = new FormData();
      form.append("file", item.file, item.name);
      // Before the list of models has come, the server's default answers.
      const name = chosenNow.current ? `&model=${encodeURIComponent(chosenNow.current)}` : "";
      const response = await api(`api/predict?top=${TOP}${name}`, { method: "POST", body: form });
      const answer = await response.json();
      settle(item, { answer, error: null });
      setSaid(`${item.name}: ${inWords(answer)}, ${percent(answer.probability)}`);
      setProblem(null);
    } catch (failure) {
      settle(item, { error: failure });
      if (failure.status === 0 || failure.status === 401) setProblem(failure);
      setSaid(`${item.name}: ${failure.message}`);
    }
  };

  const add = useCallback(async (files) => {
    const given = [...files].filter((file) => file);
    await restored.current; // or what is added would be found among what was kept, and take its numbers
    const batch = nextBatch++;
    const added = given.map((file) => ({
      ...fresh,
      id: nextId++,
      batch,
      file,
      name: file.name || "pasted picture",
      url: URL.createObjectURL(file),
    }));
    if (!added.length) return;
    setItems((all) => [...added, ...all]);
    added.forEach(keep);
    queue.current.unshift(...added);
    setSaid(added.length === 1 ? `Predicting ${added[0].name}` : `Predicting ${added.length} pictures`);
    setTimeout(work); // once the new pictures are on the page
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

  /** Asks anew about pictures; whatever of them was pressed goes away, and the keyboard's place is kept. */
  const again = (some) => {
    const ids = new Set(some.map((one) => one.id));
    setItems((all) => all.map((one) => (ids.has(one.id) ? { ...one, ...fresh } : one)));
    queue.current.push(...some);
    setTimeout(work);
  };

  const retry = (item) => {
    document.getElementById(`card-${item.id}`)?.focus();
    again([item]);
  };

  const retryAll = (some) => {
    document.getElementById("order").focus();
    setSaid(`Predicting ${some.length} pictures again`);
    again(some);
  };

  const forget = (item) => {
    URL.revokeObjectURL(item.url);
    if (item.overlay) URL.revokeObjectURL(item.overlay);
    queue.current = queue.current.filter((one) => one.id !== item.id);
  };

  const remove = (item) => {
    const at = shown.findIndex((one) => one.id === item.id);
    const near = shown[at + 1] || shown[at - 1];
    document.getElementById(near ? `remove-${near.id}` : "choose").focus();
    forget(item);
    dropKept(item.id);
    setItems((all) => all.filter((one) => one.id !== item.id));
    setSaid(`${item.name} removed`);
  };

  const removeAll = () => {
    document.getElementById("choose").focus();
    items.forEach(forget);
    dropAll();
    setItems([]);
    setFilter("");
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
      const response = await api(`api/explain?${query}`, { method: "POST", body: form });
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
    sessionStorage.setItem(CHOSEN, name);
    queue.current = [];
    again(items.filter((one) => !isFinal(one.error)));
  };

  const save = () => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([csv(shown)], { type: "text/csv;charset=utf-8" }));
    link.download = "predictions.csv";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    setSaid(`${shown.length} rows saved as predictions.csv`);
  };

  // A class whose last picture went cannot be chosen any more.
  const filterNow = filters(items).some(([value]) => value === filter) ? filter : "";
  const shown = useMemo(() => arranged(items, filterNow, order), [items, filterNow, order]);
  const at = shown.findIndex((one) => one.id === largeId);
  const move = (step) => {
    const to = shown[at + step];
    if (to) setLargeId(to.id);
  };

  return html`<h1>${model?.title || "Predictions"}</h1>
    ${model?.description && html`<p class="description">${model.description}</p>`}
    ${problem && html`<${Trouble} problem=${problem} onAgain=${load}
      onToken=${(text) => { keepToken(text); load(); }} />`}
    ${models && models.models.length > 1 && html`<div class="bar"><label>Model
      <select id="model" value=${chosen} onChange=${(event) => choose(event.target.value)}>
        ${models.models.map((one) => html`<option key=${one.name} value=${one.name}>${one.title || one.name}</option>`)}
      </select></label></div>`}
    ${model?.task?.startsWith("text-") ? html`<${Texts} key=${chosen} model=${chosen} />` : html`
    <${Field} over=${over} onOver=${setOver} onFiles=${add} />
    <p class="visually-hidden" aria-live="polite" id="said">${said}</p>
    ${items.length > 0 && html`<${Tools} items=${items} filter=${filterNow} order=${order} onFilter=${setFilter}
      onOrder=${setOrder} onRetryAll=${retryAll} onSave=${save} onRemoveAll=${removeAll} />`}
    <ul class="results" aria-label="Results">
      ${shown.map((item) => html`<${Card} key=${item.id} item=${item} onLarge=${(one) => setLargeId(one.id)}
        onExplain=${explain} onRetry=${retry} onRemove=${remove} />`)}
    </ul>
    ${at >= 0 && html`<${Large} item=${shown[at]} place=${{ at, of: shown.length }} onMove=${move}
      onClose=${() => setLargeId(null)} onExplain=${explain} onRetry=${(item) => again([item])} />`}`}
    <${About} model=${model} />`;
}

// A picture that misses the field must not replace the page.
for (const name of ["dragover", "drop"]) {
  document.addEventListener(name, (event) => event.preventDefault());
}
const page = document.getElementById("page");
page.textContent = "";
render(html`<${Page} />`, page);
