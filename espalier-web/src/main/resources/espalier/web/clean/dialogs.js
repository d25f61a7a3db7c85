// The dialogs of the cleaner: the plan, the journal, training again, a large picture, tags, the keys.
import { api, html, json, useEffect, useLayoutEffect, useRef, useState } from "./espalier.js";

/** A modal dialog; Escape and the browser's own ways close it. */
export function Dialog({ title, onClose, children, buttons }) {
  const ref = useRef(null);
  // Modal in the same moment as it is drawn: a key that comes in between would go to the page behind it.
  useLayoutEffect(() => {
    const before = document.activeElement;
    ref.current.showModal();
    return () => before && before.isConnected && before.focus();
  }, []);
  return html`
    <dialog ref=${ref} aria-label=${title} onClose=${onClose} onKeyDown=${(event) => event.stopPropagation()}>
      <article>
        <header><strong>${title}</strong></header>
        ${children}
        <footer>
          ${buttons}
          <button type="button" class="secondary" onClick=${() => ref.current.close()}>Close</button>
        </footer>
      </article>
    </dialog>
  `;
}

/** A picture from the server, which needs the token: fetched, and shown as a blob. */
export function Photo({ id, size, alt, className }) {
  const [address, setAddress] = useState("");
  const [problem, setProblem] = useState("");
  useEffect(() => {
    let url = "";
    let over = false;
    setAddress("");
    setProblem("");
    api(`api/pictures/${id}/${size}`)
      .then((response) => response.blob())
      .then((blob) => {
        if (over) return;
        url = URL.createObjectURL(blob);
        setAddress(url);
      })
      .catch((failure) => over || setProblem(failure.message));
    return () => {
      over = true;
      if (url) URL.revokeObjectURL(url);
    };
  }, [id, size]);
  if (problem) return html`<span class="hint">${problem}</span>`;
  return address ? html`<img class=${className} src=${address} alt=${alt} />` : html`<span aria-busy="true"></span>`;
}

/** The whole of a text. */
function WholeText({ id }) {
  const [text, setText] = useState("");
  const [problem, setProblem] = useState("");
  useEffect(() => {
    let over = false;
    json(`api/texts/${id}`)
      .then((answer) => over || setText(answer.text))
      .catch((failure) => over || setProblem(failure.message));
    return () => {
      over = true;
    };
  }, [id]);
  if (problem) return html`<p class="hint">${problem}</p>`;
  return html`<p class="text large" dir="auto" tabindex="0" aria-busy=${text === ""}>${text}</p>`;
}

/** A picture as large as the window allows, or a whole text. */
export function LargeDialog({ picture, onClose }) {
  return html`
    <${Dialog} title=${picture.file} onClose=${onClose}>
      ${picture.text
        ? html`<${WholeText} id=${picture.id} />`
        : html`<${Photo} id=${picture.id} size="large" alt=${picture.file} className="large" />`}
      <p>
        Labelled <strong>${picture.labels.join(", ")}</strong>, the model says
        <strong> ${picture.predicted.join(", ") || "nothing"}</strong>.
      </p>
    <//>
  `;
}

/** What will be done to the files; then it is done. */
export function PlanDialog({ plan, busy, texts, onApply, onClose }) {
  const none = plan.steps.length === 0;
  return html`
    <${Dialog}
      title="What will be done"
      onClose=${onClose}
      buttons=${html`<button type="button" id="apply" disabled=${none || busy} aria-busy=${busy} onClick=${onApply}>
        Do it
      </button>`}
    >
      ${none && html`<p>Nothing is to be relabelled, deleted or moved.</p>`}
      <ol>
        ${plan.steps.map((step) => html`<li key=${step.id}>${step.text}</li>`)}
      </ol>
      <p class="hint">
        ${texts
          ? "A new table is written beside the old one, which stays as it is."
          : "Deleted files go to the folder .espalier/trash of the data set."}${" "}Everything can be undone.
      </p>
    <//>
  `;
}

/** What was done, each to be undone alone, or all. */
export function JournalDialog({ changes, onUndo, onClose }) {
  return html`
    <${Dialog}
      title="History"
      onClose=${onClose}
      buttons=${html`<button
        type="button"
        id="undo-all"
        disabled=${changes.length === 0}
        onClick=${() => onUndo({ all: true })}
      >
        Undo all
      </button>`}
    >
      ${changes.length === 0 && html`<p>Nothing that could be undone.</p>`}
      <div class="changes">
        <table>
          <tbody>
            ${changes.map(
              (change) => html`
                <tr key=${change.id}>
                  <td>${new Date(change.time).toLocaleString()}</td>
                  <td>${change.action}</td>
                  <td>${words(change)}</td>
                  <td>
                    <button type="button" data-undo=${change.id} onClick=${() => onUndo({ id: change.id })}>
                      Undo
                    </button>
                  </td>
                </tr>
              `,
            )}
          </tbody>
        </table>
      </div>
    <//>
  `;
}

function words(change) {
  const values = change.values || {};
  if ("was" in values) return `${change.from}: ${values.was} → ${values.now || "taken out"}`;
  return change.from ? `${change.from} → ${change.to}` : change.to;
}

/** Any number of labels for one picture. */
export function TagsDialog({ picture, labels, onChoose, onClose }) {
  const [chosen, setChosen] = useState(picture.action === "relabel" ? picture.values : picture.labels);
  const toggle = (label) =>
    setChosen(chosen.includes(label) ? chosen.filter((one) => one !== label) : [...chosen, label]);
  return html`
    <${Dialog}
      title=${`Tags of ${picture.file}`}
      onClose=${onClose}
      buttons=${html`<button type="button" disabled=${chosen.length === 0} onClick=${() => onChoose(chosen)}>
        Take these
      </button>`}
    >
      <fieldset>
        ${labels.map(
          (label) => html`
            <label key=${label}>
              <input type="checkbox" checked=${chosen.includes(label)} onChange=${() => toggle(label)} />
              ${label}
            </label>
          `,
        )}
      </fieldset>
    <//>
  `;
}

/** Asks for a label that no picture has yet. */
export function LabelDialog({ onAdded, onClose }) {
  const [label, setLabel] = useState("");
  const [problem, setProblem] = useState("");
  const add = async (event) => {
    event.preventDefault();
    try {
      const { labels } = await json("api/labels", { label });
      onAdded(label.trim(), labels);
    } catch (failure) {
      setProblem(failure.message);
    }
  };
  return html`
    <${Dialog}
      title="New label"
      onClose=${onClose}
      buttons=${html`<button type="button" id="add-label" disabled=${label.trim() === ""} onClick=${add}>Add</button>`}
    >
      <label>
        Its name
        <input
          id="label-name"
          type="text"
          maxlength="80"
          autofocus
          value=${label}
          onInput=${(event) => setLabel(event.currentTarget.value)}
          onKeyDown=${(event) => event.key === "Enter" && label.trim() !== "" && add(event)}
        />
      </label>
      <p class="hint">The model learns it when it is trained again.</p>
      ${problem && html`<p class="error" role="alert">${problem}</p>`}
    <//>
  `;
}

const percent = (share) => `${(100 * share).toFixed(2)} %`;

/** Trains again, and shows the old figures against the new. */
export function RetrainDialog({ onClose }) {
  const [state, setState] = useState({ running: false, done: 0 });
  const [epochs, setEpochs] = useState("");
  const [problem, setProblem] = useState("");
  useEffect(() => {
    let over = false;
    const ask = async () => {
      try {
        const now = await json("api/retrain");
        if (!over) setState(now);
      } catch (failure) {
        if (!over) setProblem(failure.message);
      }
      if (!over) setTimeout(ask, 1000);
    };
    ask();
    return () => {
      over = true;
    };
  }, []);
  const send = async (path, body) => {
    setProblem("");
    try {
      setState(await json(path, body));
    } catch (failure) {
      setProblem(failure.message);
    }
  };
  const result = state.result;
  return html`
    <${Dialog}
      title="Train again"
      onClose=${onClose}
      buttons=${state.running
        ? html`<button type="button" onClick=${() => send("api/retrain/stop", {})}>Stop</button>`
        : html`<button
            type="button"
            id="start-training"
            onClick=${() => send("api/retrain", epochs === "" ? {} : { epochs: Number(epochs) })}
          >
            Train
          </button>`}
    >
      <p>
        Trains on the files as they are now, the way the model was trained, and judges the old and the new model by the same
        validation pictures, those of labels that both know. The old model file stays.
      </p>
      <label>
        Epochs (empty: as many as before)
        <input
          type="number"
          min="0"
          max="1000"
          value=${epochs}
          disabled=${state.running}
          onInput=${(event) => setEpochs(event.currentTarget.value)}
        />
      </label>
      ${state.running &&
      html`<p role="status">Epoch ${Math.min(state.epoch + 1, state.epochs || 1)} of ${state.epochs || "?"}</p>
        <progress max="1" value=${state.done} aria-label="progress of the training"></progress>`}
      ${state.error && html`<p class="error" role="alert">${state.error}</p>`}
      ${problem && html`<p class="error" role="alert">${problem}</p>`}
      ${result &&
      html`
        <table id="figures">
          <thead>
            <tr>
              <th scope="col">on ${result.valid_items} validation pictures</th>
              <th scope="col">old</th>
              <th scope="col">new</th>
            </tr>
          </thead>
          <tbody>
            <tr>
              <th scope="row">error rate</th>
              <td>${percent(result.before.error_rate)}</td>
              <td>${percent(result.after.error_rate)}</td>
            </tr>
            <tr>
              <th scope="row">loss</th>
              <td>${result.before.loss.toFixed(4)}</td>
              <td>${result.after.loss.toFixed(4)}</td>
            </tr>
          </tbody>
        </table>
        <p>The new model is in <code>${result.out}</code>.</p>
      `}
    <//>
  `;
}

const KEYS = [
  ["← ↑ → ↓", "another one"],
  ["Home, End", "the first, the last"],
  ["Space, X", "select; with Shift all up to here"],
  ["K", "keep: it is right; like D, U, 1 ... 9 for all selected pictures at once"],
  ["D", "delete"],
  ["1 ... 9", "relabel to the first ... ninth label"],
  ["R", "choose the label from the list"],
  ["M", "move to the next split"],
  ["U", "forget what was chosen"],
  ["Enter", "look at it large"],
  ["PageDown, PageUp", "the next, the previous page"],
  ["V", "the next list"],
  ["A", "see what will be done, and do it"],
  ["J", "the history, and undo"],
  ["?", "this list"],
];

/** What the keys do. */
export function KeysDialog({ labels, onClose }) {
  return html`
    <${Dialog} title="Keys" onClose=${onClose}>
      <table>
        <tbody>
          ${KEYS.map(([key, what]) => html`<tr key=${key}><td><kbd>${key}</kbd></td><td>${what}</td></tr>`)}
        </tbody>
      </table>
      <p>${labels.slice(0, 9).map((label, i) => html`<kbd>${i + 1}</kbd> ${label}${" "}`)}</p>
    <//>
  `;
}

/** What is shown to who comes without the token: where it is, and a place to give it. */
export function TokenPage({ onToken }) {
  const [text, setText] = useState("");
  const submit = (event) => {
    event.preventDefault();
    onToken(text.trim().replace(/^.*#token=/, ""));
  };
  return html`
    <h1>The cleaner asks for its token</h1>
    <p>
      This page changes files, so only who started it may use it. Open the link that <code>espalier clean</code> printed: it
      ends in <code>#token=...</code>. A new tab needs it again, and so does a cleaner that was started again.
    </p>
    <form onSubmit=${submit}>
      <label>
        The link or its token
        <input
          id="token"
          type="password"
          autocomplete="off"
          required
          value=${text}
          onInput=${(event) => setText(event.currentTarget.value)}
        />
      </label>
      <button type="submit">Continue</button>
    </form>
  `;
}
