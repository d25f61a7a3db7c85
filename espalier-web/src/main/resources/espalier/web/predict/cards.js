// How a picture is shown with its answer: as a card among others, and large.
import { html, useLayoutEffect, useRef, useState } from "./espalier.js";

const ON_CARD = 3;

/** Whether the same request may succeed later. */
export const mayPass = (error) =>
  [0, 401, 408, 429].includes(error.status) || (error.status >= 500 && error.status !== 501);

export const percent = (p) => `${(100 * p).toFixed(1)} %`;

/** What the model says in words: the class, or the tags. */
export const said = (answer) => {
  if (answer.values) return Object.entries(answer.values).map(([name, value]) => `${name} ${Number(value.toPrecision(5))}`).join(", ");
  return answer.labels ? answer.labels.join(", ") || "no tag" : answer.label;
};

/** The picture, or words where the browser cannot show it. The server has turned it upright; so does the browser. */
function Picture({ item }) {
  const [unseen, setUnseen] = useState(false);
  const overlaid = item.overlay && item.showOverlay;
  if (unseen && !overlaid) return html`<span class="unseen">no preview</span>`;
  return html`<img src=${overlaid ? item.overlay : item.url} onError=${() => setUnseen(true)}
    alt=${overlaid ? `${item.name}: bright where the model looked` : item.name} />`;
}

function Answer({ answer, rows }) {
  const top = Object.entries(answer.probabilities || {}).sort((a, b) => b[1] - a[1]).slice(0, rows);
  return html`<p class="answer"><strong class="label" title=${said(answer)}>${said(answer)}</strong>
      ${answer.labels || answer.values ? null : html`<span>${percent(answer.probability)}</span>`}</p>
    <dl class="bars">
      ${top.map(([label, p]) => html`
        <dt key=${`t${label}`} title=${label}>${label}</dt>
        <dd key=${`b${label}`}><progress max="1" value=${p} aria-label=${`Probability of ${label}`}></progress></dd>
        <dd key=${`n${label}`} class="number">${percent(p)}</dd>`)}
    </dl>`;
}

/** All that is said of one picture, on a card or large. */
function Said({ item, rows, onExplain, onRetry }) {
  const { answer, error, explaining } = item;
  return html`
    ${error && html`<p class="error" role="alert">${error.message}</p>`}
    ${answer && html`<${Answer} answer=${answer} rows=${rows} />`}
    ${item.nowhere && html`<p class="nowhere">Nothing in the picture speaks for ${answer.label}.</p>`}
    ${answer && html`<button type="button" class="secondary" aria-disabled=${explaining ? "true" : null}
      aria-pressed=${item.showOverlay ? "true" : "false"} onClick=${() => onExplain(item)}>
      ${explaining ? "Looking ..." : item.showOverlay ? "Show the picture" : "Where did it look?"}</button>`}
    ${error && mayPass(error) && html`<button type="button" onClick=${() => onRetry(item)}>Try again</button>`}`;
}

/** One picture among the results. */
export function Card({ item, onLarge, onExplain, onRetry, onRemove }) {
  const waits = !item.answer && !item.error;
  return html`<li>
    <article id=${`card-${item.id}`} tabindex="-1" aria-busy=${waits ? "true" : "false"} aria-label=${`Picture ${item.name}`}>
      <button type="button" class="frame" aria-label=${`Enlarge ${item.name}`} onClick=${() => onLarge(item)}>
        <${Picture} item=${item} /></button>
      <p class="name" title=${item.name}>${item.name}</p>
      <${Said} item=${item} rows=${ON_CARD} onExplain=${onExplain} onRetry=${onRetry} />
      <button type="button" class="outline secondary remove" id=${`remove-${item.id}`} onClick=${() => onRemove(item)}>
        Remove<span class="visually-hidden"> ${item.name}</span></button>
    </article>
  </li>`;
}

/** One picture as large as the window allows; the arrow keys go to its neighbours, Escape back to the page. */
export function Large({ item, place, onMove, onClose, onExplain, onRetry }) {
  const dialog = useRef();
  useLayoutEffect(() => { dialog.current.showModal(); }, []);
  const keys = (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step) {
      event.preventDefault();
      onMove(step);
    }
  };
  return html`<dialog class="large" ref=${dialog} aria-label=${item.name} onClose=${onClose} onKeyDown=${keys}>
    <article>
      <header>
        <p class="name" id="large-name">${item.name}</p>
        <button type="button" class="outline secondary" onClick=${() => onMove(-1)} aria-disabled=${place.at === 0 ? "true" : null}>
          Previous</button>
        <span>${place.at + 1} of ${place.of}</span>
        <button type="button" class="outline secondary" onClick=${() => onMove(1)}
          aria-disabled=${place.at === place.of - 1 ? "true" : null}>Next</button>
        <button type="button" onClick=${() => dialog.current.close()}>Close</button>
      </header>
      <div class="sides">
        <div class="frame"><${Picture} key=${item.id} item=${item} /></div>
        <div class="row"><${Said} item=${item} rows=${Infinity} onExplain=${onExplain} onRetry=${onRetry} /></div>
      </div>
    </article>
  </dialog>`;
}
