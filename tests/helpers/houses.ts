import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Numbers in [0, 1), the same for the same seed (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const districts = ["Harbour", "Hill", "Meadow", "Station"];

/**
 * Writes a folder with one table of sold houses: a price that area, rooms, district and age explain in part, and
 * `price_in_cents`, a copy of it in another unit. Returns the folder.
 */
export function writeHouses(folder: string, options: { rows?: number; readme?: string } = {}): string {
  const random = randomFrom(7);
  const lines = ["area,rooms,district,built,garden,price,price_in_cents"];
  for (let row = 0; row < (options.rows ?? 400); row += 1) {
    const area = Math.round(40 + random() * 160);
    const rooms = Math.max(1, Math.round(area / 30 + random() * 2 - 1));
    const district = Math.floor(random() * districts.length);
    const built = 1900 + Math.floor(random() * 120);
    const garden = random() < 0.2 + area / 400 ? "yes" : "no";
    const noise = (random() + random() + random() - 1.5) * 90_000;
    const price = Math.round(
      60_000 + area * 1500 + rooms * 9000 + district * 45_000 + (built - 1900) * 400 + noise,
    );
    lines.push([area, rooms, districts[district], built, garden, price, price * 100].join(","));
  }
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "houses.csv"), `${lines.join("\n")}\n`);
  writeFileSync(
    join(folder, "README.md"),
    options.readme ??
      "# Sold houses\n\nHouses sold in one town in one year. The price is in dollars.\n\n- area: living area in square metres\n- rooms: number of rooms\n- district: part of the town\n- built: year of construction\n- garden: whether there is a garden\n- price: price at which the house was sold, in dollars\n- price_in_cents: the same price in cents\n",
  );
  return folder;
}
