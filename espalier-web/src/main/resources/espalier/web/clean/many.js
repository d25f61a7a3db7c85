// What is done to many pictures at once.
import { json } from "./espalier.js";

const MOST = 500;

/** Whether an action makes sense for a picture: no relabelling or moving to where it is, none of what cannot be read. */
export function choosable(picture, action, values) {
  if (action === "relabel") return !picture.error && values[0] !== picture.labels[0];
  if (action === "move") return !picture.error && values[0] !== picture.split;
  return true;
}

/** All pictures of a view, however many pages they take. */
export async function everyPicture(view) {
  const all = [];
  for (;;) {
    const query = new URLSearchParams({ ...view, from: all.length, count: MOST });
    const { total, pictures } = await json(`api/pictures?${query}`);
    all.push(...pictures);
    if (all.length >= total || pictures.length === 0) return all;
  }
}

/**
 * What to choose so that one picture of each group of copies stays: the one that was marked to be kept, or else the first
 * by name, preferably of the training part, since a copy elsewhere would be judged by what was learned. Groups whose labels
 * differ are left alone, as nobody knows here which label is right.
 */
export function keepOne(pictures) {
  const groups = new Map();
  for (const picture of pictures) {
    if (picture.group > 0) groups.set(picture.group, [...(groups.get(picture.group) || []), picture]);
  }
  const wanted = [];
  let mixed = 0;
  let kept = 0;
  for (const group of groups.values()) {
    if (group.length < 2) continue;
    if (new Set(group.map((one) => one.labels.join("\n"))).size > 1) {
      mixed += 1;
      continue;
    }
    kept += 1;
    const rank = (one) => (one.action === "keep" ? 0 : one.error ? 3 : one.split === "train" ? 1 : 2);
    const [first, ...others] = group.sort((a, b) => rank(a) - rank(b) || a.file.localeCompare(b.file));
    if (first.action !== "keep") wanted.push([first, "keep"]);
    others.filter((one) => one.action !== "keep" && one.action !== "delete").forEach((one) => wanted.push([one, "delete"]));
  }
  return { wanted, groups: kept, mixed };
}
