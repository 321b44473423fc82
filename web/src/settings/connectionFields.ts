/** What each kind of connection asks for. */
import type { FormField } from "./form";

const NAMED: readonly FormField[] = [
  { name: "name", label: "Name", kind: "text", placeholder: "Company mail" },
  { name: "key", label: "Key", kind: "text", onlyNew: true, follows: "name", hint: "Workflows name the connection by it; it never changes.", placeholder: "mail" },
];

export const SMTP_FIELDS: readonly FormField[] = [
  ...NAMED,
  { name: "config.host", label: "Host", kind: "text", placeholder: "smtp.example.com" },
  { name: "config.port", label: "Port", kind: "number", initial: 587 },
  { name: "config.security", label: "Encryption", kind: "select", options: [["starttls", "STARTTLS"], ["tls", "TLS from the start"], ["none", "None"]] },
  { name: "config.username", label: "User name", kind: "text", optional: true },
  { name: "secret.password", label: "Password", kind: "password", optional: true, secret: true },
  { name: "config.from_email", label: "From address", kind: "email", placeholder: "hello@example.com" },
  { name: "config.from_name", label: "From name", kind: "text", optional: true },
];

export const HTTP_FIELDS: readonly FormField[] = [
  ...NAMED,
  { name: "config.base_url", label: "Base address", kind: "url", hint: "The sign-in is sent to this host only.", placeholder: "https://api.example.com" },
  { name: "config.auth", label: "Signs in with", kind: "select", options: [["none", "Nothing"], ["bearer", "A bearer token"], ["basic", "User name and password"], ["header", "A header of its own"]] },
  { name: "config.username", label: "User name", kind: "text", when: ["config.auth", "basic"] },
  { name: "secret.password", label: "Password", kind: "password", secret: true, when: ["config.auth", "basic"] },
  { name: "secret.token", label: "Token", kind: "password", secret: true, when: ["config.auth", "bearer"] },
  { name: "config.header", label: "Header", kind: "text", placeholder: "X-Api-Key", when: ["config.auth", "header"] },
  { name: "secret.value", label: "Header value", kind: "password", secret: true, when: ["config.auth", "header"] },
];
