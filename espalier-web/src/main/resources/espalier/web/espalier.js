// What every page shares: Preact with htm, the token, and requests that carry it.
import { h, render } from "./vendor/preact.mjs";
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "./vendor/hooks.mjs";
import htm from "./vendor/htm.mjs";

export const html = htm.bind(h);
export { render, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState };

const KEY = "espalier-token";

// The token comes in the fragment, which is never sent; from then on the address is clean.
const given = new URLSearchParams(location.hash.slice(1)).get("token");
if (given) {
  sessionStorage.setItem(KEY, given);
  history.replaceState(null, "", location.pathname + location.search);
}

/** The token, or null. */
export function token() {
  return sessionStorage.getItem(KEY);
}

/** Keeps a token that was typed in. */
export function keepToken(text) {
  sessionStorage.setItem(KEY, text);
}

/** What a request failed with: code, message, and status (0 when the server was not reached). */
export class Problem extends Error {
  constructor(status, code, message, retryAfter) {
    super(message);
    this.status = status;
    this.code = code;
    this.retryAfter = retryAfter;
  }
}

/** Like fetch, but with the token, and it throws a Problem for every answer that is not a success. */
export async function api(path, options = {}) {
  const headers = new Headers(options.headers || {});
  if (token()) headers.set("X-Espalier-Token", token());
  let response;
  try {
    response = await fetch(path, { ...options, headers, cache: "no-store", credentials: "omit" });
  } catch (failure) {
    if (failure.name === "AbortError") throw failure;
    throw new Problem(0, "unreachable", "The server does not answer. Maybe it was stopped: start it again, then try once more.");
  }
  if (response.ok) return response;
  const text = await response.text().catch(() => "");
  let error = {};
  try {
    error = JSON.parse(text).error || {};
  } catch {
    // An answer that is not ours, such as a proxy's.
  }
  throw new Problem(
    response.status,
    error.code || "error",
    error.message || `The server answered with status ${response.status}.`,
    Number(response.headers.get("Retry-After")) || 0,
  );
}

/** The same for JSON in both directions. */
export async function json(path, body) {
  const options =
    body === undefined
      ? {}
      : { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
  return (await api(path, options)).json();
}

/**
 * Listens to a stream of events with the token, for which the browser's own EventSource has no place. Comes back after a
 * second when the stream breaks. onEvent(name, value); onState(true or false) tells whether it is connected.
 * Returns a function that ends it.
 */
export function events(path, onEvent, onState = () => {}) {
  const control = new AbortController();
  (async () => {
    while (!control.signal.aborted) {
      try {
        const response = await api(path, { headers: { Accept: "text/event-stream" }, signal: control.signal });
        onState(true);
        await read(response.body, onEvent);
      } catch {
        // Told by onState.
      }
      if (control.signal.aborted) return;
      onState(false);
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
  })();
  return () => control.abort();
}

async function read(stream, onEvent) {
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    text += value;
    const blocks = text.split("\n\n");
    text = blocks.pop();
    for (const block of blocks) {
      let name = "message";
      const data = [];
      for (const line of block.split("\n")) {
        if (line.startsWith("event:")) name = line.slice(6).trim();
        if (line.startsWith("data:")) data.push(line.slice(5).trim());
      }
      if (data.length) onEvent(name, JSON.parse(data.join("\n")));
    }
  }
}
