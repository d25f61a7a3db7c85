// The page of the cleaner. What was chosen is kept by the server, so it survives every change of the view.
import { html, json, keepToken, render, useCallback, useEffect, useRef, useState } from "./espalier.js";
import { choosable, everyPicture, keepOne } from "./many.js";
import {
  JournalDialog,
  KeysDialog,
  LabelDialog,
  LargeDialog,
  Photo,
  PlanDialog,
  RetrainDialog,
  TagsDialog,
  TokenPage,
} from "./dialogs.js";

const PAGE = 48;
const VIEWS = [
  ["all", "All"],
  ["duplicates", "Duplicates"],
  ["near_duplicates", "Near duplicates"],
  ["leaks", "Leaks"],
  ["conflicts", "Conflicts"],
  ["unreadable", "Unreadable"],
];
const ORDERS = [
  ["loss", "largest loss"],
  ["uncertainty", "least sure"],
  ["similarity", "near duplicates"],
  ["name", "name"],
];

/** What was chosen, in words. */
function chosen(picture) {
  switch (picture.action) {
    case "keep":
      return "kept";
    case "delete":
      return "to be deleted";
    case "relabel":
      return `to be ${picture.values.join(", ")}`;
    case "move":
      return `to ${picture.values[0]}`;
    default:
      return "";
  }
}

/** The figures of a card on one line. */
function numbers(picture) {
  const what = picture.predicted.length === 1 ? picture.predicted[0] : "its answer";
  const parts = [`loss ${picture.loss.toFixed(3)}`, `model's probability of ${what} ${picture.probability.toFixed(3)}`];
  if (picture.similarity > 0) parts.push(`copy ${picture.similarity.toFixed(2)}`);
  if (picture.split) parts.push(picture.split);
  return parts.join(", ");
}

function Card({ picture, at, isFocused, isSelected, startsGroup, set, onFocus, onSelect, onChoose, onLarge, onTags }) {
  const press = (action) => onChoose(picture, picture.action === action ? "none" : action, []);
  const tab = isFocused ? 0 : -1;
  const deed = (action, text) => html`
    <button type="button" tabindex=${tab} aria-pressed=${picture.action === action} onClick=${() => press(action)}>
      ${text}
    </button>
  `;
  const select = (name, action, options) => html`
    <select
      aria-label=${name}
      tabindex=${tab}
      data-select=${action}
      onChange=${(event) =>
        event.currentTarget.value === ""
          ? onChoose(picture, "none", [])
          : onChoose(picture, action, [event.currentTarget.value])}
    >
      <option value="" selected=${picture.action !== action}>${name} ...</option>
      ${options.map(
        (option) => html`<option
          key=${option}
          value=${option}
          selected=${picture.action === action && picture.values[0] === option}
        >
          ${option}
        </option>`,
      )}
    </select>
  `;
  const says = picture.error || `${picture.labels.join(", ")}, model: ${picture.predicted.join(", ") || "nothing"}`;
  return html`
    <li
      class=${`card${startsGroup ? " other-group" : ""}${isSelected ? " selected" : ""}`}
      data-at=${at}
      data-file=${picture.file}
      data-action=${picture.action}
      tabindex=${tab}
      aria-label=${`${picture.file}: ${says}. ${chosen(picture)}${isSelected ? ", selected" : ""}`}
      onfocusin=${() => onFocus(at)}
    >
      <div class="frame" onClick=${() => onLarge(picture)}>
        ${picture.error
          ? html`<span class="hint">${picture.error}</span>`
          : picture.text
            ? html`<p class="text" dir="auto">${picture.text}</p>`
            : html`<${Photo} id=${picture.id} size="thumbnail" alt="" />`}
      </div>
      <div class="file" title=${picture.file}>
        <input
          type="checkbox"
          tabindex=${tab}
          aria-label=${`Select ${picture.file}`}
          checked=${isSelected}
          onClick=${(event) => onSelect(at, event.shiftKey)}
        />
        <span><bdi>${picture.file}</bdi></span>
      </div>
      <div class="says">${says}</div>
      ${!picture.error &&
      html`<div class="numbers">
        ${numbers(picture)}
      </div>`}
      <div class="deeds">
        ${deed("keep", "Keep")} ${deed("delete", "Delete")}
        ${!picture.error &&
        (set.tags
          ? html`<button type="button" tabindex=${tab} onClick=${() => onTags(picture)}>Tags ...</button>`
          : select(
              "Relabel",
              "relabel",
              set.labels.filter((label) => label !== picture.labels[0]),
            ))}
        ${!picture.error &&
        set.splits.length > 0 &&
        select(
          "Move",
          "move",
          set.splits.filter((split) => split !== picture.split),
        )}
      </div>
      <div class="chosen">${chosen(picture)}</div>
    </li>
  `;
}

function Choice({ name, value, options, onChange }) {
  return html`
    <label>
      ${name}
      <select aria-label=${name} value=${value} onChange=${(event) => onChange(event.currentTarget.value)}>
        ${options.map(([key, text]) => html`<option key=${key} value=${key}>${text}</option>`)}
      </select>
    </label>
  `;
}

/** What can be chosen for all selected pictures at once. */
function Selection({ pictures, set, onChoose, onAll, onNone }) {
  const select = (name, action, options) => html`
    <select
      aria-label=${`${name} all selected`}
      onChange=${(event) => {
        if (event.currentTarget.value !== "") onChoose(action, [event.currentTarget.value]);
        event.currentTarget.value = "";
      }}
    >
      <option value="">${name} ...</option>
      ${options.map((option) => html`<option key=${option} value=${option}>${option}</option>`)}
    </select>
  `;
  return html`<div class="selection" role="group" aria-label="Selected">
    <strong id="selected">${pictures.length} selected</strong>
    <button type="button" onClick=${() => onChoose("keep", [])}>Keep</button>
    <button type="button" onClick=${() => onChoose("delete", [])}>Delete</button>
    ${!set.tags && select("Relabel", "relabel", set.labels)} ${set.splits.length > 0 && select("Move", "move", set.splits)}
    <button type="button" class="secondary" onClick=${() => onChoose("none", [])}>Forget choices</button>
    <button type="button" class="secondary" onClick=${onAll}>Select all of this page</button>
    <button type="button" class="secondary" onClick=${onNone}>Select none</button>
  </div>`;
}

const START = { view: "all", label: "", split: "", order: "loss", from: 0 };

/** The view lives in the address, so that reloading shows the same. */
function viewOfAddress() {
  const given = Object.fromEntries(new URLSearchParams(location.search));
  return { ...START, ...given, from: Number(given.from) || 0 };
}

function App() {
  const [set, setSet] = useState(null);
  const [view, setView] = useState(viewOfAddress);
  const [list, setList] = useState({ total: 0, pictures: [] });
  const [focus, setFocus] = useState(0);
  const [message, setMessage] = useState("");
  const [dialog, setDialog] = useState(null);
  const [busy, setBusy] = useState(false);
  const [denied, setDenied] = useState(false);
  const [selected, setSelected] = useState(new Set());
  const lastSelected = useRef(0);
  const wantFocus = useRef(false);
  const queue = useRef(Promise.resolve());
  const versions = useRef(new Map());
  const loads = useRef(0);

  const guarded = useCallback(async (work) => {
    try {
      return await work();
    } catch (failure) {
      setDenied(failure.status === 401);
      setMessage(failure.message);
      return null;
    }
  }, []);

  const reload = useCallback(
    () =>
      guarded(async () => {
        const query = new URLSearchParams({ ...view, count: PAGE });
        loads.current += 1;
        const load = loads.current;
        const [now, pictures] = await Promise.all([json("api/set"), json(`api/pictures?${query}`)]);
        if (load !== loads.current) return; // a later one is on its way, maybe of another view
        versions.current = new Map(pictures.pictures.map((one) => [one.id, one.version]));
        setDenied(false);
        setSet(now);
        setList(pictures);
        const there = new Set(pictures.pictures.map((one) => one.id));
        setSelected((old) => new Set([...old].filter((id) => there.has(id))));
      }),
    [view],
  );

  useEffect(() => {
    const query = new URLSearchParams(Object.entries(view).filter(([key, value]) => value !== START[key]));
    history.replaceState(null, "", query.size ? `?${query}` : location.pathname);
    reload();
  }, [view]);

  const focusCard = () => {
    const at = Math.min(focus, list.pictures.length - 1);
    document.querySelector(`[data-at="${at}"]`)?.focus();
  };
  useEffect(() => {
    if (wantFocus.current) {
      wantFocus.current = false;
      focusCard();
    }
  }, [list]);
  // A dialog gives the focus back to the card that had it, which may be gone by then.
  useEffect(() => {
    if (!dialog && document.activeElement === document.body) focusCard();
  }, [dialog]);

  const show = (change) => {
    setFocus(0);
    setView({ ...view, from: 0, ...change });
  };
  const showByKey = (change) => {
    wantFocus.current = true;
    show(change);
  };
  // At once, not after the next drawing, which a fast typist would overtake; the card then tells where the focus is.
  const goTo = (at) => {
    const last = list.pictures.length - 1;
    document.querySelector(`[data-at="${Math.max(0, Math.min(last, at))}"]`)?.focus();
  };
  const here = () => Number(document.activeElement?.closest(".card")?.dataset.at ?? focus);

  const replace = (pictures) =>
    setList((old) => ({
      ...old,
      pictures: old.pictures.map((one) => pictures.find((other) => other.id === one.id) || one),
    }));

  // One after the other, each with the version that this page has seen last: a fast typist is no second tab.
  const choose = (picture, action, values) => {
    queue.current = queue.current.then(() => chooseNow(picture, action, values));
    return queue.current;
  };
  const chooseNow = async (picture, action, values) => {
    const version = versions.current.get(picture.id) ?? picture.version;
    try {
      const now = await json(`api/pictures/${picture.id}/choice`, { version, action, values });
      versions.current.set(now.id, now.version);
      replace([now]);
      setMessage("");
    } catch (failure) {
      setMessage(failure.message);
      if (failure.status === 409 || failure.status === 404) await reload();
      return;
    }
    const counted = await guarded(() => json("api/set"));
    if (counted) setSet(counted);
  };

  const select = (at, toHere) => {
    const from = toHere ? Math.min(lastSelected.current, at) : at;
    const to = toHere ? Math.max(lastSelected.current, at) : at;
    lastSelected.current = at;
    const ids = list.pictures.slice(from, to + 1).map((one) => one.id);
    setSelected((old) => {
      const now = new Set(old);
      const add = toHere || !now.has(ids[0]);
      ids.forEach((id) => (add ? now.add(id) : now.delete(id)));
      return now;
    });
  };
  const marked = list.pictures.filter((one) => selected.has(one.id));

  // The same for several pictures, one after the other; what a single one cannot get, it does not get here either.
  const chooseAll = (pictures, action, values) => {
    const fit = pictures.filter((picture) => choosable(picture, action, values));
    queue.current = queue.current.then(async () => {
      let failed = "";
      for (const picture of fit) {
        try {
          const version = versions.current.get(picture.id) ?? picture.version;
          const now = await json(`api/pictures/${picture.id}/choice`, { version, action, values });
          versions.current.set(now.id, now.version);
          replace([now]);
        } catch (failure) {
          failed = failure.message;
        }
      }
      setMessage(failed || `${fit.length} of ${pictures.length} chosen.`);
      if (failed) await reload();
      const counted = await guarded(() => json("api/set"));
      if (counted) setSet(counted);
    });
    return queue.current;
  };

  const keepOneOfEach = async () => {
    setBusy(true);
    await guarded(async () => {
      const { wanted, groups, mixed } = keepOne(await everyPicture(view));
      for (const [picture, action] of wanted) {
        await json(`api/pictures/${picture.id}/choice`, { version: picture.version, action, values: [] });
      }
      setMessage(
        `One of each of ${groups} groups is kept, ${wanted.filter(([, action]) => action === "delete").length} are to be deleted.` +
          (mixed ? ` ${mixed} groups have different labels and were left as they are.` : ""),
      );
    });
    setBusy(false);
    await reload();
  };

  const openPlan = async () => {
    const plan = await guarded(() => json("api/plan"));
    if (plan) setDialog({ kind: "plan", plan });
  };
  const apply = async () => {
    setBusy(true);
    try {
      const done = await json("api/plan/apply", { digest: dialog.plan.digest });
      setMessage(done.error || `${done.changes.length} done. J shows them, and undoes.`);
    } catch (failure) {
      setMessage(failure.message);
    }
    setBusy(false);
    setDialog(null);
    wantFocus.current = true;
    await reload();
  };
  const openJournal = async () => {
    const journal = await guarded(() => json("api/journal"));
    if (journal) setDialog({ kind: "journal", changes: journal.changes });
  };
  const undo = async (which) => {
    await guarded(async () => {
      const { undone, left } = await json("api/journal/undo", which);
      setMessage(
        `${undone.length} undone.` +
          (left.length ? ` ${left.length} not: another file has taken the place, or the file is gone.` : ""),
      );
    });
    await openJournal();
    await reload();
  };

  const labelAdded = (label, labels) => {
    setDialog(null);
    setSet((old) => ({ ...old, labels }));
    setMessage(`${label} can be chosen now.`);
  };

  const nextSplit = (picture) => {
    const splits = set.splits.filter((split) => split !== picture.split);
    const next = picture.action === "move" ? splits.indexOf(picture.values[0]) + 1 : 0;
    return splits[next];
  };

  const columns = () => {
    const cards = [...document.querySelectorAll(".card")];
    const top = cards[0]?.offsetTop;
    return Math.max(1, cards.filter((card) => card.offsetTop === top).length);
  };

  const onKey = (event) => {
    if (dialog || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.matches("select, input")) return;
    if (event.key === " " && !event.target.matches(".card")) return; // a button's own key
    const at = here();
    const picture = list.pictures[at];
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const then = async (action, values = []) => {
      if (marked.length > 0) {
        await chooseAll(marked, action, values);
        return;
      }
      const same = picture.action === action && String(picture.values) === String(values);
      if (!same && action !== "none") goTo(at + 1);
      await choose(picture, same ? "none" : action, values);
    };
    const deeds = {
      ArrowRight: () => goTo(at + 1),
      ArrowLeft: () => goTo(at - 1),
      ArrowDown: () => goTo(at + columns()),
      ArrowUp: () => goTo(at - columns()),
      Home: () => goTo(0),
      End: () => goTo(list.pictures.length - 1),
      PageDown: () => view.from + PAGE < list.total && turn(PAGE),
      PageUp: () => view.from > 0 && turn(-PAGE),
      " ": () => picture && select(at, event.shiftKey),
      x: () => picture && select(at, event.shiftKey),
      k: () => picture && then("keep"),
      d: () => picture && then("delete"),
      u: () => picture && then("none"),
      m: () => picture && nextSplit(picture) && choose(picture, "move", [nextSplit(picture)]),
      r: () =>
        picture &&
        (set.tags
          ? setDialog({ kind: "tags", picture })
          : document.querySelector(`[data-at="${at}"] [data-select="relabel"]`)?.focus()),
      v: () => showByKey({ view: VIEWS[(VIEWS.findIndex(([name]) => name === view.view) + 1) % VIEWS.length][0] }),
      a: openPlan,
      j: openJournal,
      "?": () => setDialog({ kind: "keys" }),
    };
    if (key === "Enter" && event.target.matches(".card")) {
      event.preventDefault();
      setDialog({ kind: "large", picture });
    } else if (/^[1-9]$/.test(key) && picture && !set.tags && !picture.error) {
      const label = set.labels[Number(key) - 1];
      if (label === picture.labels[0] && marked.length === 0) then("keep");
      else if (label) then("relabel", [label]);
    } else if (deeds[key]) {
      event.preventDefault();
      deeds[key]();
    }
  };
  const turn = (by) => {
    wantFocus.current = true;
    setFocus(0);
    setView({ ...view, from: Math.max(0, view.from + by) });
  };

  const latest = useRef(onKey);
  latest.current = onKey;
  useEffect(() => {
    const listen = (event) => latest.current(event);
    document.addEventListener("keydown", listen);
    return () => document.removeEventListener("keydown", listen);
  }, []);

  if (denied) return html`<${TokenPage} onToken=${(text) => { keepToken(text); reload(); }} />`;
  if (!set) return html`<p role="status">${message || "Loading ..."}</p>`;
  const labels = Object.keys(set.counts);
  const splits = [...new Set(labels.flatMap((label) => Object.keys(set.counts[label])))].filter(Boolean).sort();
  const count = (label) => Object.values(set.counts[label] || {}).reduce((sum, n) => sum + n, 0);
  const grouped = view.view !== "all" && view.view !== "unreadable";
  const close = () => setDialog(null);
  return html`
    <h1>Clean ${set.name}</h1>
    <p class="hint">
      Choose for each ${set.texts ? "text" : "picture"}; nothing happens to the files before you have seen what will be done. <kbd>?</kbd> shows the
      keys.
    </p>
    <div class="tabs" role="tablist" aria-label="Lists">
      ${VIEWS.map(
        ([name, text]) => html`
          <button
            key=${name}
            type="button"
            role="tab"
            aria-selected=${view.view === name}
            onClick=${() => show({ view: name })}
          >
            ${text} (${set.views[name]})
          </button>
        `,
      )}
    </div>
    <div class="filters">
      <${Choice}
        name="Label"
        value=${view.label}
        options=${[["", "all"], ...labels.map((label) => [label, `${label} (${count(label)})`])]}
        onChange=${(label) => show({ label })}
      />
      ${splits.length > 0 &&
      html`<${Choice}
        name="Split"
        value=${view.split}
        options=${[["", "all"], ...splits.map((split) => [split, split])]}
        onChange=${(split) => show({ split })}
      />`}
      <${Choice} name="Sort by" value=${view.order} options=${ORDERS} onChange=${(order) => show({ order })} />
      <span class="hint">${list.total} ${set.texts ? "text" : "picture"}${list.total === 1 ? "" : "s"}</span>
      ${["duplicates", "near_duplicates"].includes(view.view) &&
      list.total > 0 &&
      html`<button type="button" id="keep-one" disabled=${busy} aria-busy=${busy} onClick=${keepOneOfEach}>
        Keep one of each group of copies
      </button>`}
    </div>
    ${marked.length > 0 &&
    html`<${Selection}
      pictures=${marked}
      set=${set}
      onChoose=${(action, values) => chooseAll(marked, action, values)}
      onAll=${() => setSelected(new Set(list.pictures.map((one) => one.id)))}
      onNone=${() => {
        setSelected(new Set());
        focusCard();
      }}
    />`}
    ${list.pictures.length === 0 && html`<p>There is nothing in this list.</p>`}
    <ul class="grid-of-pictures" aria-label=${set.texts ? "Texts" : "Pictures"}>
      ${list.pictures.map(
        (picture, at) => html`
          <${Card}
            key=${picture.id}
            picture=${picture}
            at=${at}
            isFocused=${at === focus}
            isSelected=${selected.has(picture.id)}
            startsGroup=${grouped && at > 0 && picture.group !== list.pictures[at - 1].group}
            set=${set}
            onFocus=${setFocus}
            onSelect=${select}
            onChoose=${choose}
            onLarge=${(one) => setDialog({ kind: "large", picture: one })}
            onTags=${(one) => setDialog({ kind: "tags", picture: one })}
          />
        `,
      )}
    </ul>
    ${list.total > PAGE &&
    html`<div class="pages">
      <button type="button" disabled=${view.from === 0} onClick=${() => turn(-PAGE)}>Previous</button>
      <span>${view.from + 1} to ${Math.min(view.from + PAGE, list.total)} of ${list.total}</span>
      <button type="button" disabled=${view.from + PAGE >= list.total} onClick=${() => turn(PAGE)}>Next</button>
    </div>`}
    ${set.rejected.length > 0 &&
    html`<details>
      <summary>
        ${set.texts
          ? `${set.rejected.length} ${set.rejected.length === 1 ? "row was" : "rows were"} left out`
          : `${set.rejected.length === 1 ? "1 file is no picture" : `${set.rejected.length} files are no pictures`} of this set`}
      </summary>
      <ul>
        ${set.rejected.map((one) => html`<li key=${one.file}>${one.file}: ${one.reason}</li>`)}
      </ul>
    </details>`}
    <div class="bar">
      <button type="button" id="plan" disabled=${set.steps === 0} onClick=${openPlan}>Apply (${set.steps})</button>
      <button type="button" id="journal" class="secondary" onClick=${openJournal}>History</button>
      <button type="button" id="label" class="secondary" onClick=${() => setDialog({ kind: "label" })}>New label</button>
      ${set.retrain &&
      html`<button type="button" id="retrain" class="secondary" onClick=${() => setDialog({ kind: "retrain" })}>
        Train again
      </button>`}
      <p class="message" role="status" aria-live="polite">${message}</p>
    </div>
    ${dialog?.kind === "plan" &&
    html`<${PlanDialog} plan=${dialog.plan} busy=${busy} onApply=${apply} onClose=${close} texts=${set.texts} />`}
    ${dialog?.kind === "journal" &&
    html`<${JournalDialog} changes=${dialog.changes} onUndo=${undo} onClose=${close} />`}
    ${dialog?.kind === "large" && html`<${LargeDialog} picture=${dialog.picture} onClose=${close} />`}
    ${dialog?.kind === "retrain" && html`<${RetrainDialog} onClose=${close} />`}
    ${dialog?.kind === "keys" && html`<${KeysDialog} labels=${set.labels} onClose=${close} />`}
    ${dialog?.kind === "label" && html`<${LabelDialog} onAdded=${labelAdded} onClose=${close} />`}
    ${dialog?.kind === "tags" &&
    html`<${TagsDialog}
      picture=${dialog.picture}
      labels=${set.labels}
      onClose=${close}
      onChoose=${(values) => {
        close();
        choose(dialog.picture, "relabel", values);
      }}
    />`}
  `;
}

render(html`<${App} />`, document.getElementById("page"));
