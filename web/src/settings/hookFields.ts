/** What a hook asks for: its name, and what its deliveries must be signed with. */
import type { FormField } from "./form";

export const KINDS: readonly (readonly [string, string])[] = [
  ["none", "Not signed: whoever knows the address delivers"],
  ["standard", "Standard Webhooks"],
  ["header", "An HMAC in a header, as GitHub does"],
];

/** The signature's fields, under that name of the API. */
function signature(under: string): readonly FormField[] {
  const kind = `${under}kind`;
  return [
    { name: kind, label: "Signature", kind: "select", options: KINDS, hint: "What each delivery must prove besides knowing the address." },
    { name: `${under}header`, label: "Header", kind: "text", initial: "X-Hub-Signature-256", when: [kind, "header"] },
    { name: `${under}secret`, label: "The sender's secret", kind: "password", optional: true, hint: "Leave it empty, and one is made and shown once.", when: [kind, "standard", "header"] },
  ];
}

export const HOOK_FIELDS: readonly FormField[] = [
  { name: "name", label: "Name", kind: "text", placeholder: "Orders of the shop" },
  { name: "key", label: "Key", kind: "text", onlyNew: true, follows: "name", hint: "Workflows name the hook by it; it never changes.", placeholder: "orders" },
  ...signature("signature."),
];

export const SIGNATURE_FIELDS: readonly FormField[] = signature("");

/** Asked as well where there is a secret already. */
export const OVERLAP: FormField = {
  name: "overlap_hours", label: "The secret of before", kind: "select", when: ["kind", "standard", "header"],
  options: [["24", "Goes on for a day, so that the sender can change over"], ["0", "Ends at once: it may have leaked"]],
};
