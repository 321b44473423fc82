/** Build and development server; the built files go into the Python package. */
import { fileURLToPath } from "node:url";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { compressed } from "./compressed.ts";

const server = process.env["CUEWORK_DEV_SERVER"] ?? "http://127.0.0.1:8000";

export default defineConfig({
  plugins: [react(), tailwindcss(), compressed()],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  build: {
    outDir: "../src/cuework/static",
    emptyOutDir: true,
    target: "es2022",
    chunkSizeWarningLimit: 450,
    // Without groups each icon and each small module that two pages share becomes a file of its own.
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: "shared", test: /src\/(ui\/(?!Picker)|words\/|api\/)|node_modules\/clsx/, minShareCount: 3 },
            { name: "icons", test: /node_modules\/lucide-react/, minShareCount: 2 },
          ],
        },
      },
    },
  },
  server: {
    host: "127.0.0.1",
    proxy: { "/api": { target: server }, "/f/": { target: server } },
  },
});
