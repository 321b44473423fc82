import { describe, expect, it } from "vitest";
import { bodyOf, draftOf, withField, type FormField } from "./form";

const fields: readonly FormField[] = [
  { name: "key", label: "Key", kind: "text", onlyNew: true, follows: "name" },
  { name: "config.host", label: "Host", kind: "text" },
  { name: "config.port", label: "Port", kind: "number", initial: 587 },
  { name: "secret.password", label: "Password", kind: "password", secret: true },
  { name: "choices", label: "Choices", kind: "lines" },
];

describe("a settings form", () => {
  it("nests values and gives them their types", () => {
    const draft = { ...draftOf(fields, null), key: "mail", "config.host": " smtp.example.com ", "secret.password": " s ", choices: "One\n\n Two" };
    expect(bodyOf(fields, draft, true)).toEqual({ key: "mail", config: { host: "smtp.example.com", port: 587 }, secret: { password: " s " }, choices: ["One", "Two"] });
  });

  it("never shows a secret and leaves an untouched one as it is", () => {
    const row = { key: "mail", config: { host: "a", port: 25 }, secret: { password: "kept" }, choices: [] };
    const draft = draftOf(fields, row);
    expect(draft["secret.password"]).toBe("");
    expect(bodyOf(fields, draft, false)).toEqual({ config: { host: "a", port: 25 }, choices: [] });
  });

  it("lets a key follow its name until it is typed in", () => {
    const named: readonly FormField[] = [{ name: "name", label: "Name", kind: "text" }, { name: "key", label: "Key", kind: "text", follows: "name" }];
    const first = withField(named, draftOf(named, null), "name", "Équipe Vente");
    expect(first["key"]).toBe("equipe-vente");
    const own = withField(named, first, "key", "sales");
    expect(withField(named, own, "name", "Other")["key"]).toBe("sales");
  });

  it("makes a blank field null when something that exists is changed", () => {
    expect(bodyOf(fields, { ...draftOf(fields, null), "config.host": "" }, false)).toMatchObject({ config: { host: null } });
  });
});
