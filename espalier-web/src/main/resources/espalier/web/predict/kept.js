// Pictures and their answers, kept in the browser's own database so that they survive a reload of the page. Each tab has
// its own; what a tab leaves behind goes after a day. Without a database, as in some private windows, nothing is kept.

const STORE = "pictures";
const DAY = 86_400_000;
const SESSION = "espalier-pictures";

/** The tab's name; such names sort by time. */
function session() {
  let name = sessionStorage.getItem(SESSION);
  if (!name) {
    name = `${Date.now()}-${Math.random().toString(36).slice(2, 10)}`;
    sessionStorage.setItem(SESSION, name);
  }
  return name;
}

const done = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

let opened = null;
function database() {
  opened ??= (async () => {
    const request = indexedDB.open(`espalier-predictions ${location.pathname}`, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "key" });
    return done(request);
  })();
  return opened;
}

async function work(mode, job) {
  try {
    return await job((await database()).transaction(STORE, mode).objectStore(STORE));
  } catch {
    return undefined; // the page works without it, too
  }
}

const key = (id) => `${session()}/${String(id).padStart(9, "0")}`;
const mine = () => IDBKeyRange.bound(`${session()}/`, `${session()}0`); // "0" comes after "/"

/** What this tab has kept, in the order of the pictures' numbers. */
export async function kept() {
  await work("readwrite", (store) => done(store.delete(IDBKeyRange.upperBound(String(Date.now() - DAY)))));
  const rows = (await work("readonly", (store) => done(store.getAll(mine())))) || [];
  return rows.map(({ key: unused, ...item }) => item);
}

/** Keeps a picture as it is now. */
export function keep({ id, batch, name, file, answer, error }) {
  const told = error && { status: error.status, message: error.message };
  return work("readwrite", (store) =>
    done(store.put({ key: key(id), id, batch, name, file, answer: answer || null, error: told || null })));
}

/** Forgets one picture. */
export function drop(id) {
  return work("readwrite", (store) => done(store.delete(key(id))));
}

/** Forgets all pictures of this tab: at once, by a new name, even when the page is left before the database has done it. */
export function dropAll() {
  const old = mine();
  sessionStorage.removeItem(SESSION);
  return work("readwrite", (store) => done(store.delete(old)));
}
