/** Leaves a gzip copy beside each built file that gains by it; the server sends it to browsers that take it. */
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { constants, gzip } from "node:zlib";
import type { Plugin } from "vite";

const SMALLEST = 1_024;
const TEXTS = /\.(js|css|html|svg|json)$/;
const pack = promisify(gzip);

export function compressed(): Plugin {
  let folder = "";
  return {
    name: "cuework-compressed",
    apply: "build",
    configResolved: (config) => { folder = join(config.root, config.build.outDir); },
    closeBundle: async () => {
      const names = await readdir(folder, { recursive: true });
      await Promise.all(names.filter((name) => TEXTS.test(name)).map(async (name) => {
        const text = await readFile(join(folder, name));
        if (text.length >= SMALLEST) await writeFile(join(folder, `${name}.gz`), await pack(text, { level: constants.Z_BEST_COMPRESSION }));
      }));
    },
  };
}
